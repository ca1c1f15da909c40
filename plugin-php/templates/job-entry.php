<?php
/**
 * One entry of a job's timeline: an event, or a lease with what happened under it.
 *
 * @var array $vars entry (see AIDoc\Admin\Timeline::of()) and now_ms.
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\Screens;
use AIDoc\Admin\When;

$aidoc_entry = $vars['entry'];
?>
<div class="aidoc-timeline__head">
	<strong><?php echo esc_html( $aidoc_entry['label'] ); ?></strong>
	<?php if ( '' !== $aidoc_entry['who'] ) : ?>
		<?php
		/* translators: %s: name of an agent or of a user. */
		echo esc_html( sprintf( __( 'by %s', 'ai-doc-pipeline' ), $aidoc_entry['who'] ) );
		?>
	<?php endif; ?>
	<?php if ( ! empty( $aidoc_entry['epoch'] ) ) : ?>
		<span class="aidoc-muted">
			<?php
			/* translators: %d: number of a lease, counted from 1; protocol and logs call it the epoch. */
			echo esc_html( sprintf( __( 'lease %d', 'ai-doc-pipeline' ), $aidoc_entry['epoch'] ) );
			?>
		</span>
	<?php endif; ?>
	<span class="aidoc-timeline__time">
	<?php
	echo wp_kses(
		When::exact( $aidoc_entry['at_ms'], $vars['now_ms'] ),
		array(
			'time' => array( 'datetime' => true ),
			'span' => array( 'class' => true ),
		)
	);
	?>
	</span>
</div>
<?php if ( '' !== $aidoc_entry['text'] . $aidoc_entry['code'] ) : ?>
	<div class="aidoc-break">
		<?php echo esc_html( $aidoc_entry['text'] ); ?>
		<?php if ( '' !== $aidoc_entry['code'] ) : ?>
			<code><?php echo esc_html( $aidoc_entry['code'] ); ?></code>
		<?php endif; ?>
	</div>
<?php endif; ?>
<?php if ( ! empty( $aidoc_entry['phases'] ) ) : ?>
	<ul class="aidoc-phases">
		<?php foreach ( $aidoc_entry['phases'] as $aidoc_phase ) : ?>
			<li<?php echo $aidoc_phase['live'] ? ' class="is-live"' : ''; ?>>
				<?php echo esc_html( $aidoc_phase['label'] ); ?>
				<?php if ( null !== $aidoc_phase['ms'] ) : ?>
					<span class="aidoc-muted">
						<?php
						/* translators: %s: a length of time such as "12 s". */
						echo esc_html( $aidoc_phase['live'] ? sprintf( __( 'for %s', 'ai-doc-pipeline' ), When::span( $aidoc_phase['ms'] ) ) : When::span( $aidoc_phase['ms'] ) );
						?>
					</span>
				<?php endif; ?>
			</li>
		<?php endforeach; ?>
	</ul>
<?php endif; ?>
<?php
foreach ( $aidoc_entry['notes'] ?? array() as $aidoc_note ) {
	Screens::render( 'job-entry', array( 'entry' => $aidoc_note ) + $vars );
}
if ( ! empty( $aidoc_entry['end'] ) ) {
	Screens::render( 'job-entry', array( 'entry' => $aidoc_entry['end'] ) + $vars );
}
?>
<?php if ( isset( $aidoc_entry['held_ms'] ) || '' !== ( $aidoc_entry['cost'] ?? '' ) ) : ?>
	<div class="aidoc-muted">
		<?php
		/* translators: %s: a length of time such as "12 s". */
		$aidoc_held = isset( $aidoc_entry['held_ms'] ) ? sprintf( __( 'Held for %s', 'ai-doc-pipeline' ), When::span( $aidoc_entry['held_ms'] ) ) : '';
		echo esc_html( implode( ' · ', array_filter( array( $aidoc_held, $aidoc_entry['cost'] ?? '' ) ) ) );
		?>
	</div>
	<?php
endif;
