<?php
/**
 * Plugin Name:       AI Document Pipeline
 * Description:       Queues uploaded documents for an agent on your own machine and keeps its summaries as drafts. Nothing connects to your machine: the agent asks for work.
 * Version:           0.1.0
 * Requires at least: 6.1
 * Requires PHP:      8.1
 * Author:            The aidoc-pipeline authors
 * License:           GPL-2.0-or-later
 * License URI:       https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain:       ai-doc-pipeline
 * Domain Path:       /languages
 *
 * @package AIDoc
 */

defined( 'ABSPATH' ) || exit;

define( 'AIDOC_VERSION', '0.1.0' );
define( 'AIDOC_FILE', __FILE__ );
define( 'AIDOC_DIR', __DIR__ );

// Requirements.php is written for old PHP, so that the gate itself can always be read.
require_once __DIR__ . '/includes/Requirements.php';

$aidoc_missing = AIDoc\Requirements::missing();
if ( $aidoc_missing ) {
	AIDoc\Requirements::refuse( $aidoc_missing );
	return;
}

require_once __DIR__ . '/includes/autoload.php';

register_activation_hook( __FILE__, array( 'AIDoc\Lifecycle', 'activate' ) );
register_deactivation_hook( __FILE__, array( 'AIDoc\Lifecycle', 'deactivate' ) );

AIDoc\Plugin::instance()->boot();
