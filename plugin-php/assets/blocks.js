/** The blocks "Document Summary" and "Documents with Summaries" in the block editor. The site draws both, here as on the page. */
( function ( wp, settings ) {
	'use strict';

	const el = wp.element.createElement;
	const { InspectorControls, BlockControls, MediaUpload, MediaUploadCheck, useBlockProps } = wp.blockEditor;
	const { Button, Disabled, PanelBody, Placeholder, RangeControl, SelectControl, TextControl, ToggleControl, ToolbarButton, ToolbarGroup } = wp.components;
	const ServerSideRender = wp.serverSideRender;
	const t = settings.i18n;

	// Sizes that newer versions have anyway; older ones ask for them, and warn in the console without.
	const even = { __nextHasNoMarginBottom: true, __next40pxDefaultSize: true };
	const levels = [ 2, 3, 4, 5, 6 ].map( ( level ) => ( { value: level, label: 'H' + level } ) );

	function Preview( { name, attributes, postId } ) {
		const inside = el( ServerSideRender, {
			block: name,
			attributes,
			urlQueryArgs: postId ? { post_id: postId } : {},
			EmptyResponsePlaceholder: () => el( 'p', { className: 'aidoc-summary__hint' }, t.nothing ),
		} );
		return el( Disabled, null, inside ); // A click selects the block and follows no link.
	}

	function toggle( props, name, label ) {
		return el( ToggleControl, { ...even, key: name, label, checked: props.attributes[ name ], onChange: ( value ) => props.setAttributes( { [ name ]: value } ) } );
	}

	function select( props, name, label, options ) {
		const number = typeof props.attributes[ name ] === 'number';
		return el( SelectControl, {
			...even,
			key: name,
			label,
			options,
			value: props.attributes[ name ],
			onChange: ( value ) => props.setAttributes( { [ name ]: number ? parseInt( value, 10 ) : value } ),
		} );
	}

	/** A button that opens the Media Library with the types that can have a summary. */
	function Picker( { props, render } ) {
		return el( MediaUploadCheck, null, el( MediaUpload, {
			allowedTypes: settings.mimes,
			value: props.attributes.attachmentId || undefined,
			onSelect: ( media ) => props.setAttributes( { attachmentId: media.id } ),
			render,
		} ) );
	}

	function useDocument( id ) {
		return wp.data.useSelect( ( from ) => ( id ? from( 'core' ).getEntityRecord( 'postType', 'attachment', id ) : null ), [ id ] );
	}

	function SummaryEdit( props ) {
		const { attributes, context } = props;
		const document = useDocument( attributes.attachmentId );
		const here = context.postType === 'attachment' ? context.postId : 0;
		const chosen = attributes.attachmentId > 0;
		const name = document?.title?.rendered || document?.slug;

		const toolbar = el( BlockControls, { key: 'toolbar' }, el( ToolbarGroup, null,
			el( Picker, { props, render: ( { open } ) => el( ToolbarButton, { onClick: open, text: t.replace } ) } ) ) );
		const inspector = el( InspectorControls, { key: 'inspector' },
			el( PanelBody, { title: t.document },
				name ? el( 'p', null, el( wp.element.RawHTML, null, name ) ) : null,
				el( Picker, { props, render: ( { open } ) => el( Button, { variant: 'secondary', onClick: open }, chosen ? t.replace : t.choose ) } ) ),
			el( PanelBody, { title: t.shown },
				select( props, 'show', t.show, [ { value: 'whole', label: t.whole }, { value: 'abstract', label: t.abstract } ] ),
				toggle( props, 'showTitle', t.title ),
				toggle( props, 'pageLinks', t.pages ),
				toggle( props, 'sourceLink', t.source ),
				select( props, 'headingLevel', t.level, levels ) ) );
		const body = chosen || here
			? el( Preview, { key: 'preview', name: props.name, attributes: chosen ? attributes : { ...attributes, attachmentId: here } } )
			: el( Placeholder, { key: 'placeholder', icon: 'media-text', label: t.summary, instructions: t.instructions },
				el( Picker, { props, render: ( { open } ) => el( Button, { variant: 'primary', onClick: open }, t.choose ) } ) );
		return el( 'div', useBlockProps(), chosen ? toolbar : null, inspector, body );
	}

	function ListEdit( props ) {
		const { attributes, setAttributes, context } = props;
		const inspector = el( InspectorControls, { key: 'inspector' },
			el( PanelBody, { title: t.which },
				select( props, 'type', t.type, settings.types ),
				settings.taxonomies.length > 1 ? select( props, 'taxonomy', t.taxonomy, settings.taxonomies ) : null,
				attributes.taxonomy ? el( TextControl, { ...even, label: t.folder, value: attributes.folder, onChange: ( folder ) => setAttributes( { folder } ) } ) : null,
				toggle( props, 'attachedOnly', t.attached ),
				select( props, 'order', t.order, [ { value: 'date', label: t.newest }, { value: 'title', label: t.by_title } ] ),
				el( RangeControl, { ...even, label: t.number, value: attributes.perPage, min: 1, max: 50, onChange: ( perPage ) => setAttributes( { perPage: perPage || 10 } ) } ) ),
			el( PanelBody, { title: t.shown },
				select( props, 'show', t.show, [ { value: 'title', label: t.titles }, { value: 'abstract', label: t.abstract }, { value: 'whole', label: t.unfold } ] ),
				toggle( props, 'searchBox', t.search ),
				toggle( props, 'filters', t.filters ),
				select( props, 'headingLevel', t.level, levels ) ) );
		return el( 'div', useBlockProps(), inspector, el( Preview, { key: 'preview', name: props.name, attributes, postId: context.postId } ) );
	}

	const register = ( name, edit ) => wp.blocks.registerBlockType( name, { edit, save: () => null } );
	register( 'aidoc/document-summary', SummaryEdit );
	register( 'aidoc/summary-list', ListEdit );
}( window.wp, window.aidocBlocks ) );
