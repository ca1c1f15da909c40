<?php
/**
 * page.php: the files of the plugin, as JSON, that a page of the site loads which shows nothing of ours. Run by PublishedTest as a process
 * of its own, in the WordPress of AIDOC_WP_ROOT.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

$_SERVER['HTTP_HOST']       = getenv( 'AIDOC_WP_HOST' ) ?: 'aidoc.test';
$_SERVER['REQUEST_URI']     = '/';
$_SERVER['REQUEST_METHOD']  = 'GET';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
define( 'WP_USE_THEMES', false );
require realpath( (string) getenv( 'AIDOC_WP_ROOT' ) ) . '/wp-load.php';
wp();
apply_filters( 'the_content', 'Plain text.' );
$files = preg_grep( '~/plugins/ai-doc-pipeline/~', get_included_files() );
echo wp_json_encode( array_values( preg_replace( '~^.*/plugins/ai-doc-pipeline/~', '', $files ) ) );
