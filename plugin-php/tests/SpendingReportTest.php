<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Admin\SpendingCsv;
use AIDoc\Admin\SpendingRange;
use AIDoc\Admin\SpendingSummary;
use AIDoc\Database;

/** What was paid, to whom and when: the rows behind the spending page. */
final class SpendingReportTest extends TestCase {

	protected function tearDown(): void {
		update_option( 'timezone_string', '' );
		parent::tearDown();
	}

	private function row( string $time, array $columns ): void {
		static $job = 1000;
		$row        = $columns + array( 'job_id' => ++$job, 'epoch' => 1, 'agent_id' => 7, 'usd_nano' => 0, 'tokens' => 0, 'provider' => 'openai', 'model' => 'small', 'fallback' => '', 'result' => 1 );
		$ms         = 1000 * ( new \DateTimeImmutable( $time ) )->getTimestamp();
		Database::write(
			'INSERT INTO ' . Database::table( 'spending' ) . ' (at_ms, job_id, epoch, agent_id, usd_nano, tokens, provider, model, fallback, result) VALUES (%d, %d, %d, %d, %d, %d, %s, %s, %s, %d)',
			$ms,
			$row['job_id'],
			$row['epoch'],
			$row['agent_id'],
			$row['usd_nano'],
			$row['tokens'],
			$row['provider'],
			$row['model'],
			$row['fallback'],
			$row['result']
		);
	}

	private static function ms( string $time ): int {
		return 1000 * ( new \DateTimeImmutable( $time ) )->getTimestamp();
	}

	public function test_days_are_those_of_the_site_also_when_its_clocks_are_put_back(): void {
		update_option( 'timezone_string', 'Europe/Berlin' );
		foreach ( array( '2026-10-24T21:59:59Z', '2026-10-24T22:00:00Z', '2026-10-25T22:59:59Z', '2026-10-25T23:00:00Z' ) as $time ) {
			$this->row( $time, array( 'usd_nano' => 1_000_000_000 ) );
		}
		$rows = $this->plugin()->spending_report()->rows( self::ms( '2026-10-01T00:00:00+02:00' ), self::ms( '2026-11-01T00:00:00+01:00' ) );
		$days = array();
		foreach ( $rows as $row ) {
			$days[ $row['day'] ] = ( $days[ $row['day'] ] ?? 0 ) + $row['usd'];
		}
		self::assertSame( array( '2026-10-24' => 1.0, '2026-10-25' => 2.0, '2026-10-26' => 1.0 ), $days, 'The 25th had 25 hours.' );
	}

	public function test_results_name_their_model_and_documents_without_one_are_counted(): void {
		$this->upload( 'a.pdf', 'a' );
		$this->upload( 'b.pdf', 'b' );
		$this->upload( 'c.pdf', 'c' );
		$agent  = $this->agent();
		$leases = $agent->lease( 3 );
		$agent->result( $leases[0], array( 'provider' => 'openai', 'model' => 'small', 'spent' => array( 'usd' => 0.5, 'tokens' => 100 ) ) );
		$agent->result( $leases[1], array( 'spent' => array( 'usd' => 0, 'tokens' => 0 ), 'tokens_in' => 0, 'tokens_out' => 0, 'cost_usd' => 0 ) );
		$agent->result( $leases[2], array( 'fallback' => 'spend_cap_reached', 'spent' => array( 'usd' => 0.1, 'tokens' => 5 ) ) );
		$agent->result( $leases[0], array( 'result_id' => 'not one' ) );
		$now     = $this->clock()->now_ms();
		$range   = SpendingRange::days( $now );
		$summary = new SpendingSummary( $this->plugin()->spending_report()->rows( $range->startMs, $range->endMs ), $range, array( $agent->agent->id => 'scan-1' ) );
		self::assertSame( array( 'documents' => 3, 'tokens' => 105, 'usd' => 0.6 ), $summary->total );
		self::assertSame( array( 'openai/small', 'Summarised without a model (a spending cap was reached)', 'Summarised without a model' ), array_keys( $summary->models ) );
		self::assertSame( array( 1, 1 ), array( $summary->without, $summary->fallback ) );
		self::assertSame( array( 'scan-1' => $summary->total ), $summary->agents );
		self::assertSame( $summary->total, $summary->periods[ wp_date( 'Y-m-d', intdiv( $now, 1000 ) ) ] );
		self::assertCount( 30, $summary->periods, 'Days without spending are days as well.' );
	}

	public function test_a_lease_that_failed_costs_and_gives_no_document(): void {
		$this->upload();
		$agent = $this->agent();
		$agent->send( 'POST', '/aidoc/v1/fail', TestAgent::ref( $agent->lease()[0] ) + array( 'class' => 'permanent', 'code' => 'damaged', 'message' => 'No.', 'spent' => array( 'usd' => 0.25, 'tokens' => 10 ) ) );
		$range = SpendingRange::months( $this->clock()->now_ms() );
		$rows  = $this->plugin()->spending_report()->rows( $range->startMs, $range->endMs );
		self::assertSame( array( false, 0.25 ), array( $rows[0]['result'], $rows[0]['usd'] ) );
		self::assertSame( array( 'documents' => 0, 'tokens' => 10, 'usd' => 0.25 ), ( new SpendingSummary( $rows, $range, array() ) )->total );
		self::assertSame( 0.25, $this->plugin()->spending_report()->by_agent( array( 'day' => 0 ) )[ $agent->agent->id ]['day'] );
	}

	public function test_twelve_months_end_with_this_one(): void {
		update_option( 'timezone_string', 'Europe/Berlin' );
		$range = SpendingRange::months( self::ms( '2026-03-31T12:00:00Z' ) );
		self::assertSame( array( '2025-04', '2026-03' ), array( array_key_first( $range->periods ), array_key_last( $range->periods ) ) );
		self::assertCount( 12, $range->periods );
		self::assertSame( self::ms( '2025-04-01T00:00:00+02:00' ), $range->startMs );
		self::assertSame( '2026-03', $range->period( '2026-03-31' ) );
	}

	public function test_a_name_is_no_formula_in_a_spreadsheet(): void {
		$row  = array( 'day' => '2026-01-01', 'agent_id' => 1, 'provider' => "=cmd|' /C calc'!A0", 'model' => "x\"y\n,z", 'fallback' => '', 'result' => true, 'documents' => 2, 'tokens' => 3, 'usd' => 0.0000125 );
		$text = SpendingCsv::of( array( $row ), array( 1 => '@me' ) );
		self::assertSame( "day,agent,provider,model,fallback,documents,tokens,usd\r\n\"2026-01-01\",\"'@me\",\"'=cmd|' /C calc'!A0\",\"x\"\"y ,z\",\"\",2,3,0.000013\r\n", $text );
	}
}
