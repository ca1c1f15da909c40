<?php
/**
 * What is known of a job, what came of it, and everything that happened.
 *
 * @var array $vars job, now_ms, timeline, result, summary; see AIDoc\Admin\JobPage::parts().
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\Screens;
use AIDoc\Admin\When;

$aidoc_job  = $vars['job'];
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
$aidoc_time = array(
	'time' => array( 'datetime' => true ),
	'span' => array( 'class' => true ),
);
?>
<table class="widefat aidoc-facts">
	<caption class="screen-reader-text"><?php esc_html_e( 'What is known of this document', 'ai-doc-pipeline' ); ?></caption>
	<tbody>
		<?php foreach ( array_filter( $aidoc_rows, 'strlen' ) as $aidoc_name => $aidoc_value ) : ?>
			<tr>
				<th scope="row"><?php echo esc_html( $aidoc_name ); ?></th>
				<td class="aidoc-break"><?php echo esc_html( $aidoc_value ); ?></td>
			</tr>
		<?php endforeach; ?>
		<tr>
			<th scope="row"><?php esc_html_e( 'Queued', 'ai-doc-pipeline' ); ?></th>
			<td><?php echo wp_kses( When::exact( $aidoc_job->createdMs, $vars['now_ms'] ), $aidoc_time ); ?></td>
		</tr>
		<tr>
			<th scope="row"><?php esc_html_e( 'Trace ID', 'ai-doc-pipeline' ); ?></th>
			<td class="aidoc-break">
				<code id="aidoc-trace"><?php echo esc_html( $aidoc_job->traceId ); ?></code>
				<button type="button" class="button button-small hide-if-no-js" data-aidoc-copy="aidoc-trace"><?php esc_html_e( 'Copy', 'ai-doc-pipeline' ); ?><span class="screen-reader-text">: <?php esc_html_e( 'Trace ID', 'ai-doc-pipeline' ); ?></span></button>
				<div class="aidoc-muted"><?php esc_html_e( 'Every line of an agent’s log about this document has it, as trace_id.', 'ai-doc-pipeline' ); ?></div>
			</td>
		</tr>
	</tbody>
</table>

<?php if ( $vars['result'] ) : ?>
	<h2><?php esc_html_e( 'Result', 'ai-doc-pipeline' ); ?></h2>
	<table class="widefat aidoc-facts">
		<caption class="screen-reader-text"><?php esc_html_e( 'How the summary was made', 'ai-doc-pipeline' ); ?></caption>
		<tbody>
			<?php foreach ( $vars['result'] as $aidoc_row ) : ?>
				<tr>
					<th scope="row"><?php echo esc_html( $aidoc_row['label'] ); ?></th>
					<td class="aidoc-break"><?php echo esc_html( implode( ' ', array_filter( array( $aidoc_row['value'], implode( ', ', array_map( 'number_format_i18n', array_slice( $aidoc_row['pages'] ?? array(), 0, 50 ) ) ) ) ) ) ); ?></td>
				</tr>
			<?php endforeach; ?>
		</tbody>
	</table>
<?php endif; ?>

<h2><?php esc_html_e( 'What happened', 'ai-doc-pipeline' ); ?></h2>
<?php if ( ! $vars['timeline'] ) : ?>
	<p><?php esc_html_e( 'Nothing has been recorded yet, or it is longer ago than events are kept (30 days).', 'ai-doc-pipeline' ); ?></p>
<?php else : ?>
	<ol class="aidoc-timeline">
		<?php foreach ( $vars['timeline'] as $aidoc_entry ) : ?>
			<li class="aidoc-timeline__item aidoc-timeline--<?php echo esc_attr( sanitize_html_class( $aidoc_entry['end']['kind'] ?? $aidoc_entry['kind'] ) ); ?>">
				<?php Screens::render( 'job-entry', array( 'entry' => $aidoc_entry ) + $vars ); ?>
			</li>
		<?php endforeach; ?>
	</ol>
	<?php
endif;
