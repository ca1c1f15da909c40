<?php
/**
 * Bars of what each day or month has cost: a picture of the table beneath it, which says the same in figures. Where no price is known it
 * shows tokens.
 *
 * @var array $vars range and summary; see AIDoc\Admin\SpendingPage::render().
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\When;

$aidoc_money = $vars['summary']->total['usd'] > 0;
$aidoc_unit  = $aidoc_money ? 'usd' : ( $vars['summary']->total['tokens'] > 0 ? 'tokens' : 'documents' );
$aidoc_top   = max( array_column( $vars['summary']->periods, $aidoc_unit ) );
$aidoc_count = count( $vars['range']->periods );
$aidoc_width = 720 / $aidoc_count;
$aidoc_label = static fn( $amount ): string => $aidoc_money ? When::usd( (float) $amount ) : number_format_i18n( $amount );
$aidoc_what  = array(
	'usd'       => __( 'US dollars', 'ai-doc-pipeline' ),
	'tokens'    => __( 'Tokens', 'ai-doc-pipeline' ),
	'documents' => __( 'Documents', 'ai-doc-pipeline' ),
)[ $aidoc_unit ];
$aidoc_name  = 'months' === $vars['range']->name
	/* translators: %s: what is shown: US dollars, tokens or documents. */
	? sprintf( __( '%s by month. The table “By month” below has the figures.', 'ai-doc-pipeline' ), $aidoc_what )
	/* translators: %s: what is shown: US dollars, tokens or documents. */
	: sprintf( __( '%s by day. The table “By day” below has the figures.', 'ai-doc-pipeline' ), $aidoc_what );
$aidoc_i = 0;
?>
<figure class="aidoc-chart">
	<figcaption><?php echo esc_html( $aidoc_what ); ?></figcaption>
	<svg viewBox="0 0 760 170" role="img" aria-label="<?php echo esc_attr( $aidoc_name ); ?>" preserveAspectRatio="xMidYMid meet">
		<line x1="20" y1="140.5" x2="740" y2="140.5" class="aidoc-chart__axis"/>
		<text x="20" y="12"><?php echo esc_html( $aidoc_label( $aidoc_top ) ); ?></text>
		<?php
		foreach ( $vars['range']->periods as $aidoc_key => $aidoc_period ) :
			$aidoc_amount = $vars['summary']->periods[ $aidoc_key ][ $aidoc_unit ];
			$aidoc_height = $aidoc_top > 0 ? 120 * $aidoc_amount / $aidoc_top : 0;
			$aidoc_x      = 20 + $aidoc_i * $aidoc_width;
			?>
			<g>
				<title><?php echo esc_html( $aidoc_period . ': ' . $aidoc_label( $aidoc_amount ) ); ?></title>
				<rect x="<?php echo esc_attr( number_format( $aidoc_x, 1, '.', '' ) ); ?>" y="18" width="<?php echo esc_attr( number_format( $aidoc_width, 1, '.', '' ) ); ?>" height="122" class="aidoc-chart__hover"/>
				<rect x="<?php echo esc_attr( number_format( $aidoc_x + $aidoc_width * 0.15, 1, '.', '' ) ); ?>" y="<?php echo esc_attr( number_format( 140 - $aidoc_height, 1, '.', '' ) ); ?>" width="<?php echo esc_attr( number_format( $aidoc_width * 0.7, 1, '.', '' ) ); ?>" height="<?php echo esc_attr( number_format( $aidoc_height, 1, '.', '' ) ); ?>" class="aidoc-chart__bar"/>
				<?php if ( $aidoc_count <= 12 || 0 === ( $aidoc_count - 1 - $aidoc_i ) % 7 ) : ?>
					<text x="<?php echo esc_attr( number_format( $aidoc_x + $aidoc_width / 2, 1, '.', '' ) ); ?>" y="158" text-anchor="middle"><?php echo esc_html( $aidoc_period ); ?></text>
				<?php endif; ?>
			</g>
			<?php
			++$aidoc_i;
		endforeach;
		?>
	</svg>
</figure>
