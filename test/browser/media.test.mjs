// What an editor sees: upload a document, watch its status change without a reload, open the draft in the block editor.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { closeGuide, logIn, open, site } from './site.mjs';
import { startAgent } from './agent.mjs';

const documents = resolve( import.meta.dirname ?? new URL( '.', import.meta.url ).pathname, '../documents' );
const shots = process.env.SHOTS;
let browser, page, wrong, agent;

before( async () => {
	mkdirSync( shots, { recursive: true } );
	( { browser, page, wrong } = await open() );
	await logIn( page );
} );

after( async () => {
	await browser?.close();
	const end = await agent?.stop();
	assert.deepEqual( end, { code: 0, signal: null }, 'the agent drains and ends well' );
} );

const shot = ( name ) => page.screenshot( { path: `${ shots }/${ site.name }-${ name }.png` } );

/** Survives only as long as the document does: shows that nothing was reloaded. */
const mark = () => page.evaluate( () => ( window.aidocTestMark = true ) );
const marked = () => page.evaluate( () => window.aidocTestMark === true );

const inState = ( scope, state ) => page.locator( `${ scope }[data-aidoc-item].aidoc-is-${ state }, ${ scope } [data-aidoc-item].aidoc-is-${ state }` );

async function upload( file ) {
	await page.goto( `${ site.url }/wp-admin/media-new.php` );
	await page.locator( '.moxie-shim input[type=file]' ).first().setInputFiles( resolve( documents, file ) );
	await page.locator( '#media-items .media-item .edit-attachment, #media-items .media-item .attachment-tools' ).first().waitFor( { state: 'attached' } );
}

test( 'the list shows a new document as queued, and says that no agent has taken it', async () => {
	await upload( 'mixed.pdf' );
	await page.goto( `${ site.url }/wp-admin/upload.php?mode=list` );
	await inState( '#the-list tr:first-child', 'queued' ).waitFor();
	assert.match( await page.locator( '#the-list tr:first-child [data-aidoc-item]' ).innerText(), /Queued/ );
	await shot( 'list-queued' );
} );

test( 'the list changes to Done without a reload while an agent works', async () => {
	await mark();
	agent = startAgent();
	const row = '#the-list tr:first-child';
	await inState( row, 'done' ).waitFor( { timeout: 120000 } );
	assert.equal( await marked(), true, 'the page was reloaded' );
	const text = await page.locator( `${ row } [data-aidoc-item]` ).innerText();
	assert.match( text, /Done/ );
	assert.match( text, /Open the summary/ );
	await shot( 'list' );
} );

test( 'the grid follows an upload made in it, and the details link to the summary', async () => {
	await page.goto( `${ site.url }/wp-admin/upload.php?mode=grid` );
	await page.locator( '.attachments .attachment' ).first().waitFor();
	const known = await page.locator( '.attachments .attachment' ).count();
	await mark();
	await page.locator( '.page-title-action' ).first().click();
	await page.locator( '.moxie-shim input[type=file]' ).first().setInputFiles( resolve( documents, 'scan.pdf' ) );
	await page.waitForFunction( ( n ) => document.querySelectorAll( '.attachments .attachment:not(.uploading)' ).length > n, known );

	await page.locator( '.attachments .attachment' ).first().click();
	await page.locator( '.attachment-details' ).waitFor();
	await inState( '.attachment-details', 'done' ).first().waitFor( { timeout: 120000 } );
	assert.equal( await marked(), true, 'the page was reloaded' );
	const link = page.locator( '.attachment-details [data-aidoc-item] a' ).first();
	assert.match( await link.getAttribute( 'href' ), /post\.php\?post=\d+/ );
	await shot( 'grid-details' );
	await page.keyboard.press( 'Escape' );
	await page.locator( '.media-modal' ).first().waitFor( { state: 'hidden' } ).catch( () => {} );
	await shot( 'grid' );
} );

test( 'the draft opens in the block editor as valid blocks', async () => {
	await page.goto( `${ site.url }/wp-admin/upload.php?mode=list` );
	// The title tells the two apart: "scan" came last, so it is first.
	const links = page.locator( '#the-list [data-aidoc-item] a.aidoc-status__link' );
	await links.first().waitFor();
	const urls = await links.evaluateAll( ( nodes ) => nodes.map( ( node ) => node.href ) );
	assert.ok( urls.length >= 2, `two summaries are linked, got ${ urls }` );
	for ( const url of urls ) {
		await checkDraft( url );
	}
	await shot( 'editor' );
} );

async function checkDraft( url ) {
	await page.goto( url );
	await page.waitForFunction( () => window.wp?.data?.select( 'core/block-editor' )?.getBlocks().length > 0 );
	await closeGuide( page );
	const { blocks, status, type, title } = await page.evaluate( () => {
		const flat = ( list ) => list.flatMap( ( block ) => [ { name: block.name, valid: block.isValid, issues: block.validationIssues?.length ?? 0 }, ...flat( block.innerBlocks ) ] );
		const editor = window.wp.data.select( 'core/editor' );
		return {
			blocks: flat( window.wp.data.select( 'core/block-editor' ).getBlocks() ),
			status: editor.getEditedPostAttribute( 'status' ),
			type: editor.getCurrentPostType(),
			title: editor.getEditedPostAttribute( 'title' ),
		};
	} );
	assert.equal( status, 'draft' );
	assert.equal( type, 'aidoc_summary' );
	assert.ok( title.length > 3, `the draft has a title, not "${ title }"` );
	assert.deepEqual( blocks.filter( ( block ) => ! block.valid || block.issues > 0 ), [], 'every block is valid' );
	const names = new Set( blocks.map( ( block ) => block.name ) );
	for ( const raw of [ 'core/html', 'core/freeform', 'core/missing' ] ) {
		assert.ok( ! names.has( raw ), `the draft has a ${ raw } block` );
	}
	assert.ok( names.has( 'core/paragraph' ) || names.has( 'core/list' ), `blocks of text, got ${ [ ...names ] }` );
	assert.equal( await page.locator( '.block-editor-warning' ).count(), 0, 'no block shows a warning' );
}

test( 'a person saves the draft: their words stay, shortcodes and addresses stay text, and its blocks are valid when it is opened again', async () => {
	await addWordsAndSave( page );
	await page.reload();
	await page.waitForFunction( () => window.wp?.data?.select( 'core/block-editor' )?.getBlocks().length > 0 );
	const saved = await page.evaluate( () => {
		const flat = ( list ) => list.flatMap( ( block ) => [ { name: block.name, valid: block.isValid }, ...flat( block.innerBlocks ) ] );
		const raw = window.wp.data.select( 'core/editor' ).getCurrentPost().content;
		return { blocks: flat( window.wp.data.select( 'core/block-editor' ).getBlocks() ), raw: raw.raw ?? raw };
	} );
	assert.deepEqual( saved.blocks.filter( ( block ) => ! block.valid ), [] );
	assert.match( saved.raw, /<p>Mine, <strong>bold<\/strong> &#091;gallery], <a href="https:\/\/example.org\/">https&#058;\/\/example.org\/<\/a><\/p>/ );
	assert.match( saved.raw, /<p>https&#058;\/\/example.org\/alone<\/p>/ );
	assert.ok( ! saved.blocks.some( ( block ) => block.name === 'core/embed' ) );
	assert.equal( await page.locator( '.block-editor-warning' ).count(), 0 );
} );

/** As typing and Ctrl+S do, through the editor's own stores. */
async function addWordsAndSave( editorPage ) {
	await editorPage.evaluate( async () => {
		const { createBlock } = window.wp.blocks;
		const { dispatch } = window.wp.data;
		await dispatch( 'core/block-editor' ).insertBlocks( [
			createBlock( 'core/paragraph', { content: 'Mine, <strong>bold</strong> [gallery], <a href="https://example.org/">https://example.org/</a>' } ),
			createBlock( 'core/paragraph', { content: 'https://example.org/alone' } ),
			createBlock( 'core/heading', { content: 'A heading', level: 3 } ),
		] );
		await dispatch( 'core/editor' ).savePost();
	} );
	await editorPage.waitForFunction( () => {
		const editor = window.wp.data.select( 'core/editor' );
		return ! editor.isSavingPost() && ! editor.isEditedPostDirty() && editor.didPostSaveRequestSucceed();
	} );
}

test( 'the panel beside the draft tells how it was made, keeps a review, and has the summary made anew', async () => {
	const panel = page.locator( '.aidoc-review' );
	const inReview = ( state ) => panel.locator( `.aidoc-review__state.is-${ state }` ).waitFor();
	await inReview( 'open' );
	assert.match( await panel.innerText(), /Without a model|Summarised without a model/ );
	await panel.getByRole( 'button', { name: 'Mark as reviewed' } ).click();
	await inReview( 'reviewed' );
	assert.match( await panel.locator( '.aidoc-review__state' ).innerText(), /^Reviewed by .+ on / );
	await shot( 'panel-reviewed' );
	await page.evaluate( async () => {
		await window.wp.data.dispatch( 'core/editor' ).editPost( { title: 'A title of my own' } );
		await window.wp.data.dispatch( 'core/editor' ).savePost();
	} );
	await inReview( 'changed' );

	await panel.getByLabel( 'What should be different?' ).fill( 'Shorter.' );
	await panel.getByRole( 'button', { name: 'Regenerate' } ).click();
	await panel.getByRole( 'button', { name: 'Load the new version' } ).waitFor( { timeout: 120000 } );
	await panel.getByRole( 'button', { name: 'Load the new version' } ).click();
	await panel.getByText( 'no instruction can be followed' ).waitFor(); // The agent of this test has no model.
	await panel.getByRole( 'link', { name: 'Compare with the new one' } ).waitFor();
	assert.equal( await page.evaluate( () => window.wp.data.select( 'core/editor' ).getEditedPostAttribute( 'title' ) ), 'A title of my own' );
	await shot( 'panel-regenerated' );
} );

test( 'what a version was made from stands on the screen of revisions', async () => {
	await page.locator( '.aidoc-review' ).getByRole( 'link', { name: 'Compare with the new one' } ).click();
	await page.locator( '.revisions-diff' ).getByText( 'Made from' ).waitFor();
	assert.match( await page.locator( '.revisions-meta' ).innerText(), /without a model/ );
	assert.equal( await page.locator( '.restore-revision' ).isEnabled(), true, 'the new text can be taken' );
	await shot( 'revisions' );
} );

test( 'the screens of the plugin open', async () => {
	await page.goto( `${ site.url }/wp-admin/index.php` );
	const links = await page.locator( '#adminmenu a[href*="aidoc"]' ).evaluateAll( ( nodes ) => [ ...new Set( nodes.map( ( node ) => node.href ) ) ] );
	assert.ok( links.length >= 2, `the menu has the plugin's screens, got ${ links }` );
	for ( const [ index, link ] of links.entries() ) {
		await page.goto( link );
		await page.locator( '#wpbody-content h1, .edit-post-layout, .editor-visual-editor' ).first().waitFor();
		assert.doesNotMatch( await page.locator( 'body' ).innerText(), /critical error|Fatal error|not allowed to access/i );
		await shot( `screen-${ index + 1 }` );
	}
} );

test( 'nothing went wrong in the browser', () => {
	assert.deepEqual( wrong, [] );
} );
