<?php
/**
 * What was spent in one period, beside its cap.
 *
 * @var array $vars label, spent (usd, tokens), usd and tokens (caps, 0 for none).
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\When;

$aidoc_shares = array_filter(
	array(
		$vars['usd'] > 0 ? $vars['spent']['usd'] / $vars['usd'] : null,
		$vars['tokens'] > 0 ? $vars['spent']['tokens'] / $vars['tokens'] : null,
	),
	static fn( $share ) => null !== $share
);
$aidoc_limits = array_filter(
	array(
		$vars['usd'] > 0 ? When::usd( $vars['usd'] ) : '',
		/* translators: %s: a number of tokens, by which models count text. */
		$vars['tokens'] > 0 ? sprintf( __( '%s tokens', 'ai-doc-pipeline' ), number_format_i18n( $vars['tokens'] ) ) : '',
	)
);
?>
<div class="aidoc-card">
	<h2><?php echo esc_html( $vars['label'] ); ?></h2>
	<p class="aidoc-card__figure"><?php echo esc_html( When::usd( $vars['spent']['usd'] ) ); ?></p>
	<p class="aidoc-muted">
		<?php
		/* translators: %s: a number of tokens, by which models count text. */
		echo esc_html( sprintf( __( '%s tokens', 'ai-doc-pipeline' ), number_format_i18n( $vars['spent']['tokens'] ) ) . ' · ' );
		/* translators: %s: an amount of money, a number of tokens, or both. */
		echo esc_html( $aidoc_limits ? sprintf( __( 'cap: %s', 'ai-doc-pipeline' ), implode( ', ', $aidoc_limits ) ) : __( 'no cap', 'ai-doc-pipeline' ) );
		?>
	</p>
	<?php if ( $aidoc_shares ) : ?>
		<?php $aidoc_percent = (int) floor( min( 1, max( $aidoc_shares ) ) * 100 ); ?>
		<div class="aidoc-meter<?php echo $aidoc_percent >= 90 ? ' is-full' : ''; ?>" role="img" aria-label="<?php /* translators: %s: a number from 0 to 100. */ echo esc_attr( sprintf( __( '%s percent of the cap are used', 'ai-doc-pipeline' ), number_format_i18n( $aidoc_percent ) ) ); ?>"><span style="width:<?php echo (int) $aidoc_percent; ?>%"></span></div>
	<?php endif; ?>
</div>
