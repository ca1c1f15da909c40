<?php
/**
 * The queue: views with live counts, filters, table.
 *
 * @var array $vars table (AIDoc\Admin\QueueTable, prepared), search and state (what the address asks for), why (sentence while no agent takes documents, or null).
 */

defined( 'ABSPATH' ) || exit;

$aidoc_table  = $vars['table'];
$aidoc_search = $vars['search'];
$aidoc_state  = $vars['state'];
?>
<div class="wrap aidoc-wrap">
	<h1 class="wp-heading-inline"><?php esc_html_e( 'Document Queue', 'ai-doc-pipeline' ); ?></h1>
	<?php if ( '' !== $aidoc_search ) : ?>
		<span class="subtitle">
			<?php
			/* translators: %s: what was searched for. */
			echo esc_html( sprintf( __( 'Search results for: %s', 'ai-doc-pipeline' ), $aidoc_search ) );
			?>
		</span>
	<?php endif; ?>
	<hr class="wp-header-end">
	<?php \AIDoc\Admin\Flash::render_message(); ?>

	<?php if ( null !== $vars['why'] ) : ?>
		<div class="notice notice-warning inline"><p><?php echo esc_html( $vars['why'] ); ?></p></div>
	<?php endif; ?>

	<?php $aidoc_table->views(); ?>
	<form method="get" class="aidoc-queue">
		<input type="hidden" name="post_type" value="aidoc_summary">
		<input type="hidden" name="page" value="<?php echo esc_attr( \AIDoc\Admin\Screens::QUEUE ); ?>">
		<?php if ( '' !== $aidoc_state ) : ?>
			<input type="hidden" name="state" value="<?php echo esc_attr( $aidoc_state ); ?>">
		<?php endif; ?>
		<?php $aidoc_table->search_box( __( 'Search files', 'ai-doc-pipeline' ), 'aidoc-job' ); ?>
		<?php $aidoc_table->display(); ?>
	</form>
</div>
