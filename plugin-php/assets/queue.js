/** Live counts above the queue's table; the rows are kept fresh by status.js. */
( function () {
	'use strict';

	const FASTEST = 4000;
	const SLOWEST = 30000;
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

	if ( ! counters.length || ! window.aidocStatus ) {
		return;
	}
	document.addEventListener( 'visibilitychange', refresh );
	window.aidoc.status.subscribe( ( status, before ) => {
		if ( before && before.state !== status.state ) {
			delay = FASTEST;
			schedule( 500 );
		}
	} );
	schedule( FASTEST );
} )();
