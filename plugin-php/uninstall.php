<?php
/**
 * Removes what the plugin made, on every site of a network. Summaries stay unless the setting of a site says otherwise.
 *
 * @package AIDoc
 */

defined( 'WP_UNINSTALL_PLUGIN' ) || exit;

if ( PHP_VERSION_ID < 80100 ) {
	return; // The plugin never ran here.
}
defined( 'AIDOC_FILE' ) || define( 'AIDOC_FILE', __DIR__ . '/ai-doc-pipeline.php' );
require_once __DIR__ . '/includes/autoload.php';

AIDoc\Lifecycle::each_site( is_multisite(), static fn() => AIDoc\Lifecycle::remove_site( AIDoc\Plugin::instance()->settings() ) );
