/**
 * Badges on the tiles of the media grid, in the library and in every media modal; a filter by state; and in the library's bulk
 * selection the actions that the list has.
 *
 * Core draws tiles from a Backbone template that plugins cannot extend; the badge is added after each drawing. The attachment
 * details need nothing here: their markup comes with the attachment and status.js finds it.
 */
( function () {
	'use strict';

	const { path, icons, i18n, filter, states, bulk } = window.aidocStatus;
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
		tile.classList.toggle( 'aidoc-has-badge', shows( status ) );
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

	// --- filter ----------------------------------------------------------------------------------------------------------

	// An object keeps integer-like keys only in an order of its own; these are names.
	const StateFilter = views.AttachmentFilters?.extend( {
		id: 'aidoc-filter-grid',
		createFilters() {
			this.filters = {};
			Object.entries( states ).forEach( ( [ value, text ], at ) => {
				this.filters[ value || 'all' ] = { text, props: { [ filter ]: value || null }, priority: 10 + at };
			} );
		},
		/** Core's own compares all properties of a filter with those of the library; of this one only ours counts. */
		select() {
			this.$el.val( this.model.get( filter ) || 'all' );
		},
	} );

	function addFilter( browser ) {
		browser.toolbar.set( 'aidocFilterLabel', new views.Label( { value: i18n.filter, attributes: { for: 'aidoc-filter-grid' }, priority: -72 } ).render() );
		browser.toolbar.set( 'aidocFilter', new StateFilter( { controller: browser.controller, model: browser.collection.props, priority: -72 } ).render() );
	}

	// --- bulk selection --------------------------------------------------------------------------------------------------

	/** One request holds as many as the route takes; a selection may have more. */
	const AT_ONCE = 100;

	function report( browser, sentences, kind ) {
		browser.el.querySelector( '.aidoc-report' )?.remove();
		const box = document.createElement( 'div' );
		box.className = `notice notice-${ kind } inline aidoc-report`;
		sentences.forEach( ( sentence ) => {
			const line = document.createElement( 'p' );
			line.textContent = sentence;
			box.append( line );
		} );
		browser.toolbar.el.after( box );
		window.wp.a11y?.speak( sentences.join( ' ' ), 'polite' );
	}

	async function runBatch( browser, action, ids ) {
		const sentences = [];
		let kind = 'success';
		try {
			for ( let from = 0; from < ids.length; from += AT_ONCE ) {
				const answer = await window.wp.apiFetch( { path: `${ path }/batch`, method: 'POST', data: { action, attachments: ids.slice( from, from + AT_ONCE ) } } );
				answer.items.forEach( live.learn );
				sentences.push( ...answer.sentences );
				kind = answer.counts.refused ? 'warning' : kind;
			}
		} catch ( error ) {
			sentences.push( error?.code && error.message ? error.message : i18n.failed );
			kind = 'error';
		}
		report( browser, sentences, kind );
		live.wake();
	}

	const BatchButton = views.Button?.extend( {
		initialize() {
			views.Button.prototype.initialize.apply( this, arguments );
			this.controller.on( 'selection:toggle', this.toggle, this );
			this.controller.on( 'select:activate', this.toggle, this );
			this.controller.on( 'select:deactivate', this.toggle, this );
		},
		selected() {
			return this.controller.state()?.get( 'selection' );
		},
		toggle() {
			this.$el.toggleClass( 'hidden', ! this.controller.isModeActive( 'select' ) );
			this.model.set( 'disabled', ! this.selected()?.length );
		},
		render() {
			views.Button.prototype.render.apply( this, arguments );
			this.$el.addClass( 'aidoc-batch' );
			this.$el.toggleClass( 'hidden', ! this.controller.isModeActive( 'select' ) );
			return this;
		},
		click() {
			const ids = this.selected()?.pluck( 'id' ) ?? [];
			if ( ids.length && ! this.model.get( 'disabled' ) ) {
				this.model.set( 'disabled', true );
				runBatch( this.options.browser, this.options.action, ids ).finally( () => this.toggle() );
			}
		},
	} );

	/** Only the library itself has a bulk selection; in a modal what is selected is for the post. */
	function addBatch( browser ) {
		Object.entries( bulk ).forEach( ( [ action, text ], at ) => {
			browser.toolbar.set( `aidocBatch-${ action }`, new BatchButton( { controller: browser.controller, browser, action, text, size: '', style: '', disabled: true, priority: -55 + at } ).render() );
		} );
	}

	if ( views.AttachmentsBrowser && StateFilter ) {
		const createToolbar = views.AttachmentsBrowser.prototype.createToolbar;
		views.AttachmentsBrowser.prototype.createToolbar = function ( ...args ) {
			createToolbar.apply( this, args );
			addFilter( this );
			if ( this.controller.isModeActive?.( 'grid' ) && BatchButton ) {
				addBatch( this );
			}
		};
	}

	// An upload may be queued a moment after its tile was drawn: ask once when the uploader is through.
	window.wp.Uploader?.queue?.on( 'reset', () => live.wake( true ) );
} )();
