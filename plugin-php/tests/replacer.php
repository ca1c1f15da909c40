<?php
/**
 * replacer.php ATTACHMENT FILE: Enable Media Replace puts another file in the place of an attachment's, as its screen does ("Just replace the
 * file"). Started by BesideTest where AIDOC_BESIDE names a folder with that plugin (CONTRIBUTING.md).
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Tests;

$_SERVER['HTTP_HOST']      = getenv( 'AIDOC_WP_HOST' ) ?: 'aidoc.test';
$_SERVER['REQUEST_URI']    = '/';
$_SERVER['REQUEST_METHOD'] = 'GET';
require_once __DIR__ . '/wordpress.php';
load_wordpress( (string) getenv( 'AIDOC_WP_ROOT' ) );
wp_set_current_user( 1 );
require_once getenv( 'AIDOC_BESIDE' ) . '/enable-media-replace/enable-media-replace.php';
do_action( 'plugins_loaded' ); // It builds itself there.

$controller = new \EnableMediaReplace\Controller\ReplaceController( (int) $argv[1] );
$ready      = $controller->setupParams(
	array(
		'replace_type'      => 'replace',
		'new_location'      => false,
		'location_dir'      => null,
		'timestamp_replace' => 1,
		'new_date'          => gmdate( 'Y-m-d H:i:s' ),
		'new_filename'      => wp_basename( (string) get_attached_file( (int) $argv[1] ) ),
		'uploadFile'        => $argv[2],
	)
);
echo $ready && $controller->run() ? 'replaced' : 'not replaced';
