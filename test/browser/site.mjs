// A browser at a WordPress, logged in, that sees nothing but that site and remembers what went wrong.
import { chromium } from 'playwright-core';

const need = ( name ) => process.env[ name ] || ( () => { throw new Error( `${ name } is not set: run make test-browser` ); } )();

export const site = { url: need( 'SITE_URL' ), login: need( 'SITE_LOGIN' ), password: need( 'SITE_PASSWORD' ), name: need( 'SITE_NAME' ) };

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

export async function open() {
	const browser = await chromium.launch( {
		executablePath,
		// --no-sandbox: the tests also run as root, where Chromium refuses to start with its own sandbox.
		args: [ '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync' ],
	} );
	return { browser, ...await visit( browser ) };
}

/** One more person at the same browser, with cookies of their own. `wrong` fills with what goes wrong on their pages. */
export async function visit( browser, options = {} ) {
	const context = await browser.newContext( { viewport: { width: 1360, height: 900 }, locale: 'en-US', ...options } );
	const ours = ( url ) => url.startsWith( site.url + '/' ) || /^(data|blob|about):/.test( url );
	await context.route( '**/*', ( route ) => ( ours( route.request().url() ) ? route.continue() : route.abort() ) );

	// WordPress 6.1's own editor asks the front end which template a post uses, also for types that have no front end.
	// Also of a template that editors may not read.
	const excused = ( url ) => url.includes( '_wp-find-template=true' ) || /\/wp\/v2\/templates\/[^?]*\/\/(404|single|singular)\?/.test( url );
	const wrong = [];
	const page = await context.newPage();
	page.setDefaultTimeout( 30000 );
	page.on( 'pageerror', ( error ) => wrong.push( `script error on ${ page.url() }: ${ error.message }` ) );
	page.on( 'console', ( message ) => {
		const { url } = message.location();
		if ( message.type() === 'error' && ours( url || site.url + '/' ) && ! excused( url ) ) {
			wrong.push( `console error on ${ page.url() }: ${ message.text() } (${ url })` );
		}
	} );
	page.on( 'response', ( response ) => {
		if ( response.status() >= 400 && ours( response.url() ) && ! excused( response.url() ) ) {
			wrong.push( `${ response.status() } for ${ response.request().method() } ${ response.url() }` );
		}
	} );
	return { page, wrong };
}

export async function logIn( page, { login, password } = site ) {
	await page.goto( `${ site.url }/wp-login.php` );
	await page.fill( '#user_login', login );
	await page.fill( '#user_pass', password );
	await Promise.all( [ page.waitForURL( /wp-admin/ ), page.click( '#wp-submit' ) ] );
}

// The editor greets newcomers with a guide that covers everything; an editor at work has closed it long ago.
export async function closeGuide( page ) {
	await page.evaluate( () => {
		const preferences = window.wp.data.dispatch( 'core/preferences' );
		preferences?.set( 'core/edit-post', 'welcomeGuide', false );
		preferences?.set( 'core', 'welcomeGuide', false );
	} );
}
