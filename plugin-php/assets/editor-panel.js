/**
 * The panel beside a summary: how it was made, who has reviewed it, and the buttons to approve it or have it made anew. One component
 * for the block editor's sidebar and for the classic editor's meta box. Its data come from PHP as sentences (Review\\Panel).
 */
( function () {
	'use strict';

	const wp = window.wp;
	const { path, field, mount, view: given, i18n } = window.aidocReview;
	const { createElement: el, Fragment, useEffect, useState } = wp.element;
	const { Button, ExternalLink, Notice, TextareaControl } = wp.components;
	const inBlockEditor = ! given;

	const post = ( id, action, data ) => wp.apiFetch( { path: `${ path }${ id }/${ action }`, method: 'POST', data } );

	// --- pieces ----------------------------------------------------------------------------------------------------------

	function pages( list ) {
		return list.flatMap( ( { label, url }, i ) => [
			i ? ', ' : '',
			url ? el( 'a', { key: label, href: url, target: '_blank', rel: 'noreferrer' }, label ) : label,
		] );
	}

	const notice = ( key, status, ...content ) => el( Notice, { key, status, isDismissible: false, className: 'aidoc-review__notice' }, ...content );

	function Warnings( { view } ) {
		return view.warnings.map( ( { text, pages: list } ) => notice( text, 'warning', text, list.length > 0 && el( 'p', null, ...pages( list ) ) ) );
	}

	function Aside( { view } ) {
		return view.aside && notice( 'aside', 'info', view.aside.text, el( 'p', null, el( 'a', { href: view.aside.url }, i18n.compare ) ) );
	}

	function Source( { view } ) {
		if ( ! view.document ) {
			return null;
		}
		const { title, edit, file } = view.document;
		return el( Fragment, null,
			el( 'h3', { className: 'aidoc-review__heading' }, i18n.document ),
			el( 'p', null, edit ? el( 'a', { href: edit }, title ) : title ),
			file && el( 'p', null, el( ExternalLink, { href: file }, i18n.file ) ),
			// Markup of StatusHtml, kept current by status.js.
			el( 'div', { className: 'aidoc-box', dangerouslySetInnerHTML: { __html: view.status } } ) );
	}

	function Facts( { view } ) {
		const row = ( label, ...value ) => el( 'div', { key: label, className: 'aidoc-review__fact' }, el( 'dt', null, label ), el( 'dd', null, ...value ) );
		return el( Fragment, null,
			el( 'h3', { className: 'aidoc-review__heading' }, i18n.how ),
			view.made && el( 'p', null, view.made ),
			el( 'dl', { className: 'aidoc-review__facts' },
				view.facts.map( ( { label, value, pages: list } ) => row( label, value, ...pages( list ) ) ),
				view.trace && row( i18n.trace, el( 'code', { title: i18n.traceHelp }, view.trace ) ) ),
			view.compare && el( 'p', null, el( 'a', { href: view.compare.url }, view.compare.label ) ) );
	}

	function Review( { view, busy, approve, publish, takeBack } ) {
		const { state, text } = view.review;
		const button = ( variant, onClick, label ) => el( Button, { variant, onClick, disabled: busy, key: label }, label );
		return el( Fragment, null,
			el( 'h3', { className: 'aidoc-review__heading' }, i18n.review ),
			el( 'p', { className: `aidoc-review__state is-${ state }` }, text ),
			view.can.review && el( 'div', { className: 'aidoc-review__buttons' },
				view.can.publish && button( 'primary', publish, i18n.publish ),
				state !== 'reviewed' && button( 'secondary', approve, state === 'changed' ? i18n.again : i18n.approve ),
				state !== 'open' && button( 'tertiary', takeBack, i18n.takeBack ) ) );
	}

	function Anew( { view, busy, regenerate } ) {
		const { text, max, note } = view.instruction;
		const [ wish, setWish ] = useState( text );
		useEffect( () => setWish( text ), [ text ] );
		if ( ! view.can.regenerate ) {
			return null;
		}
		const left = max - Array.from( wish ).length;
		const help = left < 100 ? i18n.left.replace( '%d', left ) : i18n.wishHelp;
		return el( Fragment, null,
			el( 'h3', { className: 'aidoc-review__heading' }, i18n.anew ),
			el( TextareaControl, { label: i18n.wish, help, value: wish, onChange: setWish, rows: 3, __nextHasNoMarginBottom: true } ),
			el( 'p', { className: 'aidoc-review__note' }, note ),
			el( 'div', { className: 'aidoc-review__buttons' },
				el( Button, { variant: 'secondary', onClick: () => regenerate( wish ), disabled: busy || left < 0 }, i18n.regenerate ),
				text && el( Button, { variant: 'tertiary', onClick: () => regenerate( '' ), disabled: busy }, i18n.without ) ) );
	}

	// --- the panel -------------------------------------------------------------------------------------------------------

	const watchers = new Set();

	/** status.js knows what becomes of the document; it takes listeners and lets none go. */
	function watchStatus() {
		window.aidoc?.status?.subscribe( ( status, before ) => {
			if ( before && before.pending !== status.pending ) {
				watchers.forEach( ( watcher ) => watcher( status ) );
			}
		} );
	}

	async function fetchView( id ) {
		const summary = await wp.apiFetch( { path: `/wp/v2/aidoc-summaries/${ id }?context=edit&_fields=${ field }` } );
		return summary[ field ];
	}

	/**
	 * When the document begins to be worked on or comes to rest, what the panel offers changes.
	 *
	 * @return {boolean} Whether it was read again since the page was opened, so that what the editor holds is old.
	 */
	function useStatus( view, setView ) {
		const [ arrived, setArrived ] = useState( false );
		const { id, document: source } = view;
		useEffect( () => {
			const watcher = async ( status ) => {
				if ( status.attachment === source?.id ) {
					setArrived( status.state === 'done' );
					setView( await fetchView( id ) );
				}
			};
			watchers.add( watcher );
			return () => watchers.delete( watcher );
		}, [ id, source?.id ] );
		return arrived;
	}

	/**
	 * @param {Object}   props
	 * @param {Object}   props.current What the editor has of the panel's data.
	 * @param {Function} props.save    Saves what was typed and gives the data as they are then.
	 * @param {Function} props.publish Publishes, and gives the data as they are then.
	 */
	function Panel( { current, save, publish } ) {
		const [ view, setView ] = useState( current );
		const [ busy, setBusy ] = useState( false );
		const [ error, setError ] = useState( '' );
		const arrived = useStatus( view, setView );
		useEffect( () => setView( current ), [ current ] );

		async function act( work ) {
			setBusy( true );
			setError( '' );
			try {
				const fresh = await work();
				setView( fresh );
				wp.a11y.speak( fresh.review.text, 'polite' );
			} catch ( problem ) {
				const message = problem?.message || i18n.failed;
				setError( message );
				wp.a11y.speak( message, 'assertive' );
			}
			setBusy( false );
		}
		const review = ( data ) => act( async () => {
			const { id, print } = await save( view );
			return ( await post( id, 'review', { ...data, print } ) ).panel;
		} );

		return el( 'div', { className: 'aidoc-review', 'aria-busy': busy },
			error && notice( 'error', 'error', error ),
			arrived && notice( 'arrived', 'success', i18n.arrived, el( 'p', null, el( Button, { variant: 'link', onClick: () => window.location.reload() }, i18n.reload ) ) ),
			el( Warnings, { view } ),
			el( Aside, { view } ),
			el( Review, {
				view,
				busy,
				approve: () => review( { reviewed: true } ),
				publish: () => act( () => publish( view ) ),
				takeBack: () => act( async () => ( await post( view.id, 'review', { reviewed: false } ) ).panel ),
			} ),
			el( Anew, { view, busy, regenerate: ( instruction ) => act( async () => ( await post( view.id, 'regenerate', { instruction } ) ).panel ) } ),
			el( Source, { view } ),
			el( Facts, { view } ) );
	}

	// --- the block editor ------------------------------------------------------------------------------------------------

	const held = () => wp.data.select( 'core/editor' ).getCurrentPostAttribute( field );

	/** Core tells of a save that failed in a notice of its own; here it ends the work. */
	async function savePost() {
		await wp.data.dispatch( 'core/editor' ).savePost();
		if ( wp.data.select( 'core/editor' ).didPostSaveRequestFail() ) {
			throw new Error( i18n.failed );
		}
		return held();
	}

	const saveChanges = async ( view ) => ( wp.data.select( 'core/editor' ).isEditedPostDirty() ? savePost() : view );

	async function publishPost() {
		await wp.data.dispatch( 'core/editor' ).editPost( { status: 'publish' } );
		return savePost();
	}

	function BlockPanel() {
		const current = wp.data.useSelect( held, [] );
		return current ? el( Panel, { current, save: saveChanges, publish: publishPost } ) : el( 'p', null, i18n.loading );
	}

	const openedBefore = [ 'aidoc', 'reviewPanelOpened' ]; // Kept where core keeps which panels are open: both are lost, or neither.

	/** A panel of a plugin is closed until somebody opens it; this one is what the screen is for. Who closes it later has it closed. */
	function openOnce( name ) {
		const store = wp.data.select( 'core/editor' ).isEditorPanelOpened ? 'core/editor' : 'core/edit-post';
		if ( wp.data.select( 'core/preferences' ).get( ...openedBefore ) ) {
			return;
		}
		wp.data.dispatch( 'core/preferences' ).set( ...openedBefore, true );
		if ( ! wp.data.select( store ).isEditorPanelOpened( name ) ) {
			wp.data.dispatch( store ).toggleEditorPanelOpened( name );
		}
	}

	function registerPanel() {
		const SettingPanel = wp.editor?.PluginDocumentSettingPanel || wp.editPost.PluginDocumentSettingPanel; // The second until 6.5.
		wp.plugins.registerPlugin( 'aidoc-review', {
			icon: null,
			render: function DocumentPanel() {
				// Core fetches the preferences of somebody who has none yet, and puts them in the place of what was set meanwhile: then once more.
				const known = wp.data.useSelect( ( select ) => select( 'core/preferences' ).get( ...openedBefore ), [] );
				wp.element.useEffect( () => openOnce( 'aidoc-review/summary' ), [ known ] );
				return el( SettingPanel, { name: 'summary', title: i18n.panel, className: 'aidoc-review-panel' }, el( BlockPanel ) );
			},
		} );
	}

	// --- the classic editor ----------------------------------------------------------------------------------------------

	/** What was typed and not saved is not on the server: the page's own buttons save it. */
	async function publishAndReload( view ) {
		await post( view.id, 'review', { reviewed: true, publish: true, print: view.print } );
		window.location.reload();
		return view;
	}

	function fillMetaBox() {
		const node = document.getElementById( mount );
		const panel = el( Panel, { current: given, save: async ( view ) => view, publish: publishAndReload } );
		if ( ! node ) {
			return;
		}
		if ( wp.element.createRoot ) { // Since 6.2.
			wp.element.createRoot( node ).render( panel );
		} else {
			wp.element.render( panel, node );
		}
	}

	watchStatus();
	if ( inBlockEditor ) {
		registerPanel();
	} else {
		fillMetaBox();
	}
} )();
