// axe-core within elements of the plugin. What WordPress itself draws around them is left out by container, never by rule.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const source = readFileSync( createRequire( import.meta.url ).resolve( 'axe-core/axe.min.js' ), 'utf8' );

/** Fails with the rule, the element and the reason of each violation inside `include` (a selector that must match something). */
export async function accessible( page, include, exclude = [] ) {
	await page.locator( include ).first().waitFor();
	await page.evaluate( source );
	const found = await page.evaluate( async ( [ inside, outside ] ) => {
		const { violations, passes } = await window.axe.run( { include: [ inside ], exclude: outside.filter( ( selector ) => document.querySelector( selector ) ) }, { resultTypes: [ 'violations' ] } );
		return {
			looked: passes.length + violations.length,
			faults: violations.flatMap( ( { id, nodes } ) => nodes.map( ( { html, failureSummary } ) => `${ id }: ${ html.slice( 0, 200 ) }\n${ failureSummary }` ) ),
		};
	}, [ include, exclude ] );
	assert.ok( found.looked > 0, `axe found nothing to look at in ${ include }` );
	assert.deepEqual( found.faults, [], `${ page.url() }, ${ include }` );
}
