<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;

/** A job's life: beats, failures, crashes, releases, retries. */
final class LifeTest extends TestCase {

	public function test_a_beat_renews_the_lease_and_shows_progress(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->clock()->advance( 100_000 );
		$held   = TestAgent::ref( $lease ) + array( 'phase' => 'ocr', 'done' => 12, 'total' => 80, 'note' => 'page 12', 'checkpoint' => array( 'pages' => array( 1, 2 ), 'empty' => new \stdClass() ) );
		$answer = $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( $held ), 'agent' => TestAgent::INFO ) )->get_data();
		self::assertSame( array( 'ok', 120_000, 30_000 ), array( $answer['leases'][0]['status'], $answer['leases'][0]['ttl_ms'], $answer['leases'][0]['beat_ms'] ) );
		$job = $this->job_of( $id );
		self::assertSame( array( 'ocr', 12, 80, 'page 12' ), array( $job->phase, $job->done, $job->total, $job->note ) );
		$this->clock()->advance( 100_000 );
		self::assertSame( 0, $this->plugin()->reaper()->run(), 'Renewed 100 s ago: still held.' );
		// Without a checkpoint in the next beat the earlier one stays.
		$agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( array_diff_key( $held, array( 'checkpoint' => 1 ) ) ) ) );
		$this->clock()->advance( 121_000 );
		$next = $this->agent( 'second' )->lease()[0];
		self::assertSame( '{"pages":[1,2],"empty":{}}', wp_json_encode( $next['checkpoint'] ) );
		self::assertSame( array( 2, 2 ), array( $next['epoch'], $next['attempt'] ) );
		self::assertSame( array( 'scan-1', 'crash', 'lease_expired' ), array( $next['prior_failures'][0]['agent'], $next['prior_failures'][0]['class'], $next['prior_failures'][0]['code'] ) );
	}

	public function test_beats_come_faster_while_somebody_watches(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$beat  = fn() => $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( TestAgent::ref( $lease ) + array( 'phase' => 'ocr', 'done' => 1, 'total' => 2 ) ) ) )->get_data()['leases'][0]['beat_ms'];
		self::assertSame( 30_000, $beat() );
		$this->plugin()->job_manager()->watch( array( $this->job_of( $id )->id ) );
		self::assertSame( 5_000, $beat() );
		$this->clock()->advance( 31_000 );
		self::assertSame( 30_000, $beat() );
	}

	public function test_a_checkpoint_over_16_kib_is_refused(): void {
		$this->upload();
		$agent = $this->agent();
		$held  = TestAgent::ref( $agent->lease()[0] ) + array( 'phase' => 'ocr', 'done' => 1, 'total' => 2, 'checkpoint' => array( 'x' => str_repeat( 'a', 17_000 ) ) );
		self::assertRefused( 'aidoc_invalid_field', 400, $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( $held ) ) ) );
	}

	public function test_transient_failures_wait_longer_each_time_and_end_at_the_limit(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		foreach ( array( 30_000, 120_000, 600_000 ) as $wait ) {
			$answer = $this->report_failure( $agent, $agent->lease()[0] );
			self::assertSame( array( 'queued', $wait ), array( $answer['state'], $answer['available_in_ms'] ) );
			$this->clock()->advance( $wait - 2_000 );
			self::assertSame( array(), $agent->lease() );
			$this->clock()->advance( 2_001 );
		}
		$last = $agent->lease()[0];
		self::assertSame( 4, $last['attempt'] );
		self::assertCount( 3, $last['prior_failures'] );
		self::assertSame( array( 'failed', 4, 4 ), array_values( array_slice( $this->report_failure( $agent, $last ), 0, 3 ) ) );
		$job = $this->job_of( $id );
		self::assertSame( array( State::Failed, 'model_down', 'The model is down.' ), array( $job->state, $job->errorCode, $job->errorMessage ) );
		self::assertGreaterThan( 0, (int) \AIDoc\Database::row( 'SELECT finished_at FROM ' . \AIDoc\Database::table( 'jobs' ) . ' WHERE id = %d', $job->id )['finished_at'] );
		$this->clock()->advance( 10_000_000 );
		self::assertSame( array(), $agent->lease() );
	}

	public function test_retry_after_counts_when_it_is_longer(): void {
		$this->upload();
		$agent = $this->agent();
		self::assertSame( 900_000, $this->report_failure( $agent, $agent->lease()[0], array( 'retry_after_s' => 900 ) )['available_in_ms'] );
	}

	public function test_a_permanent_failure_ends_at_once_and_tells_others(): void {
		$id     = $this->upload();
		$agent  = $this->agent();
		$told   = array();
		$record = static function ( ...$args ) use ( &$told ): void {
			$told = $args;
		};
		add_action( 'aidoc_job_failed', $record, 10, 4 );
		self::assertSame( 'failed', $this->report_failure( $agent, $agent->lease()[0], array( 'class' => 'permanent', 'code' => 'pdf_encrypted', 'message' => "It is\nencrypted.", 'page' => 3 ) )['state'] );
		remove_action( 'aidoc_job_failed', $record );
		self::assertSame( array( $this->job_of( $id )->id, $id, 'pdf_encrypted', 'It is encrypted.' ), $told );
		self::assertSame( 'It is encrypted.', $this->job_of( $id )->errorMessage );
	}

	public function test_two_crashes_on_different_agents_are_the_documents_fault(): void {
		$id = $this->upload();
		$this->crash( $this->agent( 'one' ) );
		self::assertSame( State::Queued, $this->job_of( $id )->state );
		$this->crash( $this->agent( 'two' ) );
		$job = $this->job_of( $id );
		self::assertSame( array( State::Failed, 2, 'crash', 'aidoc_crashed' ), array( $job->state, $job->crashes, $job->errorClass, $job->errorCode ) );
		self::assertStringContainsString( 'one, two', $job->errorMessage );
	}

	public function test_three_crashes_on_one_agent_are_the_documents_fault(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$this->crash( $agent );
		$this->crash( $agent );
		self::assertSame( State::Queued, $this->job_of( $id )->state );
		$this->crash( $agent );
		self::assertSame( State::Failed, $this->job_of( $id )->state );
	}

	public function test_failures_between_crashes_are_no_crashes(): void {
		$id = $this->upload();
		$this->crash( $this->agent( 'one' ) );
		$two = $this->agent( 'two' );
		$this->report_failure( $two, $two->lease()[0] );
		$this->clock()->advance( 121_000 );
		self::assertCount( 1, $two->lease() );
		self::assertSame( 1, $this->job_of( $id )->crashes );
	}

	public function test_a_crash_that_the_restarted_agent_reports_counts_as_one_and_the_job_is_free_at_once(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( TestAgent::ref( $lease ) + array( 'phase' => 'ocr', 'done' => 3, 'total' => 9 ) ) ) );
		self::assertSame( array( 'state' => 'queued', 'attempt' => 1, 'max_attempts' => 4, 'available_in_ms' => 0 ), $this->report_crash( $agent, $lease ) );
		$job = $this->job_of( $id );
		self::assertSame( array( 1, 'crash', 'agent_crashed' ), array( $job->crashes, $job->errorClass, $job->errorCode ) );
		$evidence = $job->failure_list()[0];
		self::assertSame( array( 'crash', 'agent_crashed', 'scan-1', $agent->agent->id ), array( $evidence['class'], $evidence['code'], $evidence['agent'], $evidence['agent_id'] ) );
		self::assertStringContainsString( 'ocr 3/9', $evidence['message'] );
		self::assertRefused( 'aidoc_lease_lost', 409, $this->send_crash_report( $agent, $lease ) );
		self::assertSame( 1, $this->job_of( $id )->crashes, 'Said twice, counted once.' );
		self::assertSame( 2, $agent->lease()[0]['attempt'], 'No rest: the agent was the trouble.' );
	}

	/** @dataProvider crash_sequences */
	public function test_reported_crashes_and_silent_ones_count_together( array $crashes ): void {
		$id     = $this->upload();
		$agents = array();
		$told   = array();
		$record = static function ( ...$args ) use ( &$told ): void {
			$told = $args;
		};
		add_action( 'aidoc_job_failed', $record, 10, 4 );
		foreach ( $crashes as $i => list( $name, $how ) ) {
			self::assertSame( State::Queued, $this->job_of( $id )->state, "Given up before crash $i." );
			$agent = $agents[ $name ] ??= $this->agent( $name );
			'silent' === $how ? $this->crash( $agent ) : $this->report_crash( $agent, $agent->lease()[0] );
		}
		remove_action( 'aidoc_job_failed', $record );
		$job = $this->job_of( $id );
		self::assertSame( array( State::Failed, count( $crashes ), 'crash', 'aidoc_crashed' ), array( $job->state, $job->crashes, $job->errorClass, $job->errorCode ) );
		self::assertStringContainsString( implode( ', ', array_keys( $agents ) ), $job->errorMessage );
		self::assertSame( array( $job->id, $id, 'aidoc_crashed', $job->errorMessage ), $told );
	}

	public function crash_sequences(): array {
		return array(
			'two agents, both reported' => array( array( array( 'one', 'reported' ), array( 'two', 'reported' ) ) ),
			'silent, then reported'     => array( array( array( 'one', 'silent' ), array( 'two', 'reported' ) ) ),
			'reported, then silent'     => array( array( array( 'one', 'reported' ), array( 'two', 'silent' ) ) ),
			'three on one'              => array( array( array( 'one', 'reported' ), array( 'one', 'silent' ), array( 'one', 'reported' ) ) ),
		);
	}

	public function test_a_crash_in_the_last_attempt_ends_the_job(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		for ( $i = 0; $i < 3; $i++ ) {
			$this->report_failure( $agent, $agent->lease()[0] );
			$this->clock()->advance( 601_000 );
		}
		self::assertSame( 'failed', $this->report_crash( $agent, $agent->lease()[0] )['state'] );
		self::assertStringContainsString( 'last attempt', $this->job_of( $id )->errorMessage );
	}

	private function report_crash( TestAgent $agent, array $lease ): array {
		return $this->send_crash_report( $agent, $lease )->get_data();
	}

	private function send_crash_report( TestAgent $agent, array $lease ): \WP_REST_Response {
		return $agent->send( 'POST', '/aidoc/v1/fail', TestAgent::ref( $lease ) + array( 'class' => 'transient', 'code' => 'agent_crashed', 'message' => 'The agent ended while it worked on this document; it continues where it stopped.' ) );
	}

	public function test_a_release_does_not_count_as_an_attempt_and_the_job_is_free_at_once(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$lost  = array( 'job_id' => 4711 ) + TestAgent::ref( $lease );
		self::assertSame( array( 'released' => array( $lease['job_id'] ), 'lost' => array( 4711 ) ), $agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $lease ), $lost ), 'reason' => 'SIGTERM' ) )->get_data() );
		self::assertSame( array( State::Queued, 0, '' ), array( $this->job_of( $id )->state, $this->job_of( $id )->attempt, $this->job_of( $id )->agentName ) );
		$again = $this->agent( 'second' )->lease()[0];
		self::assertSame( array( 1, 2 ), array( $again['attempt'], $again['epoch'] ) );
	}

	public function test_a_release_for_a_while_keeps_the_job_from_everybody_and_counts_no_attempt(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		self::assertSame( 2 * DAY_IN_SECONDS, $lease['max_retry_after_s'], 'The lease says that a site understands the field.' );
		self::assertArrayNotHasKey( 'backfill', $lease );
		$body = array( 'leases' => array( TestAgent::ref( $lease ) ), 'reason' => 'batch', 'retry_after_s' => 900, 'code' => 'batch' );
		self::assertSame( array( 'released' => array( $lease['job_id'] ), 'lost' => array() ), $agent->send( 'POST', '/aidoc/v1/release', $body )->get_data() );
		$job = $this->job_of( $id );
		self::assertSame( array( State::Queued, 0, 'waiting', 'aidoc_batch' ), array( $job->state, $job->attempt, $job->errorClass, $job->errorCode ) );
		FakeClock::get()->advance( 899_000 );
		self::assertSame( array(), $agent->lease() );
		self::assertSame( array( 'released' => array(), 'lost' => array( $lease['job_id'] ) ), $agent->send( 'POST', '/aidoc/v1/release', $body )->get_data(), 'A release that is told twice changes nothing.' );
		FakeClock::get()->advance( 2_000 );
		$again = $this->agent( 'second' )->lease()[0];
		self::assertSame( array( 1, 2 ), array( $again['attempt'], $again['epoch'] ) );
		self::assertSame( array( '', '' ), array( $this->job_of( $id )->errorClass, $this->job_of( $id )->errorCode ) );
	}

	/** @return array<string,array{array<string,mixed>,string}> */
	public static function waits_out_of_bounds(): array {
		return array(
			'nothing'           => array( array( 'retry_after_s' => 0 ), 'retry_after_s' ),
			'before now'        => array( array( 'retry_after_s' => -1 ), 'retry_after_s' ),
			'over two days'     => array( array( 'retry_after_s' => 172_801 ), 'retry_after_s' ),
			'no whole number'   => array( array( 'retry_after_s' => 1.5 ), 'retry_after_s' ),
			'no number'         => array( array( 'retry_after_s' => '60' ), 'retry_after_s' ),
			'for the unheard of' => array( array( 'retry_after_s' => 60, 'code' => 'godot' ), 'code' ),
		);
	}

	/** @dataProvider waits_out_of_bounds */
	public function test_a_wait_out_of_bounds_is_refused_and_the_lease_goes_on( array $fields, string $names ): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];

		$refused = $agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $lease ) ), 'reason' => 'batch' ) + $fields );
		self::assertRefused( 'aidoc_invalid_field', 400, $refused );
		self::assertStringContainsString( $names, (string) wp_json_encode( $refused->get_data() ) );
		self::assertSame( State::Leased, $this->job_of( $id )->state );
	}

	public function test_the_bounds_of_a_wait_are_a_second_and_two_days(): void {
		$agent = $this->agent();
		foreach ( array( 1, 172_800 ) as $seconds ) {
			$id    = $this->upload( "$seconds.pdf", (string) $seconds );
			$lease = $agent->lease()[0];
			self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $lease ) ), 'reason' => 'later', 'retry_after_s' => $seconds ) )->get_status() );
			$job = $this->job_of( $id );
			self::assertSame( array( State::Queued, '' ), array( $job->state, $job->errorClass ) );
			self::assertSame( $seconds * 1000, $job->availableMs - $job->updatedMs );
			$this->plugin()->job_manager()->cancel( $job->id );
		}
	}

	public function test_a_lease_of_a_backfill_says_so(): void {
		$id  = $this->upload();
		$job = $this->job_of( $id );
		\AIDoc\Database::write( 'UPDATE ' . \AIDoc\Database::table( 'jobs' ) . ' SET priority = priority + 10 WHERE id = %d', $job->id );
		self::assertTrue( $this->agent()->lease()[0]['backfill'] );
	}

	public function test_revoking_an_agent_frees_its_leases_and_leaves_others_alone(): void {
		$this->upload( 'a.pdf', 'a' );
		$this->upload( 'b.pdf', 'b' );
		$one   = $this->agent( 'one' );
		$two   = $this->agent( 'two' );
		$first = $one->lease()[0];
		$other = $two->lease()[0];
		self::assertTrue( $this->plugin()->agent_manager()->revoke( $one->agent->id ) );
		self::assertRefused( 'aidoc_key_revoked', 403, $one->send( 'POST', '/aidoc/v1/echo', array() ) );
		self::assertSame( $first['job_id'], $two->lease()[0]['job_id'] );
		self::assertSame( 200, $two->result( $other )->get_status() );
	}

	public function test_retry_starts_afresh_and_fences_off_the_past(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->report_failure( $agent, $lease, array( 'class' => 'permanent' ) );
		$job = $this->plugin()->job_manager()->retry( $lease['job_id'] );
		self::assertSame( array( $lease['job_id'], State::Queued, 0, '' ), array( $job->id, $job->state, $job->attempt, $job->errorCode ) );
		self::assertInstanceOf( \WP_Error::class, $this->plugin()->job_manager()->retry( $job->id ) );
		self::assertRefused( 'aidoc_lease_lost', 409, $agent->result( $lease ) );
		self::assertSame( 2, $agent->lease()[0]['epoch'] );
		self::assertSame( array( 'aidoc_job_unknown', 'aidoc_job_unknown' ), array( $this->plugin()->job_manager()->retry( 999 )->get_error_code(), $this->plugin()->job_manager()->cancel( 999 )->get_error_code() ) );
	}

	private function report_failure( TestAgent $agent, array $lease, array $other = array() ): array {
		return $agent->send( 'POST', '/aidoc/v1/fail', array_merge( TestAgent::ref( $lease ), array( 'class' => 'transient', 'code' => 'model_down', 'message' => 'The model is down.' ), $other ) )->get_data();
	}

	private function crash( TestAgent $agent ): void {
		self::assertCount( 1, $agent->lease() );
		$this->clock()->advance( 121_000 );
		self::assertSame( 1, $this->plugin()->reaper()->run() );
	}
}
