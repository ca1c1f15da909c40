/** The settings form: generates a shared secret, and leads to the first refused field. */
( function () {
	'use strict';

	document.getElementById( 'aidoc-errors' )?.focus();

	const field = document.getElementById( 'aidoc-legacy_secret' );
	document.getElementById( 'aidoc-generate' )?.addEventListener( 'click', () => {
		const bytes = crypto.getRandomValues( new Uint8Array( 32 ) );
		field.type = 'text'; // The only time it can be read: it must be copied to the other side.
		field.value = btoa( String.fromCharCode( ...bytes ) ).replace( /\+/g, '-' ).replace( /\//g, '_' ).replace( /=+$/, '' );
		field.focus();
		field.select();
		document.getElementById( 'aidoc-generated' ).classList.remove( 'hidden' );
	} );
} )();
