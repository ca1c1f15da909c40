<?php
/**
 * The part of the settings form that bounds what agents may do.
 *
 * @var array $vars values, agents, error, invalid; see AIDoc\Admin\AddressFields.
 */

defined( 'ABSPATH' ) || exit;

$aidoc_text = static fn ( string $field ): string => is_array( $vars['values'][ $field ] ) ? implode( "\n", $vars['values'][ $field ] ) : (string) $vars['values'][ $field ];
?>
<h2 class="title"><?php esc_html_e( 'Limits for agents', 'ai-doc-pipeline' ); ?></h2>
<table class="form-table" role="presentation">
	<tr>
		<th scope="row"><label for="aidoc-leases_per_agent"><?php esc_html_e( 'Documents at a time', 'ai-doc-pipeline' ); ?></label></th>
		<td>
			<input type="number" min="1" max="1024" class="small-text" id="aidoc-leases_per_agent" name="leases_per_agent" value="<?php echo esc_attr( $aidoc_text( 'leases_per_agent' ) ); ?>"<?php $vars['invalid']( 'leases_per_agent', 'aidoc-leases_per_agent-about' ); ?>>
			<?php $vars['error']( 'leases_per_agent' ); ?>
			<p class="description" id="aidoc-leases_per_agent-about"><?php esc_html_e( 'The most documents that one agent may hold. Below that, an agent may hold twice the slots that it reports.', 'ai-doc-pipeline' ); ?></p>
		</td>
	</tr>
	<tr>
		<th scope="row"><label for="aidoc-allowed_ips"><?php esc_html_e( 'Agents may call from', 'ai-doc-pipeline' ); ?></label></th>
		<td>
			<textarea rows="3" cols="40" class="code" id="aidoc-allowed_ips" name="allowed_ips" spellcheck="false"<?php $vars['invalid']( 'allowed_ips', 'aidoc-allowed_ips-about' ); ?>><?php echo esc_textarea( $aidoc_text( 'allowed_ips' ) ); ?></textarea>
			<?php $vars['error']( 'allowed_ips' ); ?>
			<p class="description" id="aidoc-allowed_ips-about"><?php esc_html_e( 'Addresses (192.0.2.7, 2001:db8::7) or networks (192.0.2.0/24), one a line. Empty: from anywhere. Requests from elsewhere are refused before anything in them is read; people are not affected.', 'ai-doc-pipeline' ); ?></p>
		</td>
	</tr>
	<tr>
		<th scope="row"><label for="aidoc-trusted_proxies"><?php esc_html_e( 'Trusted proxies', 'ai-doc-pipeline' ); ?></label></th>
		<td>
			<textarea rows="2" cols="40" class="code" id="aidoc-trusted_proxies" name="trusted_proxies" spellcheck="false"<?php $vars['invalid']( 'trusted_proxies', 'aidoc-trusted_proxies-about' ); ?>><?php echo esc_textarea( $aidoc_text( 'trusted_proxies' ) ); ?></textarea>
			<?php $vars['error']( 'trusted_proxies' ); ?>
			<p class="description" id="aidoc-trusted_proxies-about"><?php esc_html_e( 'Only if this site is behind a proxy or content network: its addresses. X-Forwarded-For is trusted from these alone.', 'ai-doc-pipeline' ); ?></p>
		</td>
	</tr>
	<?php foreach ( $vars['agents'] as $aidoc_agent ) : ?>
		<tr>
			<th scope="row">
				<label for="aidoc-<?php echo esc_attr( $aidoc_agent['field'] ); ?>" class="aidoc-break">
					<?php
					/* translators: %s: name of an agent. */
					echo esc_html( sprintf( __( '“%s” only from', 'ai-doc-pipeline' ), $aidoc_agent['name'] ) );
					?>
				</label>
			</th>
			<td>
				<input type="text" class="regular-text code" id="aidoc-<?php echo esc_attr( $aidoc_agent['field'] ); ?>" name="<?php echo esc_attr( $aidoc_agent['field'] ); ?>" spellcheck="false" value="<?php echo esc_attr( $vars['values'][ $aidoc_agent['field'] ] ?? $aidoc_agent['allowed'] ); ?>"<?php $vars['invalid']( $aidoc_agent['field'], '' !== $aidoc_agent['last_ip'] ? "aidoc-{$aidoc_agent['field']}-about" : '' ); ?>>
				<?php $vars['error']( $aidoc_agent['field'] ); ?>
				<?php if ( '' !== $aidoc_agent['last_ip'] ) : ?>
					<p class="description" id="aidoc-<?php echo esc_attr( $aidoc_agent['field'] ); ?>-about">
						<?php
						/* translators: %s: an IP address. */
						echo esc_html( sprintf( __( 'Last seen from %s.', 'ai-doc-pipeline' ), $aidoc_agent['last_ip'] ) );
						?>
					</p>
				<?php endif; ?>
			</td>
		</tr>
	<?php endforeach; ?>
</table>
