<?php
/**
 * Must-use plugin of the benchmark's sites: a REST route that does nothing, and a log of what each request cost
 * (route, queries).
 */
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
register_shutdown_function(
	static function (): void {
		$route = $GLOBALS['wp']->query_vars['rest_route'] ?? '';
		if ( '' !== $route ) {
			file_put_contents( __DIR__ . '/requests.log', "$route {$GLOBALS['wpdb']->num_queries}\n", FILE_APPEND | LOCK_EX );
		}
	}
);
