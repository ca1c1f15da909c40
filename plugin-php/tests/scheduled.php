<?php
/**
 * scheduled.php RUN: Action Scheduler works on a backfill whose ticks are as short as they can be, and prints how many it took. The real one
 * where AIDOC_BESIDE names a folder with it (CONTRIBUTING.md), else scheduler.php, which stands in for its functions. Started by BesideTest.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Backfill\Schedule;
use AIDoc\Plugin;

$_SERVER['HTTP_HOST']      = getenv( 'AIDOC_WP_HOST' ) ?: 'aidoc.test';
$_SERVER['REQUEST_URI']    = '/';
$_SERVER['REQUEST_METHOD'] = 'GET';
require_once __DIR__ . '/wordpress.php';
load_wordpress( (string) getenv( 'AIDOC_WP_ROOT' ) );
$real = getenv( 'AIDOC_BESIDE' ) . '/action-scheduler/action-scheduler.php';
require_once is_file( $real ) ? $real : __DIR__ . '/scheduler.php';

$schedule = new Schedule( Plugin::instance()->backfills(), Plugin::instance()->backfill_runner( ... ), 0.0 );
remove_all_actions( Schedule::HOOK );
add_action( Schedule::HOOK, array( $schedule, 'tick' ) );
$schedule->soon();
$schedule->soon(); // The second finds the first.
is_file( $real ) ? \ActionScheduler::runner()->run( 'test' ) : scheduler_run();

$by    = static fn( string $status ): int => count( as_get_scheduled_actions( array( 'hook' => Schedule::HOOK, 'group' => Schedule::GROUP, 'status' => $status, 'per_page' => 100 ), 'ids' ) );
$found = array( Plugin::instance()->backfills()->find( (int) $argv[1] )->state, $by( 'complete' ), $by( 'pending' ), $by( 'failed' ) );
if ( is_file( $real ) ) {
	foreach ( $GLOBALS['wpdb']->get_col( "SHOW TABLES LIKE '{$GLOBALS['wpdb']->prefix}actionscheduler\\_%'" ) as $table ) {
		$GLOBALS['wpdb']->query( "DROP TABLE $table" );
	}
}
echo wp_json_encode( $found );
