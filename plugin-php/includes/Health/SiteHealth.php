<?php
declare( strict_types=1 );

namespace AIDoc\Health;

/** Tells Site Health what an administrator can fix: which tests there are, and how they get there. */
final class SiteHealth {

	/** @param Check[] $checks */
	public function __construct(
		private readonly array $checks,
		private readonly Information $information,
	) {}

	/** @param \Closure():self $make Called when somebody looks at Site Health. */
	public static function register( \Closure $make ): void {
		add_filter( 'site_status_tests', static fn( array $tests ): array => $make()->add_tests( $tests ) );
		add_filter( 'debug_information', static fn( array $info ): array => $make()->information->add( $info ) );
		foreach ( array( 'aidoc_connection', 'aidoc_doorbell' ) as $name ) {
			// As core names it: its script sends this for a test that has no REST route, and ours tells whether REST works.
			add_action( 'wp_ajax_health-check-' . str_replace( '_', '-', $name ), static fn() => $make()->send( $name ) );
		}
	}

	/**
	 * @param array{direct:array,async:array} $tests
	 * @return array{direct:array,async:array}
	 */
	public function add_tests( array $tests ): array {
		foreach ( $this->checks as $check ) {
			if ( $check::ASYNC ) {
				$tests['async'][ $check->name() ] = array(
					'label'             => $check->label(),
					'test'              => $check->name(),
					'async_direct_test' => array( $check, 'run' ),
				);
			} else {
				$tests['direct'][ $check->name() ] = array(
					'label' => $check->label(),
					'test'  => array( $check, 'run' ),
				);
			}
		}
		return $tests;
	}

	/** @return array<string,mixed> What one test has found. */
	public function run( string $name ): array {
		foreach ( $this->checks as $check ) {
			if ( $check->name() === $name ) {
				return $check->run();
			}
		}
		throw new \InvalidArgumentException( 'There is no such test.' );
	}

	/** Answers core's script. */
	private function send( string $name ): void {
		check_ajax_referer( 'health-check-site-status' );
		if ( ! current_user_can( 'view_site_health_checks' ) ) {
			wp_send_json_error();
		}
		wp_send_json_success( $this->run( $name ) );
	}
}
