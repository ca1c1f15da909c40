<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/**
 * The HTML of summaries, in the object cache where there is one and else in a transient: one entry for each summary, so that it
 * goes with the summary. Who may see the HTML is asked each time, never kept.
 */
final class HtmlCache {

	private const PREFIX = 'aidoc_html_';

	/** Of one summary: pages show it in few forms. A bound, because shortcodes can ask for more. */
	private const FORMS = 12;

	/**
	 * @param string            $stamp   What the summary is at the moment; an entry of another one is thrown away.
	 * @param string            $variant Which form of it.
	 * @param callable():string $make
	 */
	public function get( int $summary_id, string $stamp, string $variant, callable $make ): string {
		$kept  = get_transient( self::PREFIX . $summary_id );
		$forms = is_array( $kept ) && ( $kept['stamp'] ?? '' ) === $stamp && is_array( $kept['forms'] ?? null ) ? $kept['forms'] : array();
		if ( is_string( $forms[ $variant ] ?? null ) ) {
			return $forms[ $variant ];
		}
		$html  = $make();
		$forms = array_slice( array( $variant => $html ) + $forms, 0, self::FORMS, true );
		set_transient( self::PREFIX . $summary_id, compact( 'stamp', 'forms' ), DAY_IN_SECONDS );
		return $html;
	}

	/**
	 * One query for many, before a list asks for each; needed where transients are rows of the options table.
	 *
	 * @param int[] $summary_ids
	 */
	public static function prime( array $summary_ids ): void {
		if ( $summary_ids && ! wp_using_ext_object_cache() && function_exists( 'wp_prime_option_caches' ) ) { // Since WordPress 6.4.
			$names = array_map( static fn( int $id ): string => self::PREFIX . $id, $summary_ids );
			wp_prime_option_caches( array_merge( preg_replace( '~^~', '_transient_', $names ), preg_replace( '~^~', '_transient_timeout_', $names ) ) );
		}
	}

	public static function forget( int $summary_id ): void {
		delete_transient( self::PREFIX . $summary_id );
	}
}
