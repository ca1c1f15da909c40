// The way from an upload to the published block, as each role walks it: an author writes, an editor works on it, an administrator
// runs the machine, a subscriber and a visitor see what they may. The screens are looked at by axe-core on the way.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { startAgent } from './agent.mjs';
import { accessible } from './axe.mjs';
import { usableByKeyboard } from './keyboard.mjs';
import { closeGuide, logIn, open, site, visit } from './site.mjs';

const documents = resolve( import.meta.dirname ?? new URL( '.', import.meta.url ).pathname, '../documents' );
const shots = process.env.SHOTS;
const people = {};
let browser, agent, summary, file, address;

const api = ( page, options ) => page.evaluate( ( o ) => window.wp.apiFetch( o ), options );

before( async () => {
	mkdirSync( shots, { recursive: true } );
	const admin = await open();
	browser = admin.browser;
	people.administrator = admin;
	await logIn( admin.page );
	await admin.page.goto( `${ site.url }/wp-admin/post-new.php` ); // Has wp.apiFetch.
	for ( const [ login, role ] of [ [ 'erin', 'editor' ], [ 'arthur', 'author' ], [ 'alice', 'author' ], [ 'sam', 'subscriber' ] ] ) {
		await api( admin.page, { path: '/wp/v2/users', method: 'POST', data: { username: login, email: `${ login }@example.org`, password: site.password, roles: [ role ] } } );
		people[ login ] = await visit( browser );
		await logIn( people[ login ].page, { login, password: site.password } );
	}
	people.visitor = await visit( browser );
	agent = startAgent();
} );

after( async () => {
	await browser?.close();
	assert.deepEqual( await agent?.stop(), { code: 0, signal: null }, 'the agent drains and ends well' );
} );

const admin = ( path ) => `${ site.url }/wp-admin/${ path }`;
const screen = ( name, more = '' ) => admin( `edit.php?post_type=aidoc_summary&page=aidoc-${ name }${ more }` );
const shot = ( page, name ) => page.screenshot( { path: `${ shots }/${ site.name }-walk-${ name }.png` } );
const row = ( name ) => `#the-list tr:has-text("${ name }")`;
const done = ( page, name ) => page.locator( `${ row( name ) } [data-aidoc-item].aidoc-is-done, ${ row( name ) }[data-aidoc-item].aidoc-is-done` ).first().waitFor( { timeout: 120000 } );

async function upload( page, name ) {
	await page.goto( admin( 'media-new.php' ) );
	await page.locator( '.moxie-shim input[type=file]' ).first().setInputFiles( resolve( documents, name ) );
	await page.locator( '#media-items .media-item .edit-attachment, #media-items .media-item .attachment-tools' ).first().waitFor( { state: 'attached' } );
}

/** Older versions say it with status 500. */
async function denied( page, url ) {
	const answer = await page.context().request.get( url );
	assert.ok( [ 403, 500 ].includes( answer.status() ), `${ url } answers ${ answer.status() }` );
	assert.match( await answer.text(), /not allowed/i, url );
}

async function draft( page, id ) {
	await page.goto( admin( `post.php?post=${ id }&action=edit` ) );
	const loaded = () => page.waitForFunction( () => window.wp?.data?.select( 'core/block-editor' )?.getBlocks().length > 0 );
	await loaded();
	// Whoever had it open before may still hold the lock of the post for two minutes: as people do, take it over.
	if ( await page.evaluate( () => window.wp.data.select( 'core/editor' ).isPostLocked() ) ) {
		await Promise.all( [ page.waitForEvent( 'load' ), page.getByRole( 'link', { name: /take over/i } ).or( page.getByRole( 'button', { name: /take over/i } ) ).click() ] );
		await loaded();
	}
	await closeGuide( page );
	return page.locator( '.aidoc-review' );
}

const save = ( page, changes ) => page.evaluate( async ( edits ) => {
	const editor = window.wp.data.dispatch( 'core/editor' );
	editor.editPost( edits );
	await editor.savePost();
	return { ok: window.wp.data.select( 'core/editor' ).didPostSaveRequestSucceed(), url: window.wp.data.select( 'core/editor' ).getPermalink() };
}, changes );

test( 'author: an upload is read while they watch the list', async () => {
	const { page } = people.arthur;
	await upload( page, 'report.docx' );
	await page.goto( admin( 'upload.php?mode=list' ) );
	await done( page, 'report' );
	const item = page.locator( `${ row( 'report' ) } [data-aidoc-item]` ).first();
	summary = Number( new URL( await item.locator( 'a.aidoc-status__link' ).getAttribute( 'href' ) ).searchParams.get( 'post' ) );
	file = Number( ( await page.locator( row( 'report' ) ).first().getAttribute( 'id' ) ).replace( 'post-', '' ) );
	assert.ok( summary > 0 && file > 0 );
	await accessible( page, '[data-aidoc-item]' );
	await shot( page, 'author-list' );
} );

test( 'author: the panel tells how it was made; approved and published in the editor', async () => {
	const { page } = people.arthur;
	const panel = await draft( page, summary );
	assert.match( await panel.innerText(), /without a model/i );
	await accessible( page, '.aidoc-review' );
	await panel.getByRole( 'button', { name: 'Mark as reviewed' } ).click();
	await panel.locator( '.aidoc-review__state.is-reviewed' ).waitFor();
	assert.match( await panel.locator( '.aidoc-review__state' ).innerText(), /^Reviewed by arthur on / );
	await shot( page, 'author-panel' );
	assert.equal( ( await save( page, { status: 'publish' } ) ).ok, true );
} );

test( 'author: a page of their own shows it to a visitor', async () => {
	const { page } = people.arthur;
	await page.goto( admin( 'post-new.php' ) );
	await page.waitForFunction( () => window.wp?.data?.select( 'core/editor' )?.getCurrentPostId() > 0 );
	await closeGuide( page );
	await page.evaluate( ( id ) => window.wp.data.dispatch( 'core/block-editor' ).insertBlocks( window.wp.blocks.createBlock( 'aidoc/document-summary', { attachmentId: id } ) ), file );
	const saved = await save( page, { title: 'What the report says', status: 'publish' } );
	assert.equal( saved.ok, true );
	address = saved.url;
	const visitor = people.visitor.page;
	await visitor.goto( address );
	assert.ok( ( await visitor.locator( 'section.aidoc-summary .aidoc-summary__text' ).innerText() ).length > 100 );
	await accessible( visitor, 'section.aidoc-summary' );
	await shot( visitor, 'visitor-block' );
} );

test( 'another author sees neither the summary nor a way to it', async () => {
	const { page } = people.alice;
	await page.goto( admin( 'edit.php?post_type=aidoc_summary' ) );
	assert.equal( await page.locator( `#post-${ summary }` ).count(), 0 );
	await denied( page, admin( `post.php?post=${ summary }&action=edit` ) );
	await people.arthur.page.goto( admin( 'edit.php?post_type=aidoc_summary' ) );
	await people.arthur.page.locator( `#post-${ summary }` ).waitFor();
	for ( const name of [ 'queue', 'agents', 'spending', 'backfill', 'settings' ] ) {
		await denied( page, screen( name ) );
	}
} );

test( 'subscriber: nothing of it in wp-admin, nor by its addresses, nor through REST', async () => {
	const { page } = people.sam;
	await page.goto( admin( 'profile.php' ) );
	assert.equal( await page.locator( '#adminmenu a[href*="aidoc"], [class*="aidoc"], #wpadminbar a[href*="aidoc"]' ).count(), 0 );
	const { request } = page.context();
	for ( const url of [ admin( 'edit.php?post_type=aidoc_summary' ), admin( `post.php?post=${ summary }&action=edit` ), ...[ 'queue', 'agents', 'spending', 'backfill', 'settings' ].map( ( name ) => screen( name ) ) ] ) {
		await denied( page, url );
	}
	const nonce = await ( await request.get( admin( 'admin-ajax.php?action=rest-nonce' ) ) ).text();
	const answer = await request.get( `${ site.url }/?rest_route=/wp/v2/aidoc-summaries&context=edit`, { headers: { 'X-WP-Nonce': nonce } } );
	assert.equal( answer.status(), 403 );
} );

test( 'editor: filters the library by state and has rows read again, with a report', async () => {
	const { page } = people.erin;
	await page.goto( admin( 'upload.php?mode=list' ) );
	await accessible( page, '.column-aidoc, [data-aidoc-item]' );
	await page.locator( '#aidoc-filter' ).selectOption( { label: 'Done' } );
	await Promise.all( [ page.waitForURL( /aidoc/ ), page.locator( '#post-query-submit' ).click() ] );
	await page.locator( `#post-${ file }` ).waitFor();
	await page.locator( `#cb-select-${ file }` ).check();
	await page.locator( '#bulk-action-selector-top' ).selectOption( { label: 'Read again' } );
	await Promise.all( [ page.waitForURL( /aidoc_reported|mode=list/ ), page.locator( '#doaction' ).click() ] );
	const report = page.locator( '.notice[role="status"]' );
	await report.waitFor();
	assert.match( await report.innerText(), /1 document/ );
	await shot( page, 'editor-report' );
	await page.goto( admin( 'upload.php?mode=list' ) );
	await done( page, 'report' );
} );

test( 'editor: asks for another text of the author’s summary, and the list tells its source', async () => {
	const { page } = people.erin;
	const panel = await draft( page, summary );
	await panel.getByLabel( 'What should be different?' ).fill( 'Two sentences.' );
	await panel.getByRole( 'button', { name: 'Regenerate' } ).click();
	await panel.getByRole( 'button', { name: 'Load the new version' } ).waitFor( { timeout: 120000 } );
	await accessible( page, '.aidoc-review' );
	await page.goto( admin( 'edit.php?post_type=aidoc_summary' ) );
	assert.match( await page.locator( `#post-${ summary }` ).innerText(), /report/ );
	await accessible( page, `#post-${ summary }`, [ '.column-title', '.check-column', '.column-date' ] ); // Those are core's.
	await shot( page, 'editor-summaries' );
} );

test( 'administrator: queue and the page of a job', async () => {
	const { page } = people.administrator;
	await page.goto( screen( 'queue' ) );
	await accessible( page, '.aidoc-wrap' );
	await page.getByRole( 'link', { name: /^Show log ?: report/ } ).first().focus(); // Row actions show on focus too.
	await page.keyboard.press( 'Enter' );
	await page.locator( '#aidoc-job' ).waitFor();
	assert.match( await page.locator( '#aidoc-job' ).innerText(), /office/ );
	await accessible( page, '.aidoc-wrap' );
	await shot( page, 'admin-job' );
} );

test( 'administrator: agents, spending and settings', async () => {
	const { page } = people.administrator;
	for ( const [ name, words ] of [ [ 'agents', /office/ ], [ 'spending', /Spending/ ], [ 'settings', /Settings/ ] ] ) {
		await page.goto( screen( name ) );
		assert.match( await page.locator( '.aidoc-wrap' ).innerText(), words );
		await accessible( page, '.aidoc-wrap' );
		await shot( page, `admin-${ name }` );
	}
} );

test( 'administrator: counts the library before it is queued, then starts', async () => {
	const { page } = people.administrator;
	await page.goto( screen( 'backfill' ) );
	await accessible( page, '.aidoc-wrap' );
	await page.locator( 'input[name="which"][value="all"]' ).check();
	await page.getByRole( 'button', { name: 'Count them' } ).click();
	const start = page.getByRole( 'button', { name: /^Queue th(is|ese) .*document/ } );
	await start.waitFor( { timeout: 60000 } );
	await accessible( page, '.aidoc-wrap' );
	await shot( page, 'admin-backfill-counted' );
	page.once( 'dialog', ( dialog ) => dialog.accept() );
	await start.click();
	await page.locator( '[data-aidoc-backfill="done"]' ).waitFor( { timeout: 60000 } );
	assert.equal( await page.getByRole( 'button', { name: /^Queue th/ } ).count(), 0, 'the real run came after the count' );
	await page.goto( admin( 'upload.php?mode=list' ) );
	await done( page, 'report' );
} );

test( 'administrator: Site Health answers for the agents', async () => {
	const { page } = people.administrator;
	await page.goto( admin( 'site-health.php' ) );
	const ours = page.locator( '.health-check-accordion [id*="accordion-block-aidoc_"]' );
	for ( const name of [ 'aidoc_agents', 'aidoc_leases', 'aidoc_connection' ] ) {
		await page.locator( `[id$="accordion-block-${ name }"]` ).waitFor( { state: 'attached', timeout: 60000 } );
	}
	assert.doesNotMatch( ( await ours.allTextContents() ).join( ' ' ), /Fatal|Warning:/ );
	await shot( page, 'admin-health' );
} );

test( 'details in the grid and the list block are accessible too', async () => {
	const { page } = people.arthur;
	await page.goto( admin( `upload.php?mode=grid` ) );
	await page.locator( `.attachment[data-id="${ file }"]` ).click();
	await page.locator( '.attachment-details [data-aidoc-item]' ).first().waitFor();
	await accessible( page, '.attachment-details [data-aidoc-item]' );
	await page.goto( admin( 'post-new.php' ) );
	await page.waitForFunction( () => window.wp?.data?.select( 'core/editor' )?.getCurrentPostId() > 0 );
	await closeGuide( page );
	await page.evaluate( () => window.wp.data.dispatch( 'core/block-editor' ).insertBlocks( window.wp.blocks.createBlock( 'aidoc/summary-list' ) ) );
	const { url } = await save( page, { title: 'All documents', status: 'publish' } );
	const visitor = people.visitor.page;
	await visitor.goto( url );
	await visitor.locator( '.aidoc-summaries__item' ).first().waitFor();
	await accessible( visitor, '.aidoc-summaries' );
} );

test( 'all screens are used by keyboard alone', async () => {
	const { page } = people.administrator;
	for ( const name of [ 'queue', 'agents', 'spending', 'backfill', 'settings' ] ) {
		await page.goto( screen( name ) );
		await usableByKeyboard( page, '.aidoc-wrap' );
	}
	await page.goto( screen( 'queue' ) );
	await page.goto( await page.getByRole( 'link', { name: /^Show log ?: report/ } ).first().getAttribute( 'href' ) );
	await usableByKeyboard( page, '.aidoc-wrap' );
	await page.goto( admin( 'upload.php?mode=list' ) );
	await usableByKeyboard( page, `#post-${ file } [data-aidoc-item]` );
} );

test( 'the panel beside a draft is used by keyboard alone', async () => {
	const { page } = people.arthur;
	await draft( page, summary );
	await usableByKeyboard( page, '.aidoc-review' );
} );

test( 'details in the grid open and close by keyboard', async () => {
	const { page } = people.administrator;
	await page.goto( admin( 'upload.php?mode=grid' ) );
	await page.locator( `.attachment[data-id="${ file }"]` ).focus();
	await page.keyboard.press( 'Enter' );
	await page.locator( '.attachment-details [data-aidoc-item]' ).first().waitFor();
	await usableByKeyboard( page, '.attachment-details [data-aidoc-item]' );
	await page.keyboard.press( 'Escape' );
	await page.locator( '.attachment-details' ).first().waitFor( { state: 'hidden' } );
} );

test( 'a plugin that closes REST to visitors does not stop the agent', async () => {
	const closing = resolve( process.env.SITE_ROOT, 'wp-content/mu-plugins/close-rest.php' );
	mkdirSync( resolve( closing, '..' ), { recursive: true } );
	writeFileSync( closing, "<?php add_filter( 'rest_authentication_errors', fn( $e ) => is_user_logged_in() ? $e : new WP_Error( 'rest_login_required', 'No.', array( 'status' => 401 ) ), 99 );" );
	try {
		const { request } = people.visitor.page.context();
		assert.equal( ( await request.get( `${ site.url }/?rest_route=/wp/v2/posts` ) ).status(), 401, 'REST is closed to visitors' );
		const { page } = people.arthur;
		await upload( page, 'meeting.txt' );
		await page.goto( admin( 'upload.php?mode=list' ) );
		await done( page, 'meeting' );
	} finally {
		rmSync( closing );
	}
} );

test( 'nothing went wrong on anybody’s pages', () => {
	for ( const [ name, { wrong } ] of Object.entries( people ) ) {
		assert.deepEqual( wrong, [], name );
	}
} );
