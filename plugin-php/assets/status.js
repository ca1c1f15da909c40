/**
 * The live status of documents, wherever the page shows one: every node with data-aidoc-item.
 *
 * One request asks for all of them. It is repeated quickly while something moves, slower and slower while nothing does, not at
 * all in a hidden tab, and never once everything has come to rest. New nodes (the next page of the grid, an upload, the next
 * document in the modal) wake it again.
 */
( function () {
	'use strict';

	const { path, icons, i18n } = window.aidocStatus;
	const FASTEST = 2000;
	const SLOWEST = 30000;
	const SLOWER = 1.4;
	const MAX_IDS = 100;

	/** What is known of each attachment: {status, seen}; `seen` orders the asking when there are too many for one request. */
	const known = new Map();
	const listeners = new Set();
	let timer = 0;
	let due = Infinity;
	let delay = FASTEST;
	let asking = false;
	let askAll = false;
	let stopped = false;

	// --- nodes -----------------------------------------------------------------------------------------------------------

	const nodes = ( id ) => document.querySelectorAll( id ? `[data-aidoc-item="${ id }"]` : '[data-aidoc-item]' );

	function el( tag, className, text ) {
		const node = document.createElement( tag );
		if ( className ) {
			node.className = className;
		}
		if ( text ) {
			node.textContent = text;
		}
		return node;
	}

	function about( status ) {
		return el( 'span', 'screen-reader-text', status.title ? `: ${ status.title }` : '' );
	}

	function line( status ) {
		const node = el( 'div', 'aidoc-status__line' );
		node.tabIndex = -1;
		if ( status.state === 'unsupported' ) {
			const dash = el( 'span', '', status.label );
			dash.setAttribute( 'aria-hidden', 'true' );
			node.append( dash, el( 'span', 'screen-reader-text', status.detail ) );
			return node;
		}
		const icon = el( 'span', `aidoc-status__icon dashicons dashicons-${ icons[ status.state ] }` );
		icon.setAttribute( 'aria-hidden', 'true' );
		node.append( icon, el( 'span', 'aidoc-status__label', status.label ) );
		return node;
	}

	function progress( status ) {
		const track = el( 'div', 'aidoc-status__progress' );
		const bar = el( 'span' );
		track.setAttribute( 'aria-hidden', 'true' );
		bar.style.width = `${ status.progress.percent }%`;
		track.append( bar );
		return track;
	}

	const buttonClasses = { cancel: 'button-link aidoc-status__cancel', redo: 'button-link aidoc-status__redo' };

	function button( action, status ) {
		const node = el( 'button', buttonClasses[ action.name ] ?? 'button button-small', action.label );
		node.type = 'button';
		node.dataset.aidocAction = action.name;
		node.append( about( status ) );
		return node;
	}

	function actions( status ) {
		const node = el( 'div', 'aidoc-status__actions' );
		if ( status.link ) {
			const link = el( 'a', 'aidoc-status__link', status.link.label );
			link.href = status.link.url;
			link.append( about( status ) );
			node.append( link );
		}
		node.append( ...status.actions.map( ( action ) => button( action, status ) ) );
		return node;
	}

	function draw( node, status ) {
		const parts = [ line( status ) ];
		if ( status.detail && status.state !== 'unsupported' ) {
			parts.push( el( 'div', 'aidoc-status__detail', status.detail ) );
		}
		if ( status.flag ) {
			parts.push( el( 'div', 'aidoc-status__flag', status.flag ) );
		}
		if ( status.progress ) {
			parts.push( progress( status ) );
		}
		if ( status.facts ) {
			parts.push( el( 'div', 'aidoc-status__facts', status.facts ) );
		}
		if ( status.link || status.actions.length ) {
			parts.push( actions( status ) );
		}
		node.className = `aidoc-status aidoc-is-${ status.state }`;
		node.replaceChildren( ...parts );
	}

	/** While only the progress moves, the buttons stay the same nodes: a click must not land on one that was just replaced. */
	function drawProgress( node, status ) {
		const detail = node.querySelector( '.aidoc-status__detail' );
		const bar = node.querySelector( '.aidoc-status__progress > span' );
		const label = node.querySelector( '.aidoc-status__label' );
		if ( ! detail || ! label || ! status.detail || !! bar !== !! status.progress ) {
			return false;
		}
		label.textContent = status.label;
		detail.textContent = status.detail;
		if ( bar ) {
			bar.style.width = `${ status.progress.percent }%`;
		}
		return true;
	}

	/** Someone working by keyboard keeps their place: on the same button where it is still there, else on the state itself. */
	function keepFocus( node, redraw ) {
		const focused = node.contains( document.activeElement ) ? document.activeElement : null;
		const action = focused?.dataset?.aidocAction;
		redraw();
		if ( focused && ! node.contains( focused ) ) {
			( node.querySelector( action ? `[data-aidoc-action="${ action }"]` : 'a' ) || node.querySelector( '.aidoc-status__line' ) )?.focus();
		}
	}

	function refresh( node, status ) {
		const shown = node.dataset.aidoc;
		const json = JSON.stringify( status );
		if ( shown === json ) {
			return;
		}
		const before = parse( shown ) ?? {};
		node.dataset.aidoc = json;
		if ( node.dataset.aidocView === 'badge' ) {
			return; // Drawn by the grid's own listener.
		}
		const sameButtons = before.state === status.state && before.flag === status.flag && JSON.stringify( before.actions ) === JSON.stringify( status.actions );
		if ( sameButtons && status.pending && drawProgress( node, status ) ) {
			return;
		}
		keepFocus( node, () => draw( node, status ) );
	}

	// --- what is known ---------------------------------------------------------------------------------------------------

	/** What a person sees of a status: beats that change nothing but the time are no news. */
	const face = ( { updated_ms: ignored, ...rest } ) => JSON.stringify( rest );

	/** @return {boolean} Whether anything a person sees has changed. */
	function learn( status ) {
		const before = known.get( status.attachment );
		known.set( status.attachment, { status, seen: Date.now() } );
		if ( before && face( before.status ) === face( status ) ) {
			return false;
		}
		nodes( status.attachment ).forEach( ( node ) => refresh( node, status ) );
		listeners.forEach( ( listener ) => listener( status, before?.status ) );
		return true;
	}

	/** A node that came with the page or a template: the newer of the two wins, for templates keep what they were given. */
	function adopt( node ) {
		const entry = known.get( Number( node.dataset.aidocItem ) );
		const brought = parse( node.dataset.aidoc );
		if ( entry && ( ! brought || ( brought.updated_ms ?? 0 ) <= ( entry.status.updated_ms ?? 0 ) ) ) {
			refresh( node, entry.status );
		} else if ( brought ) {
			learn( brought );
		} else {
			askAll = true;
		}
	}

	function parse( json ) {
		try {
			return JSON.parse( json );
		} catch {
			return null;
		}
	}

	function speak( changes ) {
		if ( ! changes.length || ! window.wp?.a11y ) {
			return;
		}
		const words = changes.length > 3
			? i18n.changes.replace( '%d', changes.length )
			: changes.map( ( status ) => i18n.change.replace( '%1$s', status.title ).replace( '%2$s', status.label ) ).join( '. ' );
		window.wp.a11y.speak( words, 'polite' );
	}

	// --- asking ----------------------------------------------------------------------------------------------------------

	function visibleIds() {
		return [ ...new Set( Array.from( nodes(), ( node ) => Number( node.dataset.aidocItem ) ) ) ].filter( Boolean );
	}

	/** Those that still move, the longest unasked first; all of them after an upload or when the tab comes back. */
	function wanted() {
		const seen = ( id ) => known.get( id )?.seen ?? 0;
		return visibleIds()
			.filter( ( id ) => askAll || ( known.get( id )?.status.pending ?? true ) )
			.sort( ( a, b ) => seen( a ) - seen( b ) )
			.slice( 0, MAX_IDS );
	}

	function schedule( after = delay ) {
		clearTimeout( timer );
		due = Infinity;
		if ( ! stopped && ! document.hidden && wanted().length ) {
			due = Date.now() + after;
			timer = setTimeout( ask, after );
		}
	}

	/** A question that is due sooner is left alone: a page that changes all the time must not push it off for ever. */
	function wake( all = false ) {
		const after = all ? 300 : FASTEST;
		askAll = askAll || all;
		delay = FASTEST;
		if ( ! asking && due > Date.now() + after ) {
			schedule( after );
		}
	}

	async function ask() {
		const ids = wanted();
		if ( asking || ! ids.length ) {
			return;
		}
		asking = true;
		askAll = false;
		due = Infinity;
		try {
			const answer = await window.wp.apiFetch( { path: `${ path }?attachments=${ ids.join( ',' ) }` } );
			take( ids, answer.items );
		} catch ( error ) {
			stopped = [ 401, 403 ].includes( error?.data?.status ); // Logged out: core's own notice says so.
			delay = Math.min( SLOWEST, delay * 2 );
		} finally {
			asking = false;
			schedule();
		}
	}

	function take( ids, items ) {
		const told = [];
		let moved = false;
		items.forEach( ( status ) => {
			const before = known.get( status.attachment )?.status;
			// "Next one in 50 seconds" changes all the time and is no reason to hurry.
			const changed = learn( status );
			moved = moved || ( changed && ( status.leased || before?.state !== status.state ) );
			if ( before && before.state !== status.state ) {
				told.push( status );
			}
		} );
		const answered = new Set( items.map( ( status ) => status.attachment ) );
		ids.filter( ( id ) => ! answered.has( id ) ).forEach( forget );
		delay = moved ? FASTEST : Math.min( SLOWEST, delay * SLOWER );
		speak( told );
	}

	/** Deleted, or no longer ours to see: keep what is shown, stop asking. */
	function forget( id ) {
		const entry = known.get( id );
		known.set( id, { status: { ...( entry?.status ?? { attachment: id } ), pending: false }, seen: Date.now() } );
	}

	// --- people ----------------------------------------------------------------------------------------------------------

	async function act( node, pressed ) {
		const id = Number( node.dataset.aidocItem );
		if ( pressed.getAttribute( 'aria-disabled' ) === 'true' ) {
			return;
		}
		if ( pressed.dataset.aidocAction === 'redo' && node.classList.contains( 'aidoc-is-done' ) && ! window.confirm( i18n.redo ) ) { // eslint-disable-line no-alert -- as core asks before it deletes
			return;
		}
		// Not `disabled`: that would throw the keyboard's focus away.
		pressed.setAttribute( 'aria-disabled', 'true' );
		node.querySelector( '.aidoc-status__error' )?.remove();
		try {
			const answer = await window.wp.apiFetch( { path: `${ path }/${ id }/${ pressed.dataset.aidocAction }`, method: 'POST' } );
			learn( answer.item );
			speak( [ answer.item ] );
			wake();
		} catch ( error ) {
			const message = error?.code && error.message ? error.message : i18n.failed;
			node.append( el( 'div', 'aidoc-status__error', message ) );
			window.wp.a11y?.speak( message, 'assertive' );
			wake( true );
		} finally {
			pressed.removeAttribute( 'aria-disabled' );
		}
	}

	document.addEventListener( 'click', ( event ) => {
		const pressed = event.target.closest?.( '[data-aidoc-action]' );
		const node = pressed?.closest( '[data-aidoc-item]' );
		if ( node ) {
			event.preventDefault();
			act( node, pressed );
		}
	} );

	document.addEventListener( 'visibilitychange', () => {
		clearTimeout( timer );
		due = Infinity;
		if ( ! document.hidden ) {
			wake( true );
		}
	} );

	function watchDocument() {
		new MutationObserver( ( records ) => {
			let found = false;
			for ( const { addedNodes } of records ) {
				for ( const added of addedNodes ) {
					if ( added.nodeType !== Node.ELEMENT_NODE ) {
						continue;
					}
					const fresh = added.matches( '[data-aidoc-item]' ) ? [ added ] : added.querySelectorAll( '[data-aidoc-item]' );
					fresh.forEach( adopt );
					found = found || fresh.length > 0;
				}
			}
			if ( found && wanted().length ) {
				wake();
			}
		} ).observe( document.body, { childList: true, subtree: true } );
	}

	function start() {
		nodes().forEach( adopt );
		watchDocument();
		schedule( FASTEST );
	}

	window.aidoc = Object.assign( window.aidoc || {}, {
		status: {
			/** @param {(status: Object, before?: Object) => void} listener Called for each change of a document's status. */
			subscribe: ( listener ) => listeners.add( listener ),
			get: ( id ) => known.get( Number( id ) )?.status,
			learn,
			wake,
		},
	} );

	if ( document.readyState === 'loading' ) {
		document.addEventListener( 'DOMContentLoaded', start );
	} else {
		start();
	}
} )();
