<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

use AIDoc\Schema;

/** The plugin's tests of Site Health, for those who have no browser. */
final class DoctorCommand {

	private const FIELDS = array( 'test', 'status', 'result', 'advice' );

	/**
	 * Checks what the queue needs: keys, agents, doorbell, and what else Site Health checks of the plugin.
	 *
	 * ## OPTIONS
	 *
	 * [--fields=<fields>]
	 * : Of test, status, result, advice.
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml, count or ids.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc doctor && echo fine
	 *
	 * Exit codes: 0 all is well, 2 something is to be improved, 1 something does not work.
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function __invoke( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$rows = $this->rows();
		Output::rows( $rows, self::FIELDS, $options );
		$found = array_column( $rows, 'status' );
		if ( in_array( 'critical', $found, true ) ) {
			\WP_CLI::halt( 1 );
		} elseif ( in_array( 'recommended', $found, true ) ) {
			\WP_CLI::halt( Output::PARTLY );
		} elseif ( Output::is_for_people( $options ) ) {
			\WP_CLI::success( __( 'All is well.', 'ai-doc-pipeline' ) );
		}
	}

	/** @return list<array{test:string,status:string,result:string,advice:string}> */
	private function rows(): array {
		/** This filter is documented in wp-admin/includes/class-wp-site-health.php */
		$tests = apply_filters(
			'site_status_tests', // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- core's own filter, by which the plugin's tests are found as Site Health finds them.
			array(
				'direct' => array(),
				'async'  => array(),
			)
		);
		$rows  = array();
		foreach ( array_merge( $tests['direct'], $tests['async'] ) as $name => $test ) {
			$run = $test['async_direct_test'] ?? $test['test'];
			if ( str_starts_with( (string) $name, 'aidoc_' ) && is_callable( $run ) ) {
				$rows[] = self::row( (string) $name, (array) $run() );
			}
		}
		return $rows;
	}

	/** @return array{test:string,status:string,result:string,advice:string} */
	private static function row( string $name, array $told ): array {
		$plain = static fn( string $html ): string => trim( (string) preg_replace( '/\s+/u', ' ', html_entity_decode( wp_strip_all_tags( str_replace( '</', ' </', $html ) ), ENT_QUOTES ) ) );
		return array(
			'test'   => substr( $name, 6 ),
			'status' => (string) ( $told['status'] ?? '' ),
			'result' => $plain( (string) ( $told['label'] ?? '' ) ),
			'advice' => $plain( (string) ( $told['description'] ?? '' ) ),
		);
	}
}
