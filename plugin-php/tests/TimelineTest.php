<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Admin\Timeline;
use AIDoc\Jobs\Events;

/** What a job's page tells of its life, made by real requests of agents. */
final class TimelineTest extends TestCase {

	private function beat( TestAgent $agent, array $lease, string $phase ): void {
		$answer = $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( TestAgent::ref( $lease ) + array( 'phase' => $phase, 'done' => 0, 'total' => 0 ) ) ) );
		self::assertSame( 'ok', $answer->get_data()['leases'][0]['status'] );
	}

	/** @return list<array<string,mixed>> */
	private function timeline( int $job_id ): array {
		$names = array();
		foreach ( $this->plugin()->agents()->all() as $agent ) {
			$names[ $agent->id ] = $agent->name;
		}
		$timeline = new Timeline( $this->plugin()->jobs()->find( $job_id ), $names, array( 1 => 'Ada' ), $this->plugin()->spending_report()->of_job( $job_id ), $this->clock()->now_ms() );
		return $timeline->of( $this->plugin()->events()->for_job( $job_id, 200 ) );
	}

	/** Tens of seconds: the clock of the tests goes on between two requests. */
	public static function tens( int $ms ): int {
		return intdiv( $ms + 3_000, 10_000 );
	}

	public function test_a_whole_life(): void {
		wp_set_current_user( 1 );
		$this->upload();
		wp_set_current_user( 0 );
		$first = $this->agent( 'first' );
		$lease = $first->lease()[0];
		$this->clock()->advance( 20_000 );
		$this->beat( $first, $lease, 'download' );
		$this->clock()->advance( 20_000 );
		$this->beat( $first, $lease, 'extract' );
		$this->beat( $first, $lease, 'extract' );
		$this->clock()->advance( 30_000 );
		$this->beat( $first, $lease, 'ocr' );
		$this->beat( $first, $lease, 'extract' );
		$this->clock()->advance( 40_000 );
		$first->send( 'POST', '/aidoc/v1/fail', TestAgent::ref( $lease ) + array( 'class' => 'transient', 'code' => 'llm_unavailable', 'message' => 'The model is away.', 'spent' => array( 'usd' => 0.02, 'tokens' => 900 ) ) );
		$this->clock()->advance( 180_000 );

		$second = $this->agent( 'second' );
		$again  = $second->lease()[0];
		$second->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $again ) ), 'reason' => 'shutting down' ) );
		$third = $second->lease()[0];
		$this->beat( $second, $third, 'summarise' );
		$second->result( $third, array( 'provider' => 'openai', 'model' => 'small', 'spent' => array( 'usd' => 1.5, 'tokens' => 12_000 ) ) );

		$life = $this->timeline( $lease['job_id'] );
		self::assertSame( array( 'enqueued', 'leased', 'leased', 'leased' ), array_column( $life, 'kind' ) );
		self::assertSame( 'Ada', $life[0]['who'] );
		self::assertSame( array( 'first', 1, 11, '900 tokens · $0.02' ), array( $life[1]['who'], $life[1]['epoch'], self::tens( $life[1]['held_ms'] ), $life[1]['cost'] ) );
		self::assertSame( array( 'Downloading', 'Reading', 'Recognising text' ), array_column( $life[1]['phases'], 'label' ), 'One event for each phase of a lease.' );
		self::assertSame( array( 2, 3, 4 ), array_map( array( self::class, 'tens' ), array_column( $life[1]['phases'], 'ms' ) ) );
		self::assertSame( array( 'attempt_failed', 'llm_unavailable', 'The model is away.' ), array( $life[1]['end']['kind'], $life[1]['end']['code'], $life[1]['end']['text'] ) );
		self::assertSame( array( 'released', 'shutting down', '' ), array( $life[2]['end']['kind'], $life[2]['end']['text'], $life[2]['cost'] ) );
		self::assertSame( array( 'done', 3, 'openai/small · 12,000 tokens · $1.50' ), array( $life[3]['end']['kind'], $life[3]['epoch'], $life[3]['cost'] ) );
		self::assertSame( array( false, false, false ), array_column( array_slice( $life, 1 ), 'live' ) );
	}

	public function test_the_phase_of_a_lease_that_is_held_goes_on(): void {
		$this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->beat( $agent, $lease, 'extract' );
		$this->clock()->advance( 70_000 );
		$held = $this->timeline( $lease['job_id'] )[1];
		self::assertSame( array( true, 7, true ), array( $held['phases'][0]['live'], self::tens( $held['phases'][0]['ms'] ), $held['live'] ) );
		$this->plugin()->job_manager()->cancel( $lease['job_id'] );
		$held = $this->timeline( $lease['job_id'] )[1];
		self::assertSame( array( 'cancelled', false ), array( $held['end']['kind'], $held['live'] ) );
	}

	public function test_a_revoked_agent_is_told_where_its_documents_went_back(): void {
		$this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->plugin()->agent_manager()->revoke( $agent->agent->id );
		self::assertSame( array( 'recalled', 'The agent was revoked.' ), array( $this->timeline( $lease['job_id'] )[1]['end']['kind'], $this->timeline( $lease['job_id'] )[1]['end']['text'] ) );
	}

	public function test_what_is_no_longer_kept_is_told(): void {
		$this->upload();
		$agent = $this->agent();
		for ( $i = 0; $i < 30; $i++ ) {
			$lease = $agent->lease()[0];
			$agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $lease ) ), 'reason' => 'x' ) );
		}
		$life = $this->timeline( $lease['job_id'] );
		self::assertSame( Events::MORE, $life[0]['kind'] );
		self::assertMatchesRegularExpression( '/^\d+ events$/', $life[0]['text'] );
		self::assertSame( array( 'released' ), array_values( array_unique( array_column( array_filter( array_column( array_slice( $life, 2 ), 'end' ) ), 'kind' ) ) ) );
	}

	public function test_work_without_a_beat_has_the_phases_that_its_result_tells(): void {
		$this->upload();
		$agent = $this->agent( 'quick' );
		$lease = $agent->lease()[0];
		self::assertSame( 200, $agent->result( $lease, array( 'timings' => array( 'download_ms' => 20, 'extract_ms' => 340, 'summarise_ms' => -1, 'store_ms' => 'x', 'more' => 1 ) ) )->get_status() );
		$taken = array_values( array_filter( $this->timeline( $lease['job_id'] ), static fn( array $entry ): bool => 'leased' === $entry['kind'] ) )[0];
		self::assertSame( array( 20, 340 ), array_column( $taken['phases'], 'ms' ) );
		self::assertSame( array( 'done' ), array( $taken['end']['kind'] ) );
	}

	public function test_beats_count_before_what_a_result_tells(): void {
		$this->upload();
		$agent = $this->agent( 'slow' );
		$lease = $agent->lease()[0];
		$this->beat( $agent, $lease, 'download' );
		$this->clock()->advance( 20_000 );
		$agent->result( $lease, array( 'timings' => array( 'download_ms' => 20, 'extract_ms' => 340 ) ) );
		$taken = array_values( array_filter( $this->timeline( $lease['job_id'] ), static fn( array $entry ): bool => 'leased' === $entry['kind'] ) )[0];
		self::assertSame( array( 2 ), array_map( array( self::class, 'tens' ), array_column( $taken['phases'], 'ms' ) ) );
	}
}
