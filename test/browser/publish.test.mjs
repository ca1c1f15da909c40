// From a draft to what a visitor reads: the block with its picker, the hint while it is a draft, publishing, the list with its search.
// Runs after media.test.mjs, on the summaries that the agent wrote there.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { closeGuide, logIn, open, site } from './site.mjs';

const shots = process.env.SHOTS;
let browser, page, wrong, visitor, summary, address;

before( async () => {
	mkdirSync( shots, { recursive: true } );
	( { browser, page, wrong } = await open() );
	await logIn( page );
	visitor = await ( await browser.newContext( { viewport: { width: 1280, height: 900 } } ) ).newPage();
	visitor.setDefaultTimeout( 30000 );
} );

after( async () => browser?.close() );

const shot = ( of, name ) => of.screenshot( { path: `${ shots }/${ site.name }-${ name }.png` } );
const api = ( options ) => page.evaluate( ( o ) => window.wp.apiFetch( o ), options );

/** Where the text is written: a frame in newer versions. */
const canvas = async () => ( await page.locator( 'iframe[name="editor-canvas"]' ).count() ? page.frameLocator( 'iframe[name="editor-canvas"]' ) : page.locator( '.editor-styles-wrapper' ) );

/** A post: for a new page newer versions first offer patterns, in a window before everything. */
async function newPost( block ) {
	await page.goto( `${ site.url }/wp-admin/post-new.php` );
	await page.waitForFunction( () => window.wp?.data?.select( 'core/editor' )?.getCurrentPostId() > 0 );
	await closeGuide( page );
	await page.evaluate( ( name ) => window.wp.data.dispatch( 'core/block-editor' ).insertBlocks( window.wp.blocks.createBlock( name ) ), block );
}

async function save( title ) {
	return page.evaluate( async ( name ) => {
		const editor = window.wp.data.dispatch( 'core/editor' );
		editor.editPost( { title: name, status: 'publish' } );
		await editor.savePost();
		return window.wp.data.select( 'core/editor' ).getPermalink();
	}, title );
}

test( 'the block takes a document from the Media Library and says that its summary is a draft', async () => {
	await newPost( 'aidoc/document-summary' );
	await ( await canvas() ).getByRole( 'button', { name: 'Choose a document' } ).click();
	await page.locator( '.media-modal #menu-item-browse' ).click();
	await page.locator( '.media-modal .attachments .attachment.aidoc-tile, .media-modal .attachments .attachment' ).filter( { hasText: 'mixed' } ).first().click();
	await page.locator( '.media-modal .media-button-select' ).click();
	const hint = ( await canvas() ).locator( '.aidoc-summary__hint' );
	await hint.waitFor();
	assert.match( await hint.innerText(), /mixed.*is still a draft\.\s*Review it/ );
	await shot( page, 'block-draft' );
	address = await save( 'Beside a document' );
	summary = Number( new URL( await hint.locator( 'a' ).getAttribute( 'href' ) ).searchParams.get( 'post' ) );
	assert.ok( summary > 0 );
} );

test( 'visitors see nothing of a draft, not even an empty box', async () => {
	await visitor.goto( address );
	assert.equal( await visitor.locator( '.aidoc-summary' ).count(), 0 );
} );

test( 'published, it is there for visitors', async () => {
	const { title } = await api( { path: `/wp/v2/aidoc-summaries/${ summary }`, method: 'POST', data: { status: 'publish' } } );
	await visitor.goto( address );
	const section = visitor.locator( 'section.aidoc-summary' );
	const heading = section.locator( 'h2.aidoc-summary__title' );
	assert.equal( await section.getAttribute( 'aria-labelledby' ), await heading.getAttribute( 'id' ) );
	assert.equal( await heading.textContent(), await page.evaluate( ( html ) => new DOMParser().parseFromString( html, 'text/html' ).body.textContent, title.rendered ) );
	assert.ok( ( await section.locator( '.aidoc-summary__text' ).innerText() ).length > 100 );
	await shot( visitor, 'published' );
} );

test( 'the list finds it without scripts', async () => {
	await newPost( 'aidoc/summary-list' );
	await ( await canvas() ).locator( '.aidoc-summaries__title' ).first().waitFor();
	const list = await save( 'Documents' );
	const plain = await ( await browser.newContext( { javaScriptEnabled: false } ) ).newPage();
	await plain.goto( list );
	assert.equal( await plain.locator( '.aidoc-summaries__item' ).count(), 1 );
	const search = async ( words ) => {
		await plain.getByLabel( 'Search documents' ).fill( words );
		await Promise.all( [ plain.waitForURL( new RegExp( `aidoc_q=${ words }` ) ), plain.locator( '.aidoc-summaries__form button' ).click() ] );
	};
	await search( 'xylophone' );
	assert.match( await plain.locator( '.aidoc-summaries__count' ).innerText(), /No document fits/ );
	await search( 'mixed' );
	assert.equal( await plain.locator( '.aidoc-summaries__item' ).count(), 1 );
	await shot( plain, 'list-search' );
} );

test( 'nothing went wrong on the way', () => assert.deepEqual( wrong, [] ) );
