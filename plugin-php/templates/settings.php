<?php
/**
 * The settings form.
 *
 * @var array $vars values, errors, groups, has_secret, callback, upload_max, shared, spent, reached; see AIDoc\Admin\SettingsPage::render().
 */

defined( 'ABSPATH' ) || exit;

$aidoc_values = $vars['values'];
$aidoc_errors = $vars['errors'];

/** Prints the sentence below a refused field. */
$aidoc_error = static function ( string $field ) use ( $aidoc_errors ): void {
	if ( isset( $aidoc_errors[ $field ] ) ) {
		printf( '<p class="aidoc-field-error" id="aidoc-error-%s"><span class="dashicons dashicons-warning" aria-hidden="true"></span> %s</p>', esc_attr( $field ), esc_html( $aidoc_errors[ $field ] ) );
	}
};
/** Links a field to its sentence. */
$aidoc_invalid = static function ( string $field, string $described = '' ) use ( $aidoc_errors ): void {
	$ids = array_filter( array( isset( $aidoc_errors[ $field ] ) ? 'aidoc-error-' . $field : '', $described ) );
	if ( isset( $aidoc_errors[ $field ] ) ) {
		echo ' aria-invalid="true"';
	}
	if ( $ids ) {
		printf( ' aria-describedby="%s"', esc_attr( implode( ' ', $ids ) ) );
	}
};
?>
<div class="wrap aidoc-wrap">
	<h1><?php esc_html_e( 'Document Summary Settings', 'ai-doc-pipeline' ); ?></h1>
	<?php \AIDoc\Admin\Flash::render_message(); ?>
	<?php if ( $aidoc_errors ) : ?>
		<div class="notice notice-error" role="alert" tabindex="-1" id="aidoc-errors">
			<p><strong><?php esc_html_e( 'Nothing was saved yet. Please correct the marked fields:', 'ai-doc-pipeline' ); ?></strong></p>
			<ul class="ul-disc">
				<?php foreach ( $aidoc_errors as $aidoc_field => $aidoc_sentence ) : ?>
					<li><a href="#aidoc-<?php echo esc_attr( $aidoc_field ); ?>"><?php echo esc_html( $aidoc_sentence ); ?></a></li>
				<?php endforeach; ?>
			</ul>
		</div>
	<?php endif; ?>

	<form method="post" action="<?php echo esc_url( admin_url( 'admin-post.php' ) ); ?>" novalidate>
		<input type="hidden" name="action" value="<?php echo esc_attr( \AIDoc\Admin\SettingsPage::ACTION ); ?>">
		<?php wp_nonce_field( \AIDoc\Admin\SettingsPage::ACTION ); ?>

		<h2 class="title"><?php esc_html_e( 'Documents', 'ai-doc-pipeline' ); ?></h2>
		<table class="form-table" role="presentation">
			<tr>
				<th scope="row"><?php esc_html_e( 'New uploads', 'ai-doc-pipeline' ); ?></th>
				<td>
					<label for="aidoc-enqueue_on_upload">
						<input type="checkbox" id="aidoc-enqueue_on_upload" name="enqueue_on_upload" value="1" <?php checked( $aidoc_values['enqueue_on_upload'] ); ?>>
						<?php esc_html_e( 'Read documents as soon as they are uploaded', 'ai-doc-pipeline' ); ?>
					</label>
					<p class="description"><?php esc_html_e( 'When off, documents are read only after someone chooses “Read this document” in the Media library.', 'ai-doc-pipeline' ); ?></p>
				</td>
			</tr>
			<tr>
				<th scope="row"><?php esc_html_e( 'Types of file', 'ai-doc-pipeline' ); ?></th>
				<td>
					<fieldset id="aidoc-types"<?php $aidoc_invalid( 'types' ); ?>>
						<legend class="screen-reader-text"><?php esc_html_e( 'Types of file', 'ai-doc-pipeline' ); ?></legend>
						<?php foreach ( $vars['groups'] as $aidoc_name => $aidoc_group ) : ?>
							<label>
								<input type="checkbox" name="types[]" value="<?php echo esc_attr( $aidoc_name ); ?>" <?php checked( in_array( $aidoc_name, $aidoc_values['types'], true ) ); ?>>
								<?php echo esc_html( $aidoc_group['label'] ); ?>
							</label><br>
						<?php endforeach; ?>
					</fieldset>
					<?php $aidoc_error( 'types' ); ?>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="aidoc-images"><?php esc_html_e( 'Pictures', 'ai-doc-pipeline' ); ?></label></th>
				<td>
					<select id="aidoc-images" name="images"<?php $aidoc_invalid( 'images', 'aidoc-images-about' ); ?>>
						<option value="documents" <?php selected( $aidoc_values['images'], 'documents' ); ?>><?php esc_html_e( 'Those that may be documents', 'ai-doc-pipeline' ); ?></option>
						<option value="all" <?php selected( $aidoc_values['images'], 'all' ); ?>><?php esc_html_e( 'All', 'ai-doc-pipeline' ); ?></option>
						<option value="none" <?php selected( $aidoc_values['images'], 'none' ); ?>><?php esc_html_e( 'None', 'ai-doc-pipeline' ); ?></option>
					</select>
					<?php $aidoc_error( 'images' ); ?>
					<p class="description" id="aidoc-images-about"><?php esc_html_e( 'Which uploaded pictures are read by themselves. Scans and photographed pages may be documents. Logos, icons and banners are left alone, and an agent sees at a glance that a holiday photo is none. Each can be read by hand all the same.', 'ai-doc-pipeline' ); ?></p>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="aidoc-max_mb"><?php esc_html_e( 'Largest file', 'ai-doc-pipeline' ); ?></label></th>
				<td>
					<input type="text" inputmode="decimal" class="small-text" id="aidoc-max_mb" name="max_mb" value="<?php echo esc_attr( $aidoc_values['max_mb'] ); ?>"<?php $aidoc_invalid( 'max_mb', 'aidoc-max_mb-about' ); ?>>
					<?php esc_html_e( 'MB', 'ai-doc-pipeline' ); ?>
					<?php $aidoc_error( 'max_mb' ); ?>
					<p class="description" id="aidoc-max_mb-about">
						<?php
						/* translators: %s: a size such as "64 MB". */
						echo esc_html( sprintf( __( 'Larger files are not queued. This site accepts uploads of up to %s.', 'ai-doc-pipeline' ), size_format( $vars['upload_max'] ) ) );
						?>
					</p>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="aidoc-first_pages"><?php esc_html_e( 'Pages', 'ai-doc-pipeline' ); ?></label></th>
				<td>
					<input type="text" inputmode="numeric" class="small-text" id="aidoc-first_pages" name="first_pages" value="<?php echo esc_attr( $aidoc_values['first_pages'] ? $aidoc_values['first_pages'] : '' ); ?>"<?php $aidoc_invalid( 'first_pages', 'aidoc-first_pages-about' ); ?>>
					<?php esc_html_e( 'pages of each document, from its beginning', 'ai-doc-pipeline' ); ?>
					<?php $aidoc_error( 'first_pages' ); ?>
					<p class="description" id="aidoc-first_pages-about"><?php esc_html_e( 'Leave it empty to read whole documents. Other pages can be chosen in the details of each document.', 'ai-doc-pipeline' ); ?></p>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="aidoc-max_attempts"><?php esc_html_e( 'Attempts', 'ai-doc-pipeline' ); ?></label></th>
				<td>
					<input type="number" min="1" max="20" class="small-text" id="aidoc-max_attempts" name="max_attempts" value="<?php echo esc_attr( $aidoc_values['max_attempts'] ); ?>"<?php $aidoc_invalid( 'max_attempts', 'aidoc-max_attempts-about' ); ?>>
					<?php $aidoc_error( 'max_attempts' ); ?>
					<p class="description" id="aidoc-max_attempts-about"><?php esc_html_e( 'How many times a document is tried before it counts as failed. Only temporary problems, such as a busy model, are retried.', 'ai-doc-pipeline' ); ?></p>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="aidoc-author"><?php esc_html_e( 'Author of summaries', 'ai-doc-pipeline' ); ?></label></th>
				<td>
					<?php
					wp_dropdown_users(
						array(
							'name'              => 'author',
							'id'                => 'aidoc-author',
							'selected'          => (int) $aidoc_values['author'],
							'show_option_none'  => __( 'The uploader of the document', 'ai-doc-pipeline' ),
							'option_none_value' => 0,
							'capability'        => array( 'edit_posts' ),
							'number'            => 200,
						)
					);
					?>
					<?php $aidoc_error( 'author' ); ?>
				</td>
			</tr>
		</table>

		<?php
		\AIDoc\Admin\Screens::render(
			'settings-models',
			array(
				'values'  => $aidoc_values,
				'groups'  => $vars['groups'],
				'spent'   => $vars['spent'],
				'reached' => $vars['reached'],
				'error'   => $aidoc_error,
				'invalid' => $aidoc_invalid,
			)
		);
		?>

		<?php
		\AIDoc\Admin\Screens::render(
			'settings-mail',
			array(
				'values'  => $aidoc_values,
				'error'   => $aidoc_error,
				'invalid' => $aidoc_invalid,
			)
		);
		?>

		<?php \AIDoc\Admin\Screens::render( 'settings-site', array( 'values' => $aidoc_values ) ); ?>

		<h2 class="title"><?php esc_html_e( 'Connection', 'ai-doc-pipeline' ); ?></h2>
		<table class="form-table" role="presentation">
			<tr>
				<th scope="row"><?php esc_html_e( 'Doorbell', 'ai-doc-pipeline' ); ?></th>
				<td>
					<label for="aidoc-doorbell">
						<input type="checkbox" id="aidoc-doorbell" name="doorbell" value="1" <?php checked( $aidoc_values['doorbell'] ); ?>>
						<?php esc_html_e( 'Tell waiting agents about new documents through a small static file', 'ai-doc-pipeline' ); ?>
					</label>
					<p class="description"><?php esc_html_e( 'Agents look at this file instead of asking WordPress, so new documents start within seconds and waiting costs this site almost nothing. The file says only that something changed.', 'ai-doc-pipeline' ); ?></p>
				</td>
			</tr>
			<tr>
				<th scope="row"><?php esc_html_e( 'Identity of agents', 'ai-doc-pipeline' ); ?></th>
				<td>
					<label for="aidoc-require_public_keys">
						<input type="checkbox" id="aidoc-require_public_keys" name="require_public_keys" value="1" <?php checked( $aidoc_values['require_public_keys'] ); ?> aria-describedby="aidoc-require_public_keys-about">
						<?php esc_html_e( 'Agents must use public keys', 'ai-doc-pipeline' ); ?>
					</label>
					<p class="description" id="aidoc-require_public_keys-about">
						<?php
						esc_html_e( 'The private key of an agent then never leaves its machine, so a copy of this site cannot be used to impersonate an agent. Agents with a shared secret switch at their next request and lose no work. Agents older than this plugin must be updated first.', 'ai-doc-pipeline' );
						if ( $vars['shared'] > 0 ) {
							/* translators: %s: number of agents. */
							echo ' ' . esc_html( sprintf( _n( '%s agent has a shared secret now.', '%s agents have a shared secret now.', $vars['shared'], 'ai-doc-pipeline' ), number_format_i18n( $vars['shared'] ) ) );
						}
						?>
					</p>
				</td>
			</tr>
			<tr>
				<th scope="row"><?php esc_html_e( 'Legacy callback', 'ai-doc-pipeline' ); ?></th>
				<td>
					<label for="aidoc-legacy_enabled">
						<input type="checkbox" id="aidoc-legacy_enabled" name="legacy_enabled" value="1" <?php checked( $aidoc_values['legacy_enabled'] ); ?>>
						<?php esc_html_e( 'Accept results from a pipeline that signs with one shared secret', 'ai-doc-pipeline' ); ?>
					</label>
					<p class="description">
						<?php esc_html_e( 'Agents made on the Agents page do not need this. Leave it off unless a legacy pipeline sends its results to:', 'ai-doc-pipeline' ); ?>
						<code><?php echo esc_html( $vars['callback'] ); ?></code>
					</p>
				</td>
			</tr>
			<tr>
				<th scope="row"><label for="aidoc-legacy_secret"><?php esc_html_e( 'Shared secret', 'ai-doc-pipeline' ); ?></label></th>
				<td>
					<input type="password" class="regular-text code" id="aidoc-legacy_secret" name="legacy_secret" value="" autocomplete="new-password" spellcheck="false"
						placeholder="<?php echo $vars['has_secret'] ? esc_attr__( 'Set. Type to replace it.', 'ai-doc-pipeline' ) : ''; ?>"<?php $aidoc_invalid( 'legacy_secret', 'aidoc-legacy_secret-about' ); ?>>
					<button type="button" class="button hide-if-no-js" id="aidoc-generate"><?php esc_html_e( 'Generate', 'ai-doc-pipeline' ); ?></button>
					<?php $aidoc_error( 'legacy_secret' ); ?>
					<p class="description" id="aidoc-legacy_secret-about">
						<?php
						echo $vars['has_secret']
							? esc_html__( 'A secret is set. It is stored encrypted and never shown again.', 'ai-doc-pipeline' )
							: esc_html__( 'No secret is set. Once saved it is stored encrypted and never shown again, so copy it to the other side first.', 'ai-doc-pipeline' );
						?>
					</p>
					<p class="hidden" id="aidoc-generated" role="status"><?php esc_html_e( 'Copy this secret to the other side now, then save.', 'ai-doc-pipeline' ); ?></p>
					<?php if ( $vars['has_secret'] ) : ?>
						<p><label><input type="checkbox" name="legacy_secret_remove" value="1"> <?php esc_html_e( 'Remove the secret and turn the legacy callback off', 'ai-doc-pipeline' ); ?></label></p>
					<?php endif; ?>
				</td>
			</tr>
		</table>

		<?php
		\AIDoc\Admin\Screens::render(
			'settings-addresses',
			array(
				'values'  => $aidoc_values,
				'agents'  => $vars['agents'],
				'error'   => $aidoc_error,
				'invalid' => $aidoc_invalid,
			)
		);
		?>

		<h2 class="title"><?php esc_html_e( 'Uninstalling', 'ai-doc-pipeline' ); ?></h2>
		<table class="form-table" role="presentation">
			<tr>
				<th scope="row"><?php esc_html_e( 'Data', 'ai-doc-pipeline' ); ?></th>
				<td>
					<label for="aidoc-delete_data_on_uninstall">
						<input type="checkbox" id="aidoc-delete_data_on_uninstall" name="delete_data_on_uninstall" value="1" <?php checked( $aidoc_values['delete_data_on_uninstall'] ); ?>>
						<?php esc_html_e( 'Also delete all document summaries when the plugin is deleted', 'ai-doc-pipeline' ); ?>
					</label>
					<p class="description"><?php esc_html_e( 'Your uploaded files stay in any case.', 'ai-doc-pipeline' ); ?></p>
				</td>
			</tr>
		</table>
		<?php submit_button(); ?>
	</form>
</div>
