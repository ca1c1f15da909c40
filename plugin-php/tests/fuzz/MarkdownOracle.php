<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Fuzz;

use AIDoc\Summaries\Allowance;
use AIDoc\Summaries\BlockBuilder;
use AIDoc\Summaries\Blocks;
use AIDoc\Summaries\MarkdownBlocks;
use AIDoc\Text;

/** What must hold of any Markdown, said without the reader's own means. Each method names what is broken, or gives ''. */
final class MarkdownOracle {

	private const OWN = '~<!-- /?wp:(?:heading|paragraph|list|list-item|quote|code|table)(?: \{(?:"level":[34]|"ordered":true|"hasFixedLayout":false)\})? -->|</?(?:p|strong|em|code|li|blockquote|pre|figure|table|thead|tbody|tr|th|td|ul|ol|h[234])>|<br>|<(?:h[234] class="wp-block-heading"|[uo]l class="wp-block-list"|blockquote class="wp-block-quote"|pre class="wp-block-code"|figure class="wp-block-table")>~';

	/** Everything at once, of a text of moderate length. */
	public static function objection( string $markdown ): string {
		$blocks = MarkdownBlocks::parse( $markdown );
		$html   = ( new BlockBuilder( '7.1' ) )->render( $blocks );
		return self::markup( $html ) ?: self::text( $markdown, $blocks, $html ) ?: self::lost( $markdown ) ?: self::wire( $blocks, $html );
	}

	/** Nothing but our own tags; and WordPress reads them as blocks, and leaves them as they are. */
	private static function markup( string $html ): string {
		$bare = (string) preg_replace( self::OWN, '', $html );
		return match ( true ) {
			strlen( $bare ) !== strcspn( $bare, '<>[' )                     => 'markup of somebody else',
			1 === preg_match( '/&(?!(?:lt|gt|amp|#091|#038);)/', $bare )      => 'an entity of somebody else',
			serialize_blocks( parse_blocks( $html ) ) !== $html              => 'blocks that WordPress reads otherwise',
			wp_kses_post( $html ) !== $html                                  => 'HTML that WordPress changes',
			default                                                          => '',
		};
	}

	/** The HTML shows the blocks' text, and that is the Markdown's: less its marks, and in its order. */
	private static function text( string $markdown, array $blocks, string $html ): string {
		$text  = self::dense( self::of( $blocks ) );
		$shown = self::dense( html_entity_decode( (string) preg_replace( self::OWN, '', $html ), ENT_QUOTES | ENT_HTML5, 'UTF-8' ) );
		return match ( true ) {
			$shown !== $text => 'HTML that shows another text',
			! self::is_within( $text, self::dense( Text::lines( $markdown ) ) ) => 'text that was not there',
			default          => '',
		};
	}

	/** Letters and all that is no mark are kept. Links keep their label only: here they are none. */
	private static function lost( string $markdown ): string {
		$markdown = str_replace( '](', '] (', Text::lines( $markdown ) );
		return self::is_within( self::kept( $markdown ), self::dense( self::of( MarkdownBlocks::parse( $markdown ) ) ) ) ? '' : 'lost text';
	}

	/** Blocks that come as JSON are read as they are. */
	private static function wire( array $blocks, string $html ): string {
		$read = Blocks::read( json_decode( (string) wp_json_encode( $blocks ) ) );
		return ( new BlockBuilder( '7.1' ) )->render( $read ) === $html ? '' : 'blocks that change on the wire';
	}

	/** Of a long text: time and memory grow as it does, and what is left out is said. */
	public static function growth( string $short, string $long ): string {
		$factor = strlen( $long ) / strlen( $short );
		for ( $try = 0; $try < 3; ++$try ) {
			[ $time, $bytes, $blocks ] = self::cost( $long );
			$budget                    = 3 * $factor * max( 0.002, self::cost( $short )[0] );
			if ( $bytes > 16_000_000 + 32 * strlen( $long ) ) {
				return sprintf( '%.1f MB of memory for %d bytes', $bytes / 1e6, strlen( $long ) );
			}
			if ( $time <= $budget ) {
				return end( $blocks ) === Allowance::rest_left_out() ? '' : self::lost( $long );
			}
		}
		return sprintf( '%.2f s for %d bytes, %.2f s are linear', $time, strlen( $long ), $budget );
	}

	/** @return array{float,int,array} Seconds of processor time, bytes at the peak, the blocks. */
	private static function cost( string $markdown ): array {
		$before = memory_get_usage();
		memory_reset_peak_usage();
		$start  = self::seconds();
		$blocks = MarkdownBlocks::parse( $markdown );
		( new BlockBuilder( '7.1' ) )->render( $blocks );
		return array( self::seconds() - $start, memory_get_peak_usage() - $before, $blocks );
	}

	/** Of this process alone: other load on the machine does not count. */
	private static function seconds(): float {
		$used = getrusage();
		return $used['ru_utime.tv_sec'] + $used['ru_utime.tv_usec'] / 1e6 + $used['ru_stime.tv_sec'] + $used['ru_stime.tv_usec'] / 1e6;
	}

	private static function of( array $blocks ): string {
		$text = '';
		array_walk_recursive(
			$blocks,
			static function ( $value, $key ) use ( &$text ): void {
				$text .= 'text' === $key ? $value : '';
			}
		);
		return Text::lines( $text );
	}

	private static function kept( string $markdown ): string {
		$dropped = '/^ {0,3}(?:`{3,}[^`\n]*|~{3,}.*)$|^\s*\d{1,9}[.)](?=\s)/m';
		return (string) preg_replace( '/[\s!-+.:<->\[-`|~-]/', '', (string) preg_replace( $dropped, '', Text::lines( $markdown ) ) );
	}

	private static function dense( string $text ): string {
		return (string) preg_replace( '/\s+/', '', $text );
	}

	private static function is_within( string $needle, string $text ): bool {
		$at = 0;
		foreach ( '' === $needle ? array() : str_split( $needle ) as $byte ) {
			$at = strpos( $text, $byte, $at );
			if ( false === $at ) {
				return false;
			}
			++$at;
		}
		return true;
	}
}
