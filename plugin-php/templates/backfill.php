<?php
/**
 * Backfill: what is under way, and the form that chooses documents.
 *
 * @var array $vars run (AIDoc\Backfill\Run or null), progress (see BackfillView), facts (sentences), values (of Filter), error (field and
 *                  sentence, or null), groups, folders, parents (what can be chosen).
 */

use AIDoc\Admin\BackfillPage;
use AIDoc\Backfill\Filter;
use AIDoc\Backfill\Run;

defined( 'ABSPATH' ) || exit;

$aidoc_run    = $vars['run'];
$aidoc_values = $vars['values'];
$aidoc_error  = $vars['error'];
$aidoc_open   = null !== $aidoc_run && $aidoc_run->is_open();
$aidoc_folder = '' === $aidoc_values['taxonomy'] ? '' : $aidoc_values['taxonomy'] . ':' . $aidoc_values['term'];
$aidoc_which  = array(
	Filter::MISSING    => __( 'Documents that were never queued', 'ai-doc-pipeline' ),
	Filter::UNFINISHED => __( 'Documents without a summary: also those that failed or were cancelled', 'ai-doc-pipeline' ),
	Filter::ALL        => __( 'All documents: also those that have a summary are read once more', 'ai-doc-pipeline' ),
);
// Attributes and sentence of a field that was refused.
$aidoc_attributes = static fn( string $field ): string => ( $aidoc_error['field'] ?? '' ) === $field ? ' aria-invalid="true" aria-describedby="aidoc-backfill-error"' : '';
$aidoc_refused    = static function ( string ...$fields ) use ( $aidoc_error ): void {
	if ( in_array( $aidoc_error['field'] ?? '', $fields, true ) ) {
		printf( '<p class="aidoc-field-error" id="aidoc-backfill-error" role="alert"><span class="dashicons dashicons-warning" aria-hidden="true"></span>%s</p>', esc_html( $aidoc_error['sentence'] ) );
	}
};
$aidoc_button     = static function ( string $action, string $label, string $kind = 'secondary', string $ask = '' ): void {
	printf( '<button type="submit" name="do" value="%s" class="button button-%s"%s>%s</button> ', esc_attr( $action ), esc_attr( $kind ), '' === $ask ? '' : ' data-aidoc-ask="' . esc_attr( $ask ) . '"', esc_html( $label ) );
};
?>
<div class="wrap aidoc-wrap">
	<h1><?php esc_html_e( 'Read the Media Library', 'ai-doc-pipeline' ); ?></h1>
	<?php \AIDoc\Admin\Flash::render_message(); ?>
	<p class="aidoc-lead"><?php esc_html_e( 'Have documents read that were in the library before this plugin was. They wait behind every new upload, so that today’s documents are never late.', 'ai-doc-pipeline' ); ?></p>

	<?php if ( null !== $aidoc_run ) : ?>
		<section class="aidoc-backfill" aria-labelledby="aidoc-backfill-title" data-aidoc-backfill="<?php echo esc_attr( $aidoc_run->state ); ?>">
			<h2 id="aidoc-backfill-title"><?php echo esc_html( $vars['progress']['title'] ); ?></h2>
			<?php if ( $aidoc_open ) : ?>
				<progress max="100" value="<?php echo (int) $vars['progress']['percent']; ?>" aria-label="<?php esc_attr_e( 'Progress', 'ai-doc-pipeline' ); ?>"></progress>
			<?php endif; ?>
			<p class="aidoc-backfill__line"><?php echo esc_html( $vars['progress']['line'] ); ?></p>
			<?php foreach ( $vars['facts'] as $aidoc_fact ) : ?>
				<p><?php echo esc_html( $aidoc_fact ); ?></p>
			<?php endforeach; ?>

			<?php if ( $aidoc_run->tally->refused && ! $aidoc_open ) : ?>
				<table class="widefat striped aidoc-backfill__refused">
					<caption><?php esc_html_e( 'What cannot be read', 'ai-doc-pipeline' ); ?></caption>
					<thead><tr><th scope="col"><?php esc_html_e( 'Documents', 'ai-doc-pipeline' ); ?></th><th scope="col"><?php esc_html_e( 'Reason, in the words of the first', 'ai-doc-pipeline' ); ?></th></tr></thead>
					<tbody>
					<?php foreach ( $aidoc_run->tally->refused as $aidoc_one ) : ?>
						<tr><td><?php echo esc_html( number_format_i18n( $aidoc_one['n'] ) ); ?></td><td><?php echo esc_html( $aidoc_one['sentence'] ); ?></td></tr>
					<?php endforeach; ?>
					</tbody>
				</table>
			<?php endif; ?>

			<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>" class="aidoc-backfill__buttons">
				<input type="hidden" name="action" value="<?php echo esc_attr( BackfillPage::ACTION ); ?>">
				<input type="hidden" name="run" value="<?php echo (int) $aidoc_run->id; ?>">
				<?php
				wp_nonce_field( BackfillPage::ACTION );
				if ( Run::RUNNING === $aidoc_run->state ) {
					$aidoc_button( 'pause', __( 'Pause', 'ai-doc-pipeline' ) );
				}
				if ( Run::PAUSED === $aidoc_run->state ) {
					$aidoc_button( 'resume', __( 'Resume', 'ai-doc-pipeline' ), 'primary' );
				}
				if ( $aidoc_open ) {
					$aidoc_button( 'stop', __( 'Stop', 'ai-doc-pipeline' ), 'secondary', $aidoc_run->dry ? '' : __( 'Stop? What is queued already stays queued, and the rest is left alone.', 'ai-doc-pipeline' ) );
				}
				if ( $aidoc_run->dry && Run::DONE === $aidoc_run->state && $aidoc_run->tally->queued > 0 ) {
					/* translators: %s: number of documents. */
					$aidoc_button( 'start', sprintf( _n( 'Queue this %s document', 'Queue these %s documents', $aidoc_run->tally->queued, 'ai-doc-pipeline' ), number_format_i18n( $aidoc_run->tally->queued ) ), 'primary', Filter::ALL === $aidoc_run->filter->which ? __( 'Documents that have a summary are read once more, and with a model that costs money. Queue them?', 'ai-doc-pipeline' ) : '' );
				}
				?>
			</form>
			<?php if ( Run::RUNNING === $aidoc_run->state ) : ?>
				<p class="aidoc-muted"><?php esc_html_e( 'It goes on when you leave this page; while you stay it is faster.', 'ai-doc-pipeline' ); ?></p>
				<noscript><p><a href="<?php echo esc_url( \AIDoc\Admin\Screens::url( \AIDoc\Admin\Screens::BACKFILL ) ); ?>"><?php esc_html_e( 'Load this page again to see how far it is.', 'ai-doc-pipeline' ); ?></a></p></noscript>
			<?php endif; ?>
		</section>
	<?php endif; ?>

	<?php if ( ! $aidoc_open ) : ?>
		<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>">
			<input type="hidden" name="action" value="<?php echo esc_attr( BackfillPage::ACTION ); ?>">
			<?php wp_nonce_field( BackfillPage::ACTION, '_wpnonce', true ); ?>
			<h2><?php esc_html_e( 'Choose documents', 'ai-doc-pipeline' ); ?></h2>
			<table class="form-table" role="presentation">
				<tr>
					<th scope="row"><?php esc_html_e( 'Which', 'ai-doc-pipeline' ); ?></th>
					<td>
						<fieldset>
							<legend class="screen-reader-text"><?php esc_html_e( 'Which', 'ai-doc-pipeline' ); ?></legend>
							<?php foreach ( $aidoc_which as $aidoc_value => $aidoc_label ) : ?>
								<label><input type="radio" name="which" value="<?php echo esc_attr( $aidoc_value ); ?>"<?php checked( $aidoc_values['which'], $aidoc_value ); ?>> <?php echo esc_html( $aidoc_label ); ?></label><br>
							<?php endforeach; ?>
						</fieldset>
						<?php $aidoc_refused( 'which' ); ?>
					</td>
				</tr>
				<tr>
					<th scope="row"><?php esc_html_e( 'Types', 'ai-doc-pipeline' ); ?></th>
					<td>
						<fieldset>
							<legend class="screen-reader-text"><?php esc_html_e( 'Types', 'ai-doc-pipeline' ); ?></legend>
							<?php foreach ( $vars['groups'] as $aidoc_value => $aidoc_group ) : ?>
								<label><input type="checkbox" name="types[]" value="<?php echo esc_attr( $aidoc_value ); ?>"<?php checked( in_array( $aidoc_value, (array) $aidoc_values['types'], true ) ); ?>> <?php echo esc_html( $aidoc_group['label'] ); ?></label><br>
							<?php endforeach; ?>
						</fieldset>
						<p class="description"><?php esc_html_e( 'None chosen: all of them.', 'ai-doc-pipeline' ); ?></p>
						<?php $aidoc_refused( 'types' ); ?>
					</td>
				</tr>
				<tr>
					<th scope="row"><?php esc_html_e( 'Uploaded', 'ai-doc-pipeline' ); ?></th>
					<td class="aidoc-between">
						<label><?php esc_html_e( 'from', 'ai-doc-pipeline' ); ?> <input type="date" name="from" value="<?php echo esc_attr( $aidoc_values['from'] ); ?>"<?php echo $aidoc_attributes( 'from' ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- one of two constants. ?>></label>
						<label><?php esc_html_e( 'to', 'ai-doc-pipeline' ); ?> <input type="date" name="to" value="<?php echo esc_attr( $aidoc_values['to'] ); ?>"<?php echo $aidoc_attributes( 'to' ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- one of two constants. ?>></label>
						<?php $aidoc_refused( 'from', 'to' ); ?>
					</td>
				</tr>
				<tr>
					<th scope="row"><?php esc_html_e( 'Size', 'ai-doc-pipeline' ); ?></th>
					<td class="aidoc-between">
						<label><?php esc_html_e( 'at least', 'ai-doc-pipeline' ); ?> <input type="text" name="min_bytes" class="small-text" size="8" value="<?php echo esc_attr( (string) ( $aidoc_values['min_bytes'] ? $aidoc_values['min_bytes'] : '' ) ); ?>"<?php echo $aidoc_attributes( 'min_bytes' ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- one of two constants. ?>></label>
						<label><?php esc_html_e( 'at most', 'ai-doc-pipeline' ); ?> <input type="text" name="max_bytes" class="small-text" size="8" value="<?php echo esc_attr( (string) ( $aidoc_values['max_bytes'] ? $aidoc_values['max_bytes'] : '' ) ); ?>"<?php echo $aidoc_attributes( 'max_bytes' ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- one of two constants. ?>></label>
						<p class="description"><?php esc_html_e( 'Such as 20 KB or 5 MB.', 'ai-doc-pipeline' ); ?></p>
						<?php $aidoc_refused( 'min_bytes', 'max_bytes' ); ?>
					</td>
				</tr>
				<?php if ( $vars['folders'] ) : ?>
					<tr>
						<th scope="row"><label for="aidoc-backfill-folder"><?php esc_html_e( 'Folder or category', 'ai-doc-pipeline' ); ?></label></th>
						<td>
							<select name="folder" id="aidoc-backfill-folder">
								<option value=""><?php esc_html_e( 'Any', 'ai-doc-pipeline' ); ?></option>
								<?php foreach ( $vars['folders'] as $aidoc_label => $aidoc_terms ) : ?>
									<optgroup label="<?php echo esc_attr( $aidoc_label ); ?>">
										<?php foreach ( $aidoc_terms as $aidoc_value => $aidoc_name ) : ?>
											<option value="<?php echo esc_attr( $aidoc_value ); ?>"<?php selected( $aidoc_folder, $aidoc_value ); ?>><?php echo esc_html( $aidoc_name ); ?></option>
										<?php endforeach; ?>
									</optgroup>
								<?php endforeach; ?>
							</select>
							<?php $aidoc_refused( 'taxonomy', 'term' ); ?>
						</td>
					</tr>
				<?php endif; ?>
				<tr>
					<th scope="row"><label for="aidoc-backfill-parent"><?php esc_html_e( 'Uploaded to', 'ai-doc-pipeline' ); ?></label></th>
					<td>
						<select name="parent" id="aidoc-backfill-parent">
							<option value=""><?php esc_html_e( 'Anything', 'ai-doc-pipeline' ); ?></option>
							<?php foreach ( $vars['parents'] as $aidoc_value => $aidoc_label ) : ?>
								<option value="<?php echo esc_attr( $aidoc_value ); ?>"<?php selected( $aidoc_values['parent'], $aidoc_value ); ?>><?php echo esc_html( $aidoc_label ); ?></option>
							<?php endforeach; ?>
						</select>
						<?php $aidoc_refused( 'parent' ); ?>
					</td>
				</tr>
			</table>
			<p class="submit">
				<?php $aidoc_button( 'count', __( 'Count them', 'ai-doc-pipeline' ), null !== $aidoc_run && $aidoc_run->dry && $aidoc_run->tally->queued > 0 && Run::DONE === $aidoc_run->state ? 'secondary' : 'primary' ); ?>
				<span class="description"><?php esc_html_e( 'Nothing is queued yet: you see first how many it would be, and what reading them may cost.', 'ai-doc-pipeline' ); ?></span>
			</p>
		</form>
	<?php endif; ?>
</div>
