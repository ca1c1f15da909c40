/**
 * Badges on the tiles of the media grid, in the library and in every media modal.
 *
 * Core draws tiles from a Backbone template that plugins cannot extend; the badge is added after each drawing. The attachment
 * details need nothing here: their markup comes with the attachment and status.js finds it.
 */
( function () {
	'use strict';

	const { icons, i18n } = window.aidocStatus;
	const live = window.aidoc.status;
	const views = window.wp?.media?.view;
	if ( ! views?.Attachment ) {
		return;
	}

	const shows = ( status ) => Boolean( status?.badge );

	let holders = 0;

	function badge( status ) {
		const node = document.createElement( 'span' );
		const icon = document.createElement( 'span' );
		const text = document.createElement( 'span' );
		const spoken = document.createElement( 'span' );
		node.className = `aidoc-badge aidoc-is-${ status.state }`;
		node.title = status.text;
		icon.className = `dashicons dashicons-${ icons[ status.state ] }`;
		icon.setAttribute( 'aria-hidden', 'true' );
		text.setAttribute( 'aria-hidden', 'true' );
		text.textContent = status.badge;
		spoken.className = 'screen-reader-text';
		spoken.textContent = i18n.tile.replace( '%s', status.text );
		node.append( icon, text, spoken );
		return node;
	}

	function decorate( view ) {
		const preview = view.el.querySelector( ':scope > .attachment-preview' );
		const id = view.model.get( 'id' );
		const given = view.model.get( 'aidoc' );
		if ( ! preview || ! id || ! given || view.model.get( 'uploading' ) ) {
			return;
		}
		// A holder that is always there, so that status.js asks about tiles without a badge too when it asks about all.
		const holder = document.createElement( 'span' );
		holder.className = 'aidoc-badge-holder';
		holder.id = `aidoc-badge-${ ++holders }`;
		holder.dataset.aidocItem = id;
		holder.dataset.aidocView = 'badge';
		holder.dataset.aidoc = JSON.stringify( given );
		preview.append( holder );
		show( view.el, live.get( id ) ?? given );
	}

	function show( tile, status ) {
		const holder = tile.querySelector( '.aidoc-badge-holder' );
		if ( ! holder ) {
			return;
		}
		holder.replaceChildren( ...( shows( status ) ? [ badge( status ) ] : [] ) );
		// To a screen reader the tile is a checkbox with nothing inside: the badge becomes its description. Not part of its name,
		// which newer versions of WordPress also print on the tile.
		if ( shows( status ) ) {
			tile.setAttribute( 'aria-describedby', holder.id );
		} else {
			tile.removeAttribute( 'aria-describedby' );
		}
	}

	const render = views.Attachment.prototype.render;
	views.Attachment.prototype.render = function ( ...args ) {
		const result = render.apply( this, args );
		decorate( this );
		return result;
	};

	live.subscribe( ( status ) => {
		// Silent: a change event would make core redraw the tile, and flash its thumbnail, for every page that is read.
		window.wp.media.model?.Attachments?.all?.get( status.attachment )?.set( 'aidoc', status, { silent: true } );
		document.querySelectorAll( `.attachment[data-id="${ status.attachment }"]` ).forEach( ( tile ) => show( tile, status ) );
	} );

	// An upload may be queued a moment after its tile was drawn: ask once when the uploader is through.
	window.wp.Uploader?.queue?.on( 'reset', () => live.wake( true ) );
} )();
