/** The agents page: copy and countdown of the join command, questions before what cannot be undone, live rows. */
( function () {
	'use strict';

	const { url, data, i18n } = window.aidocAgents;
	const EVERY = 5000;
	const join = document.querySelector( '.aidoc-join[data-seconds]' );
	const body = document.getElementById( 'aidoc-agents' );
	const say = ( text ) => window.wp?.a11y?.speak( text, 'polite' );

	// --- join command ----------------------------------------------------------------------------------------------------

	function copy() {
		const command = document.getElementById( 'aidoc-command' );
		const done = ( text ) => {
			const pressed = document.getElementById( 'aidoc-copy' );
			const before = pressed.dataset.label ?? ( pressed.dataset.label = pressed.textContent );
			pressed.textContent = text;
			say( text );
			setTimeout( () => { pressed.textContent = before; }, 2500 );
		};
		command.focus();
		command.select();
		// The clipboard is there on https only; the old way needs the selection that was just made.
		const modern = navigator.clipboard?.writeText( command.value ) ?? Promise.reject( new Error( 'no clipboard' ) );
		modern.catch( () => document.execCommand( 'copy' ) || Promise.reject( new Error( 'not copied' ) ) ).then( () => done( i18n.copied ), () => done( i18n.copy ) );
	}

	function countDown() {
		const until = performance.now() + Number( join.dataset.seconds ) * 1000;
		const shown = document.getElementById( 'aidoc-countdown' );
		const tick = setInterval( show, 1000 );
		function show() {
			const left = Math.max( 0, Math.round( ( until - performance.now() ) / 1000 ) );
			if ( left === 0 || join.classList.contains( 'is-joined' ) ) {
				clearInterval( tick );
			}
			if ( left === 0 && ! join.classList.contains( 'is-joined' ) ) {
				join.classList.add( 'is-expired' );
				shown.textContent = i18n.expired;
				say( i18n.expired );
				return;
			}
			shown.textContent = i18n.left.replace( '%s', `${ Math.floor( left / 60 ) }:${ String( left % 60 ).padStart( 2, '0' ) }` );
		}
		show();
	}

	function joined( name ) {
		if ( ! join || join.dataset.name !== name || join.classList.contains( 'is-joined' ) ) {
			return;
		}
		const text = i18n.joined.replace( '%s', name );
		join.classList.add( 'is-joined' );
		join.querySelector( '.aidoc-join__text' ).textContent = text;
		join.querySelector( '.aidoc-join__row' ).remove(); // Used up: nobody needs the secret on the screen.
		join.querySelector( '.aidoc-join__facts' ).remove();
	}

	// --- live rows -------------------------------------------------------------------------------------------------------

	function update( rows ) {
		for ( const [ id, fresh ] of Object.entries( rows ) ) {
			const row = document.getElementById( `aidoc-agent-${ id }` );
			if ( row ) {
				if ( row.dataset.state === 'pending' && fresh.state !== 'pending' && fresh.state !== 'revoked' ) {
					joined( fresh.name );
				}
				replace( row, fresh.html );
			}
		}
	}

	const actions = ( row ) => Array.from( row.querySelectorAll( '[data-what]' ), ( pressed ) => pressed.dataset.what ).join();

	/** What is asked before a button does its work names how many documents the agent holds now. */
	function questions( shown, fresh ) {
		fresh.querySelectorAll( '[data-what]' ).forEach( ( pressed ) => {
			const form = shown.querySelector( `[data-what="${ pressed.dataset.what }"]` )?.closest( 'form' );
			if ( form ) {
				form.dataset.confirm = pressed.closest( 'form' ).dataset.confirm;
			}
		} );
	}

	/** Between two answers of the server the clocks of the leases go on. */
	function countLeases() {
		document.querySelectorAll( '[data-aidoc-left]' ).forEach( ( clock ) => {
			const left = Math.max( 0, Number( clock.dataset.aidocLeft ) - 1 );
			clock.dataset.aidocLeft = left;
			clock.textContent = `${ Math.floor( left / 60 ) }:${ String( left % 60 ).padStart( 2, '0' ) }`;
		} );
	}

	/** Someone may be about to press a button: its cell stays as it is while the keyboard or the mouse is in it. */
	function replace( row, html ) {
		const holder = document.createElement( 'tbody' );
		// eslint-disable-next-line no-restricted-properties -- rendered and escaped by templates/agents-row.php of this site, for administrators alone.
		holder.innerHTML = html;
		const fresh = holder.firstElementChild;
		const busy = row.cells[ 0 ].matches( ':hover, :focus-within' );
		const changed = row.dataset.state !== fresh.dataset.state;
		Array.from( fresh.cells ).forEach( ( cell, index ) => {
			if ( index > 0 ) {
				if ( ! row.cells[ index ].isEqualNode( cell ) && ! row.cells[ index ].contains( document.activeElement ) ) {
					row.cells[ index ].replaceChildren( ...cell.childNodes );
				}
			} else if ( ! busy && ( changed || actions( row ) !== actions( fresh ) ) ) {
				row.cells[ 0 ].replaceChildren( ...cell.childNodes );
			} else {
				questions( row.cells[ 0 ], cell );
			}
		} );
		if ( ! busy ) {
			row.dataset.state = fresh.dataset.state;
			row.className = fresh.className + ( row.classList.contains( 'is-expanded' ) ? ' is-expanded' : '' );
		}
	}

	async function refresh() {
		if ( document.hidden ) {
			return;
		}
		try {
			const answer = await fetch( `${ url }?${ new URLSearchParams( data ) }`, { credentials: 'same-origin', cache: 'no-store' } );
			const result = await answer.json();
			if ( result.success ) {
				update( result.data );
			}
		} catch {
			// The next one may get through; core says when the session has ended.
		}
	}

	document.addEventListener( 'submit', ( event ) => {
		const question = event.target.dataset.confirm;
		// eslint-disable-next-line no-alert -- as core asks before it deletes.
		if ( question && ! window.confirm( question ) ) {
			event.preventDefault();
		}
	} );

	document.getElementById( 'aidoc-copy' )?.addEventListener( 'click', copy );
	if ( join ) {
		countDown();
	}
	if ( body ) {
		setInterval( refresh, EVERY );
		setInterval( countLeases, 1000 );
		document.addEventListener( 'visibilitychange', refresh );
	}
} )();
