<?php
/**
 * One job: what is known of it, and what happened.
 *
 * @var array $vars job, status, live, events, agents; see AIDoc\Admin\QueuePage::render_job().
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\QueueTable;
use AIDoc\Admin\Screens;
use AIDoc\Media\StatusHtml;

$aidoc_job  = $vars['job'];
$aidoc_edit = get_edit_post_link( $aidoc_job->attachmentId );
$aidoc_rows = array(
	__( 'Type', 'ai-doc-pipeline' )         => $aidoc_job->mime,
	__( 'Size', 'ai-doc-pipeline' )         => $aidoc_job->bytes > 0 ? size_format( $aidoc_job->bytes ) : '',
	__( 'Language', 'ai-doc-pipeline' )     => $aidoc_job->language,
	__( 'Agent', 'ai-doc-pipeline' )        => $aidoc_job->agentName,
	/* translators: 1: number of attempts so far, 2: highest number of attempts. */
	__( 'Attempts', 'ai-doc-pipeline' )     => sprintf( __( '%1$d of %2$d', 'ai-doc-pipeline' ), $aidoc_job->attempt, $aidoc_job->maxAttempts ),
	__( 'Agent’s note', 'ai-doc-pipeline' ) => $aidoc_job->note,
	__( 'Error code', 'ai-doc-pipeline' )   => $aidoc_job->errorCode,
	__( 'SHA-256', 'ai-doc-pipeline' )      => $aidoc_job->sourceSha256,
);
?>
<div class="wrap aidoc-wrap">
	<h1 class="aidoc-break"><?php echo esc_html( '' !== $aidoc_job->filename ? $aidoc_job->filename : __( '(no name)', 'ai-doc-pipeline' ) ); ?></h1>
	<p>
		<a href="<?php echo esc_url( Screens::url( Screens::QUEUE ) ); ?>"><?php esc_html_e( 'Back to the queue', 'ai-doc-pipeline' ); ?></a>
		<?php if ( $aidoc_edit ) : ?>
			| <a href="<?php echo esc_url( $aidoc_edit ); ?>"><?php esc_html_e( 'Open the file in the library', 'ai-doc-pipeline' ); ?></a>
		<?php endif; ?>
	</p>

	<table class="widefat aidoc-facts">
		<tbody>
			<tr>
				<th scope="row"><?php esc_html_e( 'Status', 'ai-doc-pipeline' ); ?></th>
				<td><?php echo StatusHtml::full( $vars['status'], $vars['live'] ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- StatusHtml escapes each value where it builds the markup. ?></td>
			</tr>
			<?php foreach ( array_filter( $aidoc_rows, 'strlen' ) as $aidoc_name => $aidoc_value ) : ?>
				<tr>
					<th scope="row"><?php echo esc_html( $aidoc_name ); ?></th>
					<td class="aidoc-break"><?php echo esc_html( $aidoc_value ); ?></td>
				</tr>
			<?php endforeach; ?>
			<tr>
				<th scope="row"><?php esc_html_e( 'Queued', 'ai-doc-pipeline' ); ?></th>
				<td>
				<?php
				echo wp_kses(
					QueueTable::time( $aidoc_job->createdMs ),
					array(
						'time' => array(
							'datetime' => true,
							'title'    => true,
						),
					)
				);
				?>
				</td>
			</tr>
		</tbody>
	</table>

	<h2><?php esc_html_e( 'What happened', 'ai-doc-pipeline' ); ?></h2>
	<?php if ( ! $vars['events'] ) : ?>
		<p><?php esc_html_e( 'Nothing has been recorded yet.', 'ai-doc-pipeline' ); ?></p>
	<?php else : ?>
		<table class="widefat striped aidoc-events">
			<thead>
				<tr>
					<th scope="col"><?php esc_html_e( 'When', 'ai-doc-pipeline' ); ?></th>
					<th scope="col"><?php esc_html_e( 'What', 'ai-doc-pipeline' ); ?></th>
					<th scope="col"><?php esc_html_e( 'Agent', 'ai-doc-pipeline' ); ?></th>
					<th scope="col"><?php esc_html_e( 'Details', 'ai-doc-pipeline' ); ?></th>
				</tr>
			</thead>
			<tbody>
				<?php foreach ( $vars['events'] as $aidoc_event ) : ?>
					<tr>
						<td><?php echo esc_html( wp_date( __( 'Y/m/d g:i:s a', 'ai-doc-pipeline' ), intdiv( $aidoc_event['at_ms'], 1000 ) ) ); ?></td>
						<td><?php echo esc_html( \AIDoc\Admin\EventView::label( $aidoc_event['kind'] ) ); ?></td>
						<td><?php echo esc_html( $vars['agents'][ $aidoc_event['agent_id'] ] ?? '—' ); ?></td>
						<td class="aidoc-break">
							<?php echo esc_html( $aidoc_event['message'] ); ?>
							<?php if ( '' !== $aidoc_event['code'] ) : ?>
								<code><?php echo esc_html( $aidoc_event['code'] ); ?></code>
							<?php endif; ?>
						</td>
					</tr>
				<?php endforeach; ?>
			</tbody>
		</table>
	<?php endif; ?>
</div>
