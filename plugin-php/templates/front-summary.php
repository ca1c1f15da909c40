<?php
/**
 * A summary on a page of the site.
 *
 * @var array $vars wrapper, id, title, shown, text, source, hint; see AIDoc\Front\SummaryBlock::render().
 */

defined( 'ABSPATH' ) || exit;

$aidoc_shown  = $vars['shown'];
$aidoc_source = $vars['source'];
$aidoc_tag    = 'h' . $aidoc_shown->level;
/* translators: %s: name of a file. */
$aidoc_name = sprintf( __( 'Summary of %s', 'ai-doc-pipeline' ), $aidoc_source->name );
?>
<section <?php echo $vars['wrapper']; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- attributes from get_block_wrapper_attributes(), which escapes them. ?> <?php echo $aidoc_shown->title ? 'aria-labelledby="' . esc_attr( $vars['id'] ) . '"' : 'aria-label="' . esc_attr( $aidoc_name ) . '"'; ?>>
	<?php if ( $vars['hint'] ) : ?>
		<p class="aidoc-summary__hint"><?php echo esc_html( $vars['hint']->sentence ); ?></p>
	<?php endif; ?>
	<?php if ( $aidoc_shown->title ) : ?>
		<<?php echo esc_html( $aidoc_tag ); ?> class="aidoc-summary__title" id="<?php echo esc_attr( $vars['id'] ); ?>"><?php echo wp_kses( $vars['title'], 'data' ); ?></<?php echo esc_html( $aidoc_tag ); ?>>
	<?php endif; ?>
	<div class="aidoc-summary__text">
		<?php echo $vars['text']; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Sanitizer cleans the text before SummaryText renders it. ?>
	</div>
	<?php if ( $aidoc_shown->sourceLink ) : ?>
		<p class="aidoc-summary__source">
			<?php esc_html_e( 'Source document:', 'ai-doc-pipeline' ); ?>
			<?php if ( '' !== $aidoc_source->url ) : ?>
				<a href="<?php echo esc_url( $aidoc_source->url ); ?>"><bdi><?php echo esc_html( $aidoc_source->name ); ?></bdi></a>
			<?php else : ?>
				<bdi><?php echo esc_html( $aidoc_source->name ); ?></bdi>
			<?php endif; ?>
			<?php if ( '' !== $aidoc_source->facts ) : ?>
				<span class="aidoc-summary__facts">(<?php echo esc_html( $aidoc_source->facts ); ?>)</span>
			<?php endif; ?>
		</p>
	<?php endif; ?>
</section>
