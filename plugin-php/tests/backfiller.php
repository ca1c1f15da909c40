<?php
/**
 * backfiller.php RUN: works on a backfill until it is done. Started several times at once by BackfillTest.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Plugin;

$_SERVER['HTTP_HOST']      = getenv( 'AIDOC_WP_HOST' ) ?: 'aidoc.test';
$_SERVER['REQUEST_URI']    = '/';
$_SERVER['REQUEST_METHOD'] = 'GET';
require_once __DIR__ . '/wordpress.php';
load_wordpress( (string) getenv( 'AIDOC_WP_ROOT' ) );
Plugin::instance()->backfill_runner()->run( (int) $argv[1] );
