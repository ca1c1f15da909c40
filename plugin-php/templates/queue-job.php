<?php
/**
 * One job: its status, and below what job-parts.php prints, which the page keeps up to date.
 *
 * @var array $vars status, live, and what AIDoc\Admin\JobPage::parts() gives.
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\Screens;
use AIDoc\Media\StatusHtml;

$aidoc_job  = $vars['job'];
$aidoc_edit = get_edit_post_link( $aidoc_job->attachmentId );
?>
<div class="wrap aidoc-wrap">
	<h1 class="aidoc-break"><?php echo esc_html( '' !== $aidoc_job->filename ? $aidoc_job->filename : __( '(no name)', 'ai-doc-pipeline' ) ); ?></h1>
	<p>
		<a href="<?php echo esc_url( Screens::url( Screens::QUEUE ) ); ?>"><?php esc_html_e( 'Back to the queue', 'ai-doc-pipeline' ); ?></a>
		<?php if ( $aidoc_edit ) : ?>
			| <a href="<?php echo esc_url( $aidoc_edit ); ?>"><?php esc_html_e( 'Open the file in the library', 'ai-doc-pipeline' ); ?></a>
		<?php endif; ?>
		<?php if ( '' !== $vars['summary'] && ! ( $vars['live'] && $vars['status']['link'] ) ) : // The status has that link itself. ?>
			| <a href="<?php echo esc_url( $vars['summary'] ); ?>"><?php esc_html_e( 'Open the summary', 'ai-doc-pipeline' ); ?></a>
		<?php endif; ?>
	</p>
	<div class="aidoc-job-status"><?php echo StatusHtml::full( $vars['status'], $vars['live'] ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- StatusHtml escapes each value where it builds the markup. ?></div>
	<div id="aidoc-job" data-job="<?php echo (int) $aidoc_job->id; ?>" data-over="<?php echo $aidoc_job->state->is_final() ? '1' : ''; ?>">
		<?php Screens::render( 'job-parts', $vars ); ?>
	</div>
</div>
