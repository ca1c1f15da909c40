/** A backfill under way: shows how far it is, and works on it while the page is open. */
( function () {
	'use strict';

	const PAUSE = 500;
	const SLOWEST = 15000;
	const box = document.querySelector( '[data-aidoc-backfill]' );
	let delay = PAUSE;

	function show( { percent, title, line } ) {
		const bar = box.querySelector( 'progress' );
		if ( bar ) {
			bar.value = percent;
		}
		box.querySelector( 'h2' ).textContent = title;
		box.querySelector( '.aidoc-backfill__line' ).textContent = line;
	}

	async function step() {
		if ( document.hidden ) {
			setTimeout( step, SLOWEST );
			return;
		}
		try {
			const now = await window.wp.apiFetch( { path: '/aidoc/v1/backfill/step', method: 'POST' } );
			delay = PAUSE;
			if ( now.state !== 'running' ) {
				window.location.reload(); // Other buttons belong to it now, and the page says what became of it.
				return;
			}
			show( now );
		} catch {
			delay = Math.min( SLOWEST, delay * 2 );
		}
		setTimeout( step, delay );
	}

	document.addEventListener( 'click', ( event ) => {
		const button = event.target.closest( '[data-aidoc-ask]' );
		if ( button && ! window.confirm( button.dataset.aidocAsk ) ) { // eslint-disable-line no-alert -- as core asks before it deletes
			event.preventDefault();
		}
	} );
	if ( box && box.dataset.aidocBackfill === 'running' ) {
		step();
	}
} )();
