// A screen by keyboard alone: Tab comes to all that can be used inside an element, in the order in which it stands there, shows where it is,
// and goes on behind it.
import assert from 'node:assert/strict';

// What a browser's Tab stops at, numbered, with its looks while it is not focused. Of radio buttons of one name there is one stop.
const number = ( include ) => {
	const looks = ( one ) => {
		const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, backgroundColor, color, textDecorationLine } = getComputedStyle( one );
		return [ outlineStyle === 'none' ? '' : outlineStyle + outlineWidth + outlineColor, boxShadow, borderColor, backgroundColor, color, textDecorationLine ].join( '|' );
	};
	window.aidocLooks = looks;
	document.activeElement?.blur();
	const groups = new Set();
	const stops = [ ...document.querySelectorAll( `${ include } :is(a[href], button, input, select, textarea, summary, [tabindex])` ) ].filter( ( one ) => {
		if ( one.tabIndex < 0 || one.disabled || one.type === 'hidden' || ! one.checkVisibility( { visibilityProperty: true } ) ) {
			return false;
		}
		if ( one.type !== 'radio' ) {
			return true;
		}
		const chosen = document.querySelector( `input[name="${ one.name }"]:checked` );
		const first = ! groups.has( one.name );
		groups.add( one.name );
		return chosen ? one === chosen : first;
	} );
	stops.forEach( ( one, i ) => Object.assign( one.dataset, { aidocStop: i, aidocLooks: looks( one ) } ) );
	return stops.map( ( one ) => one.outerHTML.slice( 0, 120 ) );
};

const where = () => {
	const one = document.activeElement;
	return { stop: one?.dataset?.aidocStop ?? null, shown: one?.dataset?.aidocLooks !== window.aidocLooks( one ), html: one?.outerHTML.slice( 0, 160 ) };
};

// Tab goes through day, month, year and the calendar of a date before it leaves the field.
async function next( page, i ) {
	let at;
	for ( let presses = 0; presses < 5; presses++ ) {
		await page.keyboard.press( 'Tab' );
		at = await page.evaluate( where );
		if ( at.stop !== String( i - 1 ) ) {
			break;
		}
	}
	return at;
}

/** Fails with the stop that Tab leaves out, comes to in another order, or does not show. */
export async function usableByKeyboard( page, include ) {
	await page.locator( include ).first().waitFor();
	const stops = await page.evaluate( number, include );
	assert.ok( stops.length > 0, `nothing in ${ include } can be reached` );
	await page.locator( '[data-aidoc-stop="0"]' ).focus();
	await page.keyboard.press( 'Shift+Tab' ); // By key, as people come: only then is the focus shown.
	for ( const [ i, stop ] of stops.entries() ) {
		const at = await next( page, i );
		assert.equal( at.stop, String( i ), `${ page.url() }: Tab comes to ${ at.html }, not to ${ stop }` );
		assert.ok( at.shown, `${ page.url() }: the focus is not seen on ${ at.html }` );
	}
	assert.equal( ( await next( page, stops.length ) ).stop, null, `${ page.url() }: Tab does not leave ${ include }` );
}
