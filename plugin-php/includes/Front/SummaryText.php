<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Summaries\Sanitizer;

/**
 * The text of a summary as HTML of a page: cleaned once more, its headings below the title of the block, without the line that
 * names the source, which the block draws itself. It calls no shortcode and embeds nothing.
 */
final class SummaryText {

	/** The first paragraph as Summaries\BlockBuilder::source() writes it. */
	private const SOURCE = '~^\s*<p><em>[^<]+</em> (?:<a [^>]*>)?[^<]*(?:</a>)?</p>\s*$~';

	private const PAGE_LINK = '~<a\b[^>]*\shref="[^"]*#page=\d+"[^>]*>(.*?)</a>~is';

	public function __construct( private readonly HtmlCache $cache ) {}

	public function html( \WP_Post $summary, \WP_Post $document, Shown $shown ): string {
		$stamp   = md5( implode( "\0", array( AIDOC_VERSION, get_bloginfo( 'version' ), $summary->post_modified_gmt, $summary->post_content, $document->post_modified_gmt ) ) );
		$variant = md5( implode( ' ', array( determine_locale(), (int) $shown->whole, (int) $shown->pageLinks, $shown->text_level() ) ) );
		$html    = $this->cache->get( $summary->ID, $stamp, $variant, static fn(): string => self::render( $summary->post_content, $shown ) );
		self::load_styles( $html );
		return $html;
	}

	/** Themes that load the styles of core's blocks as these are drawn learn of those that come from the cache. */
	private static function load_styles( string $html ): void {
		preg_match_all( '~\bwp-block-[a-z-]+~', $html, $found );
		foreach ( array_unique( $found[0] ) as $style ) {
			if ( wp_style_is( $style, 'registered' ) ) {
				wp_enqueue_style( $style );
			}
		}
	}

	private static function render( string $content, Shown $shown ): string {
		$blocks = self::blocks( Sanitizer::content( $content ) );
		$blocks = $shown->whole ? $blocks : self::opening( $blocks );
		$html   = implode( "\n", array_map( 'trim', array_map( 'render_block', $blocks ) ) );
		$html   = $shown->pageLinks ? $html : (string) preg_replace( self::PAGE_LINK, '$1', $html );
		return wptexturize( self::with_headings_from( $shown->text_level(), $html ) );
	}

	/** @return list<array<string,mixed>> What is written, in parts that are divided at headings. */
	private static function blocks( string $content ): array {
		if ( ! has_blocks( $content ) ) { // Saved by the classic editor.
			$content = wpautop( $content );
			$parts   = preg_split( '~(?=<h[1-6]\b)|(?<=</h1>|</h2>|</h3>|</h4>|</h5>|</h6>)|(?<=</p>)~i', $content, -1, PREG_SPLIT_NO_EMPTY );
			$blocks  = array_map( static fn( string $html ): array => self::block_of( $html ), $parts ? $parts : array() );
		} else {
			$blocks = parse_blocks( $content );
		}
		$blocks = array_values( array_filter( $blocks, static fn( array $block ): bool => null !== $block['blockName'] || '' !== trim( $block['innerHTML'] ) ) );
		if ( $blocks && preg_match( self::SOURCE, $blocks[0]['innerHTML'] ) ) {
			array_shift( $blocks );
		}
		return $blocks;
	}

	/** @return array<string,mixed> As parse_blocks() gives HTML that is in no block. */
	private static function block_of( string $html ): array {
		return array(
			'blockName'    => null,
			'attrs'        => array(),
			'innerBlocks'  => array(),
			'innerHTML'    => $html,
			'innerContent' => array( $html ),
		);
	}

	/**
	 * The abstract: what stands before the first heading, or below it where the text begins with one.
	 *
	 * @param list<array<string,mixed>> $blocks
	 * @return list<array<string,mixed>>
	 */
	private static function opening( array $blocks ): array {
		while ( $blocks && self::is_heading( $blocks[0] ) ) {
			array_shift( $blocks );
		}
		foreach ( $blocks as $i => $block ) {
			if ( self::is_heading( $block ) ) {
				return array_slice( $blocks, 0, $i );
			}
		}
		return $blocks;
	}

	/** @param array<string,mixed> $block */
	private static function is_heading( array $block ): bool {
		return 1 === preg_match( '~^\s*<h[1-6]\b~i', $block['innerHTML'] );
	}

	/** The highest heading of the text gets that level, the others keep their distance from it as far as there are levels. */
	private static function with_headings_from( int $level, string $html ): string {
		$pieces = wp_html_split( $html );
		$found  = array();
		foreach ( $pieces as $piece ) {
			if ( preg_match( '~^<h([1-6])\b~i', $piece, $match ) ) {
				$found[] = (int) $match[1];
			}
		}
		if ( ! $found ) {
			return $html;
		}
		$by     = $level - min( $found );
		$moved  = static fn( array $tag ): string => '<' . $tag[1] . 'h' . min( 6, (int) $tag[2] + $by );
		$change = static fn( string $piece ): string => (string) preg_replace_callback( '~^<(/?)h([1-6])\b~i', $moved, $piece );
		return implode( '', array_map( $change, $pieces ) );
	}
}
