<?php
/**
 * The part of the settings form about models: what they may cost, and what they may not read.
 *
 * @var array $vars values, groups, spent (by period, null for who may not see it), reached (sentence or null), error and invalid (closures of the form).
 */

defined( 'ABSPATH' ) || exit;

$aidoc_values = $vars['values'];
$aidoc_caps   = array(
	'max_usd'    => array(
		'title'   => __( 'US dollars', 'ai-doc-pipeline' ),
		'mode'    => 'decimal',
		/* translators: 1: amount spent today, 2: amount spent this month. */
		'so_far'  => null === $vars['spent'] ? '' : sprintf( __( 'So far today $%1$s, this month $%2$s.', 'ai-doc-pipeline' ), number_format_i18n( $vars['spent']['day']['usd'], 2 ), number_format_i18n( $vars['spent']['month']['usd'], 2 ) ),
		'explain' => __( 'Empty is no cap. When one is reached, documents wait until the next day or month, or are summarised without a model, as each agent is set up.', 'ai-doc-pipeline' ),
	),
	'max_tokens' => array(
		'title'   => __( 'Tokens', 'ai-doc-pipeline' ),
		'mode'    => 'numeric',
		/* translators: 1: tokens used today, 2: tokens used this month. */
		'so_far'  => null === $vars['spent'] ? '' : sprintf( __( 'So far today %1$s, this month %2$s.', 'ai-doc-pipeline' ), number_format_i18n( $vars['spent']['day']['tokens'] ), number_format_i18n( $vars['spent']['month']['tokens'] ) ),
		'explain' => __( 'For models whose price is not known. Both caps count where both are set.', 'ai-doc-pipeline' ),
	),
);
$aidoc_modes  = array(
	'none'  => __( 'Only documents that somebody marks in the Media library', 'ai-doc-pipeline' ),
	'types' => __( 'Also all documents of these types:', 'ai-doc-pipeline' ),
	'all'   => __( 'All documents', 'ai-doc-pipeline' ),
);
?>
<h2 class="title"><?php esc_html_e( 'Models', 'ai-doc-pipeline' ); ?></h2>
<p><?php esc_html_e( 'What agents may spend on this site’s documents, together, at the models that they are set up with. A day and a month begin at midnight in this site’s time zone.', 'ai-doc-pipeline' ); ?></p>
<?php if ( null !== $vars['reached'] ) : ?>
	<div class="notice notice-warning inline"><p><?php echo esc_html( $vars['reached'] ); ?></p></div>
<?php endif; ?>
<table class="form-table" role="presentation">
	<?php foreach ( $aidoc_caps as $aidoc_name => $aidoc_cap ) : ?>
		<tr>
			<th scope="row"><?php echo esc_html( $aidoc_cap['title'] ); ?></th>
			<td>
				<fieldset>
					<legend class="screen-reader-text"><?php echo esc_html( $aidoc_cap['title'] ); ?></legend>
					<?php
					foreach ( array(
						'day'   => __( 'a day', 'ai-doc-pipeline' ),
						'month' => __( 'a month', 'ai-doc-pipeline' ),
					) as $aidoc_period => $aidoc_label ) :
						$aidoc_field = "{$aidoc_name}_{$aidoc_period}";
						?>
						<label for="aidoc-<?php echo esc_attr( $aidoc_field ); ?>" class="aidoc-cap">
							<input type="text" inputmode="<?php echo esc_attr( $aidoc_cap['mode'] ); ?>" id="aidoc-<?php echo esc_attr( $aidoc_field ); ?>" name="<?php echo esc_attr( $aidoc_field ); ?>"
								value="<?php echo esc_attr( empty( $aidoc_values[ $aidoc_field ] ) ? '' : (string) $aidoc_values[ $aidoc_field ] ); ?>"<?php $vars['invalid']( $aidoc_field, "aidoc-$aidoc_name-about" ); ?>>
							<?php echo esc_html( $aidoc_label ); ?>
						</label>
						<?php
						$vars['error']( $aidoc_field );
					endforeach;
					?>
				</fieldset>
				<p class="description" id="aidoc-<?php echo esc_attr( $aidoc_name ); ?>-about"><?php echo esc_html( $aidoc_cap['so_far'] . ' ' . $aidoc_cap['explain'] ); ?></p>
			</td>
		</tr>
	<?php endforeach; ?>
	<tr>
		<th scope="row"><?php esc_html_e( 'Local only', 'ai-doc-pipeline' ); ?></th>
		<td>
			<fieldset id="aidoc-local_only"<?php $vars['invalid']( 'local_only', 'aidoc-local_only-about' ); ?>>
				<legend class="screen-reader-text"><?php esc_html_e( 'Local only', 'ai-doc-pipeline' ); ?></legend>
				<?php foreach ( $aidoc_modes as $aidoc_mode => $aidoc_label ) : ?>
					<label>
						<input type="radio" name="local_only" value="<?php echo esc_attr( $aidoc_mode ); ?>" <?php checked( $aidoc_values['local_only'], $aidoc_mode ); ?>>
						<?php echo esc_html( $aidoc_label ); ?>
					</label><br>
					<?php if ( 'types' === $aidoc_mode ) : ?>
						<div class="aidoc-indent" id="aidoc-local_only_types" role="group" aria-label="<?php esc_attr_e( 'Types that are local only', 'ai-doc-pipeline' ); ?>">
							<?php foreach ( $vars['groups'] as $aidoc_name => $aidoc_group ) : ?>
								<label>
									<input type="checkbox" name="local_only_types[]" value="<?php echo esc_attr( $aidoc_name ); ?>" <?php checked( in_array( $aidoc_name, $aidoc_values['local_only_types'], true ) ); ?>>
									<?php echo esc_html( $aidoc_group['label'] ); ?>
								</label><br>
							<?php endforeach; ?>
						</div>
						<?php $vars['error']( 'local_only_types' ); ?>
					<?php endif; ?>
				<?php endforeach; ?>
			</fieldset>
			<?php $vars['error']( 'local_only' ); ?>
			<p class="description" id="aidoc-local_only-about"><?php esc_html_e( 'Such documents are given only to agents that summarise them on their own machines and send their text to no model elsewhere. Other agents never see them.', 'ai-doc-pipeline' ); ?></p>
		</td>
	</tr>
</table>
