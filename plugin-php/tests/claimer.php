<?php
/**
 * One of several processes that race for jobs: claims and completes until nothing is left, then prints what it did.
 * Started by ConcurrencyTest: claimer.php <agent id> <start file> [hold|budget]; with hold it completes nothing and claims on, with
 * budget it does so too, has the site's caps divided among its leases, and prints what it may spend in billionths of a dollar.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

$_SERVER['HTTP_HOST']   = 'aidoc.test';
$_SERVER['REQUEST_URI'] = '/';
require getenv( 'AIDOC_WP_ROOT' ) . '/wp-load.php';

$plugin = AIDoc\Plugin::instance();
$agent  = $plugin->agents()->find( (int) $argv[1] );
$done   = array();
echo "ready\n";
$turns = 0;
while ( ! file_exists( $argv[2] ) ) {
	if ( ++$turns > 60_000 ) {
		exit( 1 ); // The test is gone.
	}
	usleep( 1000 );
	clearstatcache();
}
$hold = isset( $argv[3] );
if ( 'budget' === ( $argv[3] ?? '' ) ) {
	for ( $i = 0; $i < 6; $i++ ) {
		foreach ( $plugin->budgets()->for_leases( $plugin->claimer()->claim( $agent, wp_generate_uuid4(), 2, array( '*/*' ), 0 ) ) as $budget ) {
			$done[] = null === $budget ? 0 : (int) round( $budget->maxUsd * 1_000_000_000 );
		}
	}
	echo json_encode( $done ), "\n";
	exit( 0 );
}
do {
	$jobs = $plugin->claimer()->claim( $agent, wp_generate_uuid4(), $hold ? 8 : 2, array( '*/*' ), 0 );
	if ( $hold ) {
		$done = array_merge( $done, array_column( $jobs, 'id' ) );
		continue;
	}
	foreach ( $jobs as $job ) {
		$ref = new AIDoc\Queue\LeaseRef( $job->id, $job->epoch, $job->leaseToken, $agent->id );
		if ( $plugin->leases()->finish( $ref, wp_generate_uuid4(), '' ) ) {
			$done[] = $job->id;
		}
	}
} while ( $jobs );
echo json_encode( $done ), "\n";
