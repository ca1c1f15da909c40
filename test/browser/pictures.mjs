// Pictures of the screens for docs/screenshots, at 1280 and 600 px, of the site that the walk has left behind; and of some screens
// from right to left. Fails where something of ours stands beyond the edge of the window, or where a picture is too large to keep.
// Run by scripts/screenshots.sh.
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { closeGuide, logIn, open, site, visit } from './site.mjs';

const folder = process.env.PICTURES;
const screen = ( name ) => `edit.php?post_type=aidoc_summary&page=aidoc-${ name }`;
const screens = {
	'queue': screen( 'queue' ), 'agents': screen( 'agents' ), 'spending': screen( 'spending' ), 'backfill': screen( 'backfill' ), 'settings': screen( 'settings' ),
	'summaries': 'edit.php?post_type=aidoc_summary', 'media-list': 'upload.php?mode=list', 'media-grid': 'upload.php?mode=grid',
};

const panel = '.aidoc-review';
const faults = [];
const { browser, page } = await open();
await logIn( page );
const job = await ( async () => {
	await page.goto( `${ site.url }/wp-admin/${ screens.queue }` );
	return page.getByRole( 'link', { name: /^Show log/ } ).first().getAttribute( 'href' );
} )();
// The draft with its panel, and the page that shows the summary to visitors: the walk has published both.
const draft = await ( async () => {
	await page.goto( `${ site.url }/wp-admin/${ screens.summaries }` );
	const address = await page.locator( '#the-list .row-title' ).first().getAttribute( 'href' );
	await page.goto( address );
	await page.waitForFunction( () => window.wp?.data?.select( 'core/block-editor' )?.getBlocks().length > 0 );
	await closeGuide( page );
	return address;
} )();
const published = ( await ( await page.context().request.get( `${ site.url }/?rest_route=/wp/v2/posts&search=What+the+report+says` ) ).json() )[ 0 ].link;
const { page: visitor } = await visit( browser );

async function take( name, address, on = page, until = 'body' ) {
	await on.goto( address );
	await on.waitForLoadState( 'networkidle' );
	await on.locator( until ).first().waitFor( { state: 'attached' } );
	const tooWide = await on.evaluate( () => [ ...document.querySelectorAll( '.aidoc-wrap, .aidoc-wrap *' ) ].filter( ( one ) => {
		const { left, right, width } = one.getBoundingClientRect();
		return width > 0 && ! one.closest( '.screen-reader-text, .row-actions, .spinner' ) && ( right > innerWidth + 1 || left < -1 );
	} ).map( ( one ) => `${ one.tagName }.${ one.className }` ) );
	const path = `${ folder }/${ name }.png`;
	await on.mouse.move( 0, 0 ); // Nothing is pointed at.
	await on.screenshot( { path } );
	if ( tooWide.length ) {
		faults.push( `${ name }: beyond the edge of the window: ${ tooWide.slice( 0, 5 ).join( ', ' ) }` );
	}
	if ( statSync( path ).size > 150 * 1024 ) {
		faults.push( `${ name }: ${ Math.ceil( statSync( path ).size / 1024 ) } KiB, 150 are kept` );
	}
}

mkdirSync( folder, { recursive: true } );
for ( const width of [ 1280, 600 ] ) {
	await page.setViewportSize( { width, height: 720 } );
	for ( const [ name, path ] of Object.entries( screens ) ) {
		await take( `${ name }-${ width }`, `${ site.url }/wp-admin/${ path }` );
	}
	await take( `job-${ width }`, job );
	await visitor.setViewportSize( { width, height: 720 } );
	await take( `visitor-${ width }`, published, visitor );
}

await page.setViewportSize( { width: 1280, height: 720 } );
await take( 'panel-1280', draft, page, panel ); // In a narrow window the editor keeps it closed.

// Core's own styles of the other direction come with is_rtl(), which follows the text direction of the locale.
const plugin = resolve( process.env.SITE_ROOT, 'wp-content/mu-plugins/right-to-left.php' );
mkdirSync( resolve( plugin, '..' ), { recursive: true } );
writeFileSync( plugin, "<?php add_action( 'init', function () { $GLOBALS['wp_locale']->text_direction = 'rtl'; wp_styles()->text_direction = 'rtl'; }, 0 );" );
for ( const name of [ 'queue', 'media-list', 'agents' ] ) {
	await take( `rtl-${ name }`, `${ site.url }/wp-admin/${ screens[ name ] }` );
}
await take( 'rtl-panel', draft, page, panel );
await visitor.setViewportSize( { width: 1280, height: 720 } );
await take( 'rtl-visitor', published, visitor );
rmSync( plugin );
await browser.close();
if ( faults.length ) {
	console.error( faults.join( '\n' ) );
	process.exit( 1 );
}
