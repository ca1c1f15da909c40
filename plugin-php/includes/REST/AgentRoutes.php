<?php
declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Plugin;
use AIDoc\Schema;

/** Which routes belong to agents. */
final class AgentRoutes {

	public const NAMESPACE = 'aidoc/v1';
	public const JOIN      = '/aidoc/v1/join';
	public const RESULT    = '/aidoc/v1/result';

	private const PATTERN      = '@^/aidoc/v1/(?:join|lease|beat|result|fail|release|echo|rotate|jobs/[0-9]+/file)$@D';
	private const BODY_LIMIT   = MB_IN_BYTES;
	private const RESULT_LIMIT = 4 * MB_IN_BYTES;

	public function __construct( private readonly Plugin $plugin ) {}

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'register_routes' ) );
	}

	public function register_routes(): void {
		Schema::maybe_upgrade();
		foreach ( array( JoinRoute::class, LeaseRoute::class, BeatRoute::class, ResultRoute::class, FailRoute::class, ReleaseRoute::class, FileRoute::class, EchoRoute::class, RotateRoute::class ) as $route ) {
			( new $route( $this->plugin ) )->register();
		}
	}

	public static function is_ours( string $route ): bool {
		return 1 === preg_match( self::PATTERN, $route );
	}

	public static function body_limit( string $route ): int {
		return self::RESULT === $route ? self::RESULT_LIMIT : self::BODY_LIMIT;
	}
}
