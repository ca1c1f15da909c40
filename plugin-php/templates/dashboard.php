<?php
/**
 * The widget on the dashboard.
 *
 * @var array $vars numbers (see AIDoc\Queue\Overview::numbers()), cap (US dollars a day, 0 for none), spending and agents (whether the reader may see them).
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\Screens;
use AIDoc\Admin\When;

$aidoc_numbers = $vars['numbers'];
$aidoc_rows    = array(
	array( __( 'Waiting', 'ai-doc-pipeline' ), number_format_i18n( $aidoc_numbers['waiting'] ), Screens::url( Screens::QUEUE, array( 'state' => 'queued' ) ), '' ),
	array( __( 'Being processed', 'ai-doc-pipeline' ), number_format_i18n( $aidoc_numbers['working'] ), Screens::url( Screens::QUEUE, array( 'state' => 'leased' ) ), '' ),
	array( __( 'Done today', 'ai-doc-pipeline' ), number_format_i18n( $aidoc_numbers['done'] ), Screens::url( Screens::QUEUE, array( 'state' => 'done' ) ), '' ),
	array( __( 'Failed, need attention', 'ai-doc-pipeline' ), number_format_i18n( $aidoc_numbers['failed'] ), Screens::url( Screens::QUEUE, array( 'state' => 'failed' ) ), $aidoc_numbers['failed'] > 0 ? 'is-bad' : '' ),
);
if ( $vars['spending'] ) {
	/* translators: 1: an amount of money, 2: the highest amount allowed. */
	$aidoc_spent  = $vars['cap'] > 0 ? sprintf( __( '%1$s of %2$s', 'ai-doc-pipeline' ), When::usd( $aidoc_numbers['usd'] ), When::usd( $vars['cap'] ) ) : When::usd( $aidoc_numbers['usd'] );
	$aidoc_rows[] = array( __( 'Spent today', 'ai-doc-pipeline' ), $aidoc_spent, Screens::url( Screens::SPENDING ), $vars['cap'] > 0 && $aidoc_numbers['usd'] >= $vars['cap'] ? 'is-bad' : '' );
}
if ( $vars['agents'] ) {
	/* translators: 1: number of agents that answer, 2: number of all agents. */
	$aidoc_online = sprintf( __( '%1$s of %2$s', 'ai-doc-pipeline' ), number_format_i18n( $aidoc_numbers['online'] ), number_format_i18n( $aidoc_numbers['agents'] ) );
	$aidoc_rows[] = array( __( 'Agents online', 'ai-doc-pipeline' ), $aidoc_online, Screens::url( Screens::AGENTS ), 0 === $aidoc_numbers['online'] ? 'is-bad' : '' );
}
?>
<ul class="aidoc-overview">
	<?php foreach ( $aidoc_rows as list( $aidoc_label, $aidoc_value, $aidoc_url, $aidoc_class ) ) : ?>
		<li class="<?php echo esc_attr( $aidoc_class ); ?>">
			<a href="<?php echo esc_url( $aidoc_url ); ?>"><span><?php echo esc_html( $aidoc_label ); ?></span> <strong><?php echo esc_html( $aidoc_value ); ?></strong></a>
		</li>
	<?php endforeach; ?>
</ul>
