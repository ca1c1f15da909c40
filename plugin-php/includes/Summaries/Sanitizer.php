<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * Makes the text of a summary safe to store: formatted text, tables, links and pictures stay; nothing runs, nothing is fetched,
 * nothing calls a shortcode. Applied to what it returned it changes nothing.
 */
final class Sanitizer {

	/** Blocks that are what they look like. Any other is opened: its text stays, its meaning goes. */
	private const BLOCKS = array(
		'core/paragraph',
		'core/heading',
		'core/list',
		'core/list-item',
		'core/quote',
		'core/pullquote',
		'core/code',
		'core/preformatted',
		'core/verse',
		'core/table',
		'core/image',
		'core/separator',
		'core/spacer',
		'core/group',
		'core/columns',
		'core/column',
		'core/details',
		'core/more',
		'core/nextpage',
		'core/freeform',
	);

	private const ANYWHERE = array( 'class', 'id', 'style', 'title', 'lang', 'dir', 'role', 'aria-label', 'aria-hidden', 'aria-describedby', 'data-align' );

	/** Tags and the attributes of their own. */
	private const TAGS = array(
		'a'          => array( 'href', 'rel', 'target', 'name' ),
		'abbr'       => array(),
		'b'          => array(),
		'bdi'        => array(),
		'bdo'        => array(),
		'blockquote' => array( 'cite' ),
		'br'         => array(),
		'caption'    => array(),
		'cite'       => array(),
		'code'       => array(),
		'col'        => array( 'span' ),
		'colgroup'   => array( 'span' ),
		'dd'         => array(),
		'del'        => array( 'datetime' ),
		'details'    => array( 'open' ),
		'dfn'        => array(),
		'div'        => array(),
		'dl'         => array(),
		'dt'         => array(),
		'em'         => array(),
		'figcaption' => array(),
		'figure'     => array(),
		'h1'         => array(),
		'h2'         => array(),
		'h3'         => array(),
		'h4'         => array(),
		'h5'         => array(),
		'h6'         => array(),
		'hr'         => array(),
		'i'          => array(),
		'img'        => array( 'src', 'srcset', 'sizes', 'alt', 'width', 'height', 'loading' ),
		'ins'        => array( 'datetime' ),
		'kbd'        => array(),
		'li'         => array( 'value' ),
		'mark'       => array(),
		'ol'         => array( 'start', 'reversed', 'type' ),
		'p'          => array( 'align' ),
		'pre'        => array(),
		'q'          => array( 'cite' ),
		's'          => array(),
		'samp'       => array(),
		'section'    => array(),
		'small'      => array(),
		'span'       => array(),
		'strong'     => array(),
		'sub'        => array(),
		'summary'    => array(),
		'sup'        => array(),
		'table'      => array(),
		'tbody'      => array(),
		'td'         => array( 'colspan', 'rowspan', 'headers' ),
		'tfoot'      => array(),
		'th'         => array( 'colspan', 'rowspan', 'scope', 'headers' ),
		'thead'      => array(),
		'tr'         => array(),
		'u'          => array(),
		'ul'         => array(),
		'var'        => array(),
	);

	private const PROTOCOLS = array( 'http', 'https', 'mailto', 'tel' );

	/** Comments that mean something: a block's delimiters, and the marks inside the two blocks that divide a text. */
	private const COMMENT = '~^<!--(?:\s+/?wp:[a-z]|(?:more|noteaser|nextpage)\b)~';

	/** @return string[] */
	public static function blocks(): array {
		/**
		 * The blocks that a summary may be made of. Who adds one answers for what it does with text that came out of a document.
		 *
		 * @param string[] $blocks
		 */
		return (array) apply_filters( 'aidoc_summary_blocks', self::BLOCKS );
	}

	public static function content( string $html ): string {
		return self::text( self::open_blocks( wp_kses( self::open_blocks( $html ), self::allowed(), self::PROTOCOLS ) ) );
	}

	/** A title or an excerpt. */
	public static function line( string $html ): string {
		return self::text( wp_kses( $html, 'data' ) );
	}

	/**
	 * Brackets call no shortcode, and no address is one that WordPress would embed: it takes those that are alone on a line or in
	 * a paragraph, and asks their hosts for what to show. Only the way it is written changes; a reader sees the same.
	 */
	public static function text( string $html ): string {
		$safe = '';
		foreach ( wp_html_split( $html ) as $piece ) {
			$safe .= match ( true ) {
				str_starts_with( $piece, '<!--' ) => preg_match( self::COMMENT, $piece ) ? $piece : '',
				str_starts_with( $piece, '<' )    => str_replace( '[', '&#091;', $piece ),
				default                           => preg_replace( '~(https?):(?=//)~i', '$1&#058;', str_replace( '[', '&#091;', $piece ) ),
			};
		}
		return $safe;
	}

	/** @return array<string,array<string,bool>> */
	private static function allowed(): array {
		return array_map( static fn( array $own ): array => array_fill_keys( array_merge( $own, self::ANYWHERE ), true ), self::TAGS );
	}

	private static function open_blocks( string $html ): string {
		if ( ! preg_match( '~<!--\s+/?wp:~', $html ) ) {
			return $html;
		}
		$blocks = parse_blocks( $html );
		$again  = serialize_blocks( $blocks );
		if ( self::delimiters( $again ) !== self::delimiters( $html ) || self::bare( $again ) !== self::bare( $html ) ) {
			return self::bare( $html ); // A block that does not end: core's parser moves and doubles what is around it.
		}
		$changed = false;
		$blocks  = self::each( $blocks, self::blocks(), $changed );
		return $changed ? serialize_blocks( $blocks ) : $html;
	}

	/** @return list<array{0:string,1:string,2:string}> Slash before, name, slash after. */
	private static function delimiters( string $html ): array {
		preg_match_all( '~<!--\s+(/?)wp:(?:core/)?([a-z][a-z0-9_-]*(?:/[a-z][a-z0-9_-]*)?).*?(/?)-->~s', $html, $found );
		return array_map( null, $found[1], $found[2], $found[3] );
	}

	private static function bare( string $html ): string {
		return preg_replace( '~<!--.*?-->~s', '', $html ) ?? $html;
	}

	/**
	 * @param list<array<string,mixed>> $blocks As parse_blocks() gives them.
	 * @param string[]                  $allowed
	 * @return list<array<string,mixed>>
	 */
	private static function each( array $blocks, array $allowed, bool &$changed ): array {
		foreach ( $blocks as &$block ) {
			$block['innerBlocks'] = self::each( $block['innerBlocks'], $allowed, $changed );
			if ( null !== $block['blockName'] && ! in_array( $block['blockName'], $allowed, true ) ) {
				$changed = true;
				$block   = self::opened( $block );
			}
		}
		return $blocks;
	}

	/**
	 * @param array<string,mixed> $block
	 * @return array<string,mixed>
	 */
	private static function opened( array $block ): array {
		$is_embed = str_starts_with( $block['blockName'], 'core-embed/' ) || 'core/embed' === $block['blockName'];
		$text     = $is_embed ? (string) ( $block['attrs']['url'] ?? '' ) : ( 'core/shortcode' === $block['blockName'] ? trim( $block['innerHTML'] ) : '' );
		if ( '' === $text ) {
			return array( 'blockName' => null ) + $block; // Without delimiters: what is inside, as it stands.
		}
		$html = "\n<p>" . BlockBuilder::escape( wp_specialchars_decode( $text ) ) . "</p>\n";
		return array(
			'blockName'    => 'core/paragraph',
			'attrs'        => array(),
			'innerBlocks'  => array(),
			'innerHTML'    => $html,
			'innerContent' => array( $html ),
		);
	}
}
