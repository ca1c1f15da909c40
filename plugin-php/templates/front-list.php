<?php
/**
 * Documents with summaries on a page of the site.
 *
 * @var array $vars wrapper, listed, request, base, choices, total, pages, page, items; see AIDoc\Front\SummaryList::render().
 */

defined( 'ABSPATH' ) || exit;

$aidoc_listed  = $vars['listed'];
$aidoc_request = $vars['request'];
$aidoc_tag     = 'h' . $aidoc_listed->level;
$aidoc_id      = wp_unique_id( 'aidoc-list-' );
?>
<div <?php echo $vars['wrapper']; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- attributes from get_block_wrapper_attributes(), which escapes them. ?> id="<?php echo esc_attr( $aidoc_id ); ?>">
	<?php if ( $aidoc_listed->search || $vars['choices'] ) : ?>
		<form class="aidoc-summaries__form" role="search" method="get" action="<?php echo esc_url( strtok( $vars['base'], '?' ) . '#' . $aidoc_id ); ?>" aria-label="<?php esc_attr_e( 'Documents with summaries', 'ai-doc-pipeline' ); ?>">
			<?php foreach ( \AIDoc\Front\ListForm::hidden( $vars['base'] ) as $aidoc_name => $aidoc_value ) : ?>
				<input type="hidden" name="<?php echo esc_attr( $aidoc_name ); ?>" value="<?php echo esc_attr( $aidoc_value ); ?>">
			<?php endforeach; ?>
			<?php if ( $aidoc_listed->search ) : ?>
				<p class="aidoc-summaries__field aidoc-summaries__field--search">
					<label for="<?php echo esc_attr( "$aidoc_id-q" ); ?>"><?php esc_html_e( 'Search documents', 'ai-doc-pipeline' ); ?></label>
					<input type="search" id="<?php echo esc_attr( "$aidoc_id-q" ); ?>" name="<?php echo esc_attr( $aidoc_request->name( 'q' ) ); ?>" value="<?php echo esc_attr( $aidoc_request->typed ); ?>" maxlength="200">
				</p>
			<?php endif; ?>
			<?php foreach ( $vars['choices'] as $aidoc_choice ) : ?>
				<p class="aidoc-summaries__field">
					<label for="<?php echo esc_attr( "$aidoc_id-$aidoc_choice->what" ); ?>"><?php echo esc_html( $aidoc_choice->label ); ?></label>
					<select id="<?php echo esc_attr( "$aidoc_id-$aidoc_choice->what" ); ?>" name="<?php echo esc_attr( $aidoc_request->name( $aidoc_choice->what ) ); ?>">
						<option value=""><?php echo esc_html( $aidoc_choice->any ); ?></option>
						<?php foreach ( $aidoc_choice->options as $aidoc_value => $aidoc_label ) : ?>
							<option value="<?php echo esc_attr( (string) $aidoc_value ); ?>" <?php selected( (string) $aidoc_value, $aidoc_choice->chosen ); ?>><?php echo esc_html( $aidoc_label ); ?></option>
						<?php endforeach; ?>
					</select>
				</p>
			<?php endforeach; ?>
			<p class="aidoc-summaries__field"><button type="submit" class="wp-element-button"><?php esc_html_e( 'Search', 'ai-doc-pipeline' ); ?></button></p>
		</form>
	<?php endif; ?>

	<p class="aidoc-summaries__count">
		<?php
		if ( $vars['total'] > 0 ) {
			/* translators: %s: number of documents. */
			echo esc_html( sprintf( _n( '%s document', '%s documents', $vars['total'], 'ai-doc-pipeline' ), number_format_i18n( $vars['total'] ) ) );
		} elseif ( $aidoc_request->is_narrowed() ) {
			esc_html_e( 'No document fits. Try fewer or other words.', 'ai-doc-pipeline' );
		} else {
			esc_html_e( 'There are no documents with summaries yet.', 'ai-doc-pipeline' );
		}
		?>
		<?php if ( $aidoc_request->is_narrowed() ) : ?>
			<a href="<?php echo esc_url( $vars['base'] . '#' . $aidoc_id ); ?>"><?php esc_html_e( 'Show all', 'ai-doc-pipeline' ); ?></a>
		<?php endif; ?>
	</p>

	<?php if ( $vars['items'] ) : ?>
		<ul class="aidoc-summaries__list">
			<?php foreach ( $vars['items'] as $aidoc_item ) : ?>
				<li class="aidoc-summaries__item">
					<article>
						<<?php echo esc_html( $aidoc_tag ); ?> class="aidoc-summaries__title"><?php echo wp_kses( $aidoc_item['title'], 'data' ); ?></<?php echo esc_html( $aidoc_tag ); ?>>
						<p class="aidoc-summaries__facts">
							<?php if ( '' !== $aidoc_item['source']->url ) : ?>
								<a href="<?php echo esc_url( $aidoc_item['source']->url ); ?>"><bdi><?php echo esc_html( $aidoc_item['source']->name ); ?></bdi></a>
							<?php else : ?>
								<bdi><?php echo esc_html( $aidoc_item['source']->name ); ?></bdi>
							<?php endif; ?>
							<?php if ( '' !== $aidoc_item['source']->facts ) : ?>
								<span>(<?php echo esc_html( $aidoc_item['source']->facts ); ?>)</span>
							<?php endif; ?>
							<time datetime="<?php echo esc_attr( $aidoc_item['day'] ); ?>"><?php echo esc_html( $aidoc_item['date'] ); ?></time>
						</p>
						<?php if ( 'whole' === $aidoc_listed->show ) : ?>
							<details class="aidoc-summaries__whole">
								<summary><?php esc_html_e( 'Read the summary', 'ai-doc-pipeline' ); ?></summary>
								<div class="aidoc-summary__text"><?php echo $aidoc_item['html']; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Sanitizer cleans the text before SummaryText renders it. ?></div>
							</details>
						<?php elseif ( '' !== $aidoc_item['html'] ) : ?>
							<div class="aidoc-summary__text"><?php echo $aidoc_item['html']; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- Sanitizer cleans the text before SummaryText renders it. ?></div>
						<?php endif; ?>
					</article>
				</li>
			<?php endforeach; ?>
		</ul>
	<?php endif; ?>

	<?php if ( $vars['pages'] > 1 ) : ?>
		<nav class="aidoc-summaries__pages" aria-label="<?php esc_attr_e( 'Pages of documents', 'ai-doc-pipeline' ); ?>">
			<?php if ( $vars['page'] > 1 ) : ?>
				<a rel="prev" href="<?php echo esc_url( $aidoc_request->url( $vars['base'], $vars['page'] - 1 ) . '#' . $aidoc_id ); ?>"><?php esc_html_e( 'Previous', 'ai-doc-pipeline' ); ?></a>
			<?php endif; ?>
			<span>
				<?php
				/* translators: 1: number of this page, 2: number of pages. */
				echo esc_html( sprintf( __( 'Page %1$s of %2$s', 'ai-doc-pipeline' ), number_format_i18n( $vars['page'] ), number_format_i18n( $vars['pages'] ) ) );
				?>
			</span>
			<?php if ( $vars['page'] < $vars['pages'] ) : ?>
				<a rel="next" href="<?php echo esc_url( $aidoc_request->url( $vars['base'], $vars['page'] + 1 ) . '#' . $aidoc_id ); ?>"><?php esc_html_e( 'Next', 'ai-doc-pipeline' ); ?></a>
			<?php endif; ?>
		</nav>
	<?php endif; ?>
</div>
