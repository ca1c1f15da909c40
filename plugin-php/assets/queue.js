/** The queue: live counts above the table (its rows are kept fresh by status.js), questions before bulk actions, and the page of one job. */
( function () {
	'use strict';

	const FASTEST = 4000;
	const SLOWEST = 30000;
	const JOB_EVERY = 4000;
	const STATES = { retry: [ 'failed', 'cancelled' ], again: [ 'done', 'failed', 'cancelled' ], cancel: [ 'queued', 'leased' ] };
	const { i18n } = window.aidocQueue;
	const job = document.getElementById( 'aidoc-job' );
	const say = ( text ) => window.wp?.a11y?.speak( text, 'polite' );
	const counters = document.querySelectorAll( '[data-aidoc-count]' );
	const format = new Intl.NumberFormat( document.documentElement.lang || undefined );
	let delay = FASTEST;
	let last = '';
	let timer = 0;

	function show( counts ) {
		const all = Object.values( counts ).reduce( ( sum, count ) => sum + count, 0 );
		counters.forEach( ( node ) => {
			const state = node.dataset.aidocCount;
			node.textContent = format.format( state === 'all' ? all : counts[ state ] ?? 0 );
		} );
	}

	/** One question waits at a time, also when two were under way. */
	function schedule( after ) {
		clearTimeout( timer );
		timer = setTimeout( refresh, after );
	}

	async function refresh() {
		clearTimeout( timer );
		if ( document.hidden ) {
			return;
		}
		try {
			const { counts } = await window.wp.apiFetch( { path: `${ window.aidocStatus.path }/counts` } );
			const now = JSON.stringify( counts );
			delay = now === last ? Math.min( SLOWEST, delay * 1.5 ) : FASTEST;
			last = now;
			show( counts );
		} catch {
			delay = SLOWEST;
		}
		schedule( delay );
	}

	function watchCounts() {
		document.addEventListener( 'visibilitychange', refresh );
		window.aidoc.status.subscribe( ( status, before ) => {
			if ( before && before.state !== status.state ) {
				delay = FASTEST;
				schedule( 500 );
			}
		} );
		schedule( FASTEST );
	}

	// --- bulk actions ----------------------------------------------------------------------------------------------------

	function amount( usd ) {
		return usd < 0.01 ? i18n.less : `$${ usd.toFixed( 2 ) }`;
	}

	/** The chosen documents in words: how many, and for what is read again what that will cost. */
	function chosen( action, boxes ) {
		const number = ( boxes.length === 1 ? i18n.one : i18n.many ).replace( '%s', format.format( boxes.length ) );
		if ( action === 'cancel' ) {
			return number;
		}
		const costs = boxes.map( ( box ) => box.dataset.aidocUsd );
		if ( costs.includes( '' ) ) {
			return i18n.unknown.replace( '%s', number );
		}
		const usd = costs.reduce( ( sum, cost ) => sum + Number( cost ), 0 );
		return usd > 0 ? i18n.about.replace( '%1$s', number ).replace( '%2$s', amount( usd ) ) : i18n.free.replace( '%s', number );
	}

	/** Which of the two menus counts is core's own rule: that of the button that was pressed. */
	function ask( event ) {
		const form = event.target;
		const menu = event.submitter?.id === 'doaction2' ? form.elements.action2 : form.elements.action;
		if ( ! event.submitter?.id?.startsWith( 'doaction' ) || ! ( menu?.value in STATES ) ) {
			return;
		}
		// Of the others the page says afterwards that nothing was done.
		const boxes = Array.from( form.querySelectorAll( 'input[name="job_ids[]"]:checked' ) ).filter( ( box ) => STATES[ menu.value ].includes( box.dataset.aidocState ) );
		// eslint-disable-next-line no-alert -- as core asks before it deletes.
		if ( boxes.length && ! window.confirm( i18n[ menu.value ].replace( '%s', chosen( menu.value, boxes ) ) ) ) {
			event.preventDefault();
		}
	}

	// --- one job ---------------------------------------------------------------------------------------------------------

	function copy( button ) {
		const text = document.getElementById( button.dataset.aidocCopy );
		window.getSelection().selectAllChildren( text );
		// The clipboard is there on https only; the old way needs the selection that was just made.
		const modern = navigator.clipboard?.writeText( text.textContent ) ?? Promise.reject( new Error( 'no clipboard' ) );
		modern.catch( () => document.execCommand( 'copy' ) || Promise.reject( new Error( 'not copied' ) ) ).then( () => say( i18n.copied ), () => say( i18n.copy ) );
		button.classList.add( 'is-copied' );
	}

	/** Someone may have selected text, or stand on a button: the parts stay as they are until they are let go. */
	function inUse() {
		return job.contains( document.activeElement ) || ( ! window.getSelection().isCollapsed && job.contains( window.getSelection().anchorNode ) );
	}

	async function refreshJob() {
		if ( document.hidden || job.dataset.over ) {
			return;
		}
		try {
			const asked = new URLSearchParams( { ...window.aidocQueue.data, job: job.dataset.job } );
			const answer = await fetch( `${ window.aidocQueue.url }?${ asked }`, { credentials: 'same-origin', cache: 'no-store' } );
			const { success, data } = await answer.json();
			if ( ! success || inUse() ) {
				return;
			}
			// eslint-disable-next-line no-restricted-properties -- rendered and escaped by templates/job-parts.php of this site, for those who may see the queue.
			job.innerHTML = data.html;
			job.dataset.over = data.over ? '1' : '';
			if ( data.over ) {
				say( i18n.finished );
			}
		} catch {
			// The next one may get through; core says when the session has ended.
		}
	}

	document.querySelector( 'form.aidoc-queue' )?.addEventListener( 'submit', ask );
	if ( job ) {
		job.addEventListener( 'click', ( event ) => {
			const button = event.target.closest( '[data-aidoc-copy]' );
			if ( button ) {
				copy( button );
			}
		} );
		setInterval( refreshJob, JOB_EVERY );
		document.addEventListener( 'visibilitychange', refreshJob );
		window.aidoc?.status?.subscribe( ( status, before ) => {
			if ( before && before.state !== status.state ) {
				job.dataset.over = ''; // Read again, perhaps by the button above.
				refreshJob();
			}
		} );
	}
	if ( counters.length && window.aidocStatus ) {
		watchCounts();
	}
} )();
