<?php
/**
 * Must-use plugin of the benchmark's site: every picture is read, the end of a job is written down, and there is a REST
 * route that does nothing.
 */
add_filter( 'aidoc_read_picture', '__return_true' );

function benchpipeline_ended( int $job, string $how ): void {
	file_put_contents( __DIR__ . '/ended.log', "$job $how " . (int) ( microtime( true ) * 1000 ) . "\n", FILE_APPEND | LOCK_EX );
}
add_action( 'aidoc_job_done', static fn( $job ) => benchpipeline_ended( (int) $job, 'done' ) );
add_action( 'aidoc_job_failed', static fn( $job ) => benchpipeline_ended( (int) $job, 'failed' ) );

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
