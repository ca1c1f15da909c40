/** Remembers that a notice was dismissed; core only hides it until the next page. */
( function () {
	'use strict';

	document.addEventListener( 'click', ( event ) => {
		const notice = event.target.closest?.( '.notice-dismiss' )?.closest( '[data-aidoc-notice]' );
		if ( ! notice ) {
			return;
		}
		const { url, nonce, action } = window.aidocNotices;
		fetch( url, {
			method: 'POST',
			credentials: 'same-origin',
			keepalive: true, // Who dismisses it may leave the page at once.
			body: new URLSearchParams( { action, _ajax_nonce: nonce, key: notice.dataset.aidocNotice, reason: notice.dataset.aidocReason } ),
		} ).catch( () => {} ); // It comes back on the next page: no harm.
	} );
} )();
