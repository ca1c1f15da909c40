<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\Principals;
use AIDoc\Schema;
use AIDoc\Settings;

/** Which routes belong to agents. */
final class AgentRoutes {

	public const NAMESPACE = 'aidoc/v1';
	public const JOIN      = '/aidoc/v1/join';
	public const RESULT    = '/aidoc/v1/result';
	public const RESULTS   = '/aidoc/v1/results';
	public const ECHO      = '/aidoc/v1/echo';

	private const BODY_LIMIT   = MB_IN_BYTES;
	private const RESULT_LIMIT = 4 * MB_IN_BYTES;

	/** Pattern below the namespace → what answers. */
	private const ROUTES = array(
		'join'                     => JoinRoute::class,
		'lease'                    => LeaseRoute::class,
		'beat'                     => BeatRoute::class,
		'result'                   => ResultRoute::class,
		'results'                  => ResultsRoute::class,
		'fail'                     => FailRoute::class,
		'release'                  => ReleaseRoute::class,
		'jobs/(?P<id>[0-9]+)/file' => FileRoute::class,
		'echo'                     => EchoRoute::class,
		'rotate'                   => RotateRoute::class,
	);

	/** @param \Closure(class-string<AgentRoute>):AgentRoute $make */
	public function __construct(
		private readonly \Closure $make,
		private readonly Principals $principals,
		private readonly Answers $answers,
		private readonly Settings $settings,
	) {}

	public function register_routes(): void {
		Schema::maybe_upgrade();
		foreach ( self::ROUTES as $path => $route ) {
			( new Endpoint( $route, fn(): AgentRoute => ( $this->make )( $route ), $this->principals, $this->answers, $this->settings ) )->register( "/$path" );
		}
	}

	public static function is_ours( string $route ): bool {
		return 1 === preg_match( '@^/aidoc/v1/(?:' . implode( '|', array_keys( self::ROUTES ) ) . ')$@D', $route );
	}

	public static function body_limit( string $route ): int {
		return in_array( $route, array( self::RESULT, self::RESULTS ), true ) ? self::RESULT_LIMIT : self::BODY_LIMIT;
	}
}
