<?php
/**
 * Must-use plugin of the measured sites: a REST route that does nothing, and a line of the log for each request that ends: process id, route,
 * statements, and the processor time of the process at the end of each part, in microseconds. What a process spent since its line
 * before, up to the first mark, is the end of that request and WordPress' own start.
 */
function benchrequests_us(): int {
	$used = getrusage();
	return 1_000_000 * ( $used['ru_utime.tv_sec'] + $used['ru_stime.tv_sec'] ) + $used['ru_utime.tv_usec'] + $used['ru_stime.tv_usec'];
}

$GLOBALS['benchrequests'] = array( 'core' => benchrequests_us() );

/** Marks the end of a part; a filter's value goes through. */
function benchrequests_mark( string $part ): Closure {
	return static function ( $value = null ) use ( $part ) {
		$GLOBALS['benchrequests'][ $part ] ??= benchrequests_us();
		return $value;
	};
}

add_action( 'plugins_loaded', benchrequests_mark( 'plugin' ), PHP_INT_MIN );
add_action( 'init', benchrequests_mark( 'theme' ), PHP_INT_MIN );
add_action( 'wp_loaded', benchrequests_mark( 'init' ), PHP_INT_MAX );
add_action( 'rest_api_init', benchrequests_mark( 'query' ), PHP_INT_MIN );
add_action( 'rest_api_init', benchrequests_mark( 'routes' ), PHP_INT_MAX );
add_filter( 'rest_pre_dispatch', benchrequests_mark( 'dispatch' ), 4 );
add_filter( 'rest_pre_dispatch', benchrequests_mark( 'gate' ), 6 );
add_filter( 'rest_pre_serve_request', benchrequests_mark( 'work' ), PHP_INT_MIN );
register_shutdown_function(
	static function (): void {
		benchrequests_mark( 'answer' )();
		$parts = array_map( static fn( string $name, int $us ): string => "$name=$us", array_keys( $GLOBALS['benchrequests'] ), $GLOBALS['benchrequests'] );
		$route = $GLOBALS['wp']->query_vars['rest_route'] ?? '';
		file_put_contents( __DIR__ . '/requests.log', implode( ' ', array( getmypid(), $route ?: '-', $GLOBALS['wpdb']->num_queries, ...$parts ) ) . "\n", FILE_APPEND | LOCK_EX );
	}
);
add_action(
	'rest_api_init',
	static function (): void {
		register_rest_route(
			'bench/v1',
			'/nothing',
			array(
				'methods'             => 'POST',
				'callback'            => static fn() => array(),
				'permission_callback' => '__return_true',
			)
		);
	}
);
