<?php
/**
 * A sentence for people with rights, in place of a summary.
 *
 * @var array $vars hint, wrapper; see AIDoc\Front\SummaryBlock.
 */

defined( 'ABSPATH' ) || exit;

$aidoc_hint = $vars['hint'];
?>
<div <?php echo $vars['wrapper']; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- attributes from get_block_wrapper_attributes(), which escapes them. ?>>
	<p class="aidoc-summary__hint">
		<?php echo esc_html( $aidoc_hint->sentence ); ?>
		<?php if ( '' !== $aidoc_hint->url ) : ?>
			<a href="<?php echo esc_url( $aidoc_hint->url ); ?>"><?php echo esc_html( $aidoc_hint->action ); ?></a>
		<?php endif; ?>
	</p>
</div>
