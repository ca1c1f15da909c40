<?php
/**
 * The part of the settings form about mails that tell of failures.
 *
 * @var array $vars values, error and invalid (closures of the form).
 */

defined( 'ABSPATH' ) || exit;

$aidoc_to = $vars['values']['digest_to'];
?>
<h2 class="title"><?php esc_html_e( 'Mail', 'ai-doc-pipeline' ); ?></h2>
<table class="form-table" role="presentation">
	<tr>
		<th scope="row"><label for="aidoc-digest_to"><?php esc_html_e( 'Tell of failures', 'ai-doc-pipeline' ); ?></label></th>
		<td>
			<input type="text" class="regular-text" id="aidoc-digest_to" name="digest_to" inputmode="email" autocomplete="off" value="<?php echo esc_attr( is_array( $aidoc_to ) ? implode( ', ', $aidoc_to ) : (string) $aidoc_to ); ?>"<?php $vars['invalid']( 'digest_to', 'aidoc-digest_to-about' ); ?>>
			<?php $vars['error']( 'digest_to' ); ?>
			<p class="description" id="aidoc-digest_to-about"><?php esc_html_e( 'Mail addresses with commas between them. When documents could not be read, they get one mail an hour at most: how many, for which reasons, and a link to the queue; no names and no text of documents. Empty: no mail.', 'ai-doc-pipeline' ); ?></p>
		</td>
	</tr>
</table>
