<?php
/**
 * The spending page: caps and their state, a chart, and the tables beneath it.
 *
 * @var array $vars range, summary, spent, caps, reached, settings, csv; see AIDoc\Admin\SpendingPage::render().
 */

defined( 'ABSPATH' ) || exit;

use AIDoc\Admin\Screens;
use AIDoc\Admin\When;

$aidoc_summary = $vars['summary'];
$aidoc_range   = $vars['range'];
$aidoc_ranges  = array(
	'days'   => __( 'Last 30 days', 'ai-doc-pipeline' ),
	'months' => __( 'Last 12 months', 'ai-doc-pipeline' ),
);
?>
<div class="wrap aidoc-wrap">
	<h1><?php esc_html_e( 'Spending', 'ai-doc-pipeline' ); ?></h1>
	<?php if ( null !== $vars['reached'] ) : ?>
		<div class="notice notice-warning inline"><p><?php echo esc_html( $vars['reached'] ); ?></p></div>
	<?php endif; ?>

	<div class="aidoc-cards">
		<?php
		foreach ( array(
			'day'   => __( 'Today', 'ai-doc-pipeline' ),
			'month' => __( 'This month', 'ai-doc-pipeline' ),
		) as $aidoc_period => $aidoc_label ) {
			Screens::render(
				'spending-card',
				array(
					'label'  => $aidoc_label,
					'spent'  => $vars['spent'][ $aidoc_period ],
					'usd'    => $vars['caps'][ "max_usd_$aidoc_period" ],
					'tokens' => $vars['caps'][ "max_tokens_$aidoc_period" ],
				)
			);
		}
		?>
		<div class="aidoc-card">
			<h2><?php esc_html_e( 'Without a model', 'ai-doc-pipeline' ); ?></h2>
			<p class="aidoc-card__figure"><?php echo esc_html( number_format_i18n( $aidoc_summary->without + $aidoc_summary->fallback ) ); ?></p>
			<p class="aidoc-muted">
				<?php
				/* translators: 1: a range such as "Last 30 days", 2: number of documents. */
				echo esc_html( sprintf( __( '%1$s; of these %2$s because a model could not be paid for or asked.', 'ai-doc-pipeline' ), $aidoc_ranges[ $aidoc_range->name ], number_format_i18n( $aidoc_summary->fallback ) ) );
				?>
			</p>
		</div>
	</div>
	<?php if ( $vars['settings'] ) : ?>
		<p><a href="<?php echo esc_url( Screens::url( Screens::SETTINGS ) . '#aidoc-max_usd_day' ); ?>"><?php esc_html_e( 'Change the caps', 'ai-doc-pipeline' ); ?></a></p>
	<?php endif; ?>

	<nav class="aidoc-ranges" aria-label="<?php esc_attr_e( 'Time', 'ai-doc-pipeline' ); ?>">
		<?php foreach ( $aidoc_ranges as $aidoc_name => $aidoc_label ) : ?>
			<a class="button<?php echo $aidoc_name === $aidoc_range->name ? ' button-primary" aria-current="page' : ''; ?>" href="<?php echo esc_url( Screens::url( Screens::SPENDING, array( 'range' => $aidoc_name ) ) ); ?>"><?php echo esc_html( $aidoc_label ); ?></a>
		<?php endforeach; ?>
		<a class="button" href="<?php echo esc_url( $vars['csv'] ); ?>"><?php esc_html_e( 'Download as CSV', 'ai-doc-pipeline' ); ?></a>
	</nav>

	<?php if ( 0 === $aidoc_summary->total['documents'] && 0 === $aidoc_summary->total['tokens'] ) : ?>
		<p><?php esc_html_e( 'Nothing was summarised in this time. What models cost appears here as soon as an agent tells it.', 'ai-doc-pipeline' ); ?></p>
	<?php else : ?>
		<?php Screens::render( 'spending-chart', $vars ); ?>
		<?php
		Screens::render(
			'spending-table',
			array(
				'caption' => __( 'By model', 'ai-doc-pipeline' ),
				'head'    => __( 'Model', 'ai-doc-pipeline' ),
				'rows'    => $aidoc_summary->models,
				'total'   => $aidoc_summary->total,
			)
		);
		Screens::render(
			'spending-table',
			array(
				'caption' => __( 'By agent', 'ai-doc-pipeline' ),
				'head'    => __( 'Agent', 'ai-doc-pipeline' ),
				'rows'    => $aidoc_summary->agents,
				'total'   => $aidoc_summary->total,
			)
		);
		$aidoc_rows = array();
		foreach ( array_reverse( $aidoc_summary->periods, true ) as $aidoc_period => $aidoc_sum ) {
			if ( $aidoc_sum['documents'] > 0 || $aidoc_sum['tokens'] > 0 || $aidoc_sum['usd'] > 0 ) {
				$aidoc_rows[ $aidoc_range->periods[ $aidoc_period ] ?? $aidoc_period ] = $aidoc_sum;
			}
		}
		Screens::render(
			'spending-table',
			array(
				'caption' => 'months' === $aidoc_range->name ? __( 'By month', 'ai-doc-pipeline' ) : __( 'By day', 'ai-doc-pipeline' ),
				'head'    => 'months' === $aidoc_range->name ? __( 'Month', 'ai-doc-pipeline' ) : __( 'Day', 'ai-doc-pipeline' ),
				'rows'    => $aidoc_rows,
				'total'   => $aidoc_summary->total,
			)
		);
		?>
	<?php endif; ?>
	<p class="aidoc-muted"><?php esc_html_e( 'A document counts in the day in which an agent took it. Amounts are what agents tell, by the price list of each; the bill is the provider’s. Kept for 400 days.', 'ai-doc-pipeline' ); ?></p>
</div>
