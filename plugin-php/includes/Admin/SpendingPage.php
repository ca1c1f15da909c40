<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Clock;
use AIDoc\Queue\Budgets;
use AIDoc\Queue\SpendingReport;
use AIDoc\Rights;
use AIDoc\Settings;

/** What models have cost, by day or month, by model and by agent; and the same rows as a file. */
final class SpendingPage {

	public const CAPABILITY = Rights::SPENDING;
	public const EXPORT     = 'aidoc_spending_csv';

	public function __construct(
		private readonly SpendingReport $report,
		private readonly Budgets $budgets,
		private readonly Settings $settings,
		private readonly Agents $agents,
		private readonly Clock $clock,
	) {}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ), 25 );
		add_action( 'admin_post_' . self::EXPORT, array( $this, 'export' ) );
	}

	public function add_page(): void {
		$hook = add_submenu_page( Screens::PARENT, __( 'Spending', 'ai-doc-pipeline' ), __( 'Spending', 'ai-doc-pipeline' ), self::CAPABILITY, Screens::SPENDING, array( $this, 'render' ) );
		if ( $hook ) {
			add_action( 'admin_print_styles-' . $hook, static fn () => Screens::enqueue() );
		}
	}

	public function render(): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to see what models have cost.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
		$range   = SpendingRange::from_address( $this->clock->now_ms() );
		$summary = new SpendingSummary( $this->report->rows( $range->startMs, $range->endMs ), $range, $this->names() );
		Screens::render(
			'spending',
			array(
				'range'    => $range,
				'summary'  => $summary,
				'spent'    => $this->budgets->spent(),
				'caps'     => array_intersect_key( $this->settings->all(), array_flip( array( 'max_usd_day', 'max_usd_month', 'max_tokens_day', 'max_tokens_month' ) ) ),
				'reached'  => $this->budgets->reached(),
				'settings' => Rights::has( Rights::SETTINGS ),
				'csv'      => wp_nonce_url( admin_url( 'admin-post.php?action=' . self::EXPORT . '&range=' . $range->name ), self::EXPORT ),
			)
		);
	}

	/** Sends the rows of the shown range as CSV, one for each day, agent and model. */
	public function export(): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to see what models have cost.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( self::EXPORT );
		$range = SpendingRange::from_address( $this->clock->now_ms() );
		nocache_headers();
		header( 'Content-Type: text/csv; charset=utf-8' );
		header( 'Content-Disposition: attachment; filename="aidoc-spending-' . wp_date( 'Y-m-d' ) . '.csv"' );
		echo $this->csv( $range ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- a file of text/csv, no HTML; SpendingCsv quotes the cells.
		exit;
	}

	public function csv( SpendingRange $range ): string {
		return SpendingCsv::of( $this->report->rows( $range->startMs, $range->endMs ), $this->names() );
	}

	/** @return array<int,string> Agent → name. */
	private function names(): array {
		$names = array();
		foreach ( $this->agents->all() as $agent ) {
			$names[ $agent->id ] = $agent->name;
		}
		return $names;
	}
}
