<?php
/**
 * One table of the spending page.
 *
 * @var array $vars caption, head (name of the first column), rows (label → documents, tokens, usd), total.
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\When;

?>
<table class="widefat striped aidoc-spending">
	<caption><?php echo esc_html( $vars['caption'] ); ?></caption>
	<thead>
		<tr>
			<th scope="col"><?php echo esc_html( $vars['head'] ); ?></th>
			<th scope="col" class="aidoc-number"><?php esc_html_e( 'Documents', 'ai-doc-pipeline' ); ?></th>
			<th scope="col" class="aidoc-number"><?php esc_html_e( 'Tokens', 'ai-doc-pipeline' ); ?></th>
			<th scope="col" class="aidoc-number"><?php esc_html_e( 'US dollars', 'ai-doc-pipeline' ); ?></th>
		</tr>
	</thead>
	<tbody>
		<?php foreach ( $vars['rows'] as $aidoc_label => $aidoc_sum ) : ?>
			<tr>
				<th scope="row" class="aidoc-break"><?php echo esc_html( (string) $aidoc_label ); ?></th>
				<td class="aidoc-number"><?php echo esc_html( number_format_i18n( $aidoc_sum['documents'] ) ); ?></td>
				<td class="aidoc-number"><?php echo esc_html( number_format_i18n( $aidoc_sum['tokens'] ) ); ?></td>
				<td class="aidoc-number"><?php echo esc_html( When::usd( $aidoc_sum['usd'] ) ); ?></td>
			</tr>
		<?php endforeach; ?>
	</tbody>
	<tfoot>
		<tr>
			<th scope="row"><?php esc_html_e( 'All', 'ai-doc-pipeline' ); ?></th>
			<td class="aidoc-number"><?php echo esc_html( number_format_i18n( $vars['total']['documents'] ) ); ?></td>
			<td class="aidoc-number"><?php echo esc_html( number_format_i18n( $vars['total']['tokens'] ) ); ?></td>
			<td class="aidoc-number"><?php echo esc_html( When::usd( $vars['total']['usd'] ) ); ?></td>
		</tr>
	</tfoot>
</table>
