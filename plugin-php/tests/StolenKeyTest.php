<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Agents\Pace;
use AIDoc\Auth\KeyRecord;
use AIDoc\Database;
use AIDoc\Jobs\Events;
use AIDoc\Queue\Leases;
use AIDoc\Jobs\State;

/** Anyone with an agent's key can use the queue as that agent. This is how far it goes. */
final class StolenKeyTest extends TestCase {

	private function fill( int $jobs ): void {
		for ( $i = 0; $i < $jobs; $i++ ) {
			Database::write( 'INSERT INTO ' . Database::table( 'jobs' ) . " (attachment_id, source_sha256, state, mime, available_at, failures) VALUES (%d, '', 'queued', 'a/b', 1, '[]')", 1_000_000 + $i );
		}
	}

	/** @return list<array<string,mixed>> All that it is given, asking again and again. */
	private static function grab( TestAgent $agent, ?int $slots ): array {
		$leases = array();
		do {
			$body                   = TestAgent::lease_body( 64 );
			$body['agent']['slots'] = $slots;
			$given                  = $agent->send( 'POST', '/aidoc/v1/lease', null === $slots ? array_replace( $body, array( 'agent' => array_diff_key( $body['agent'], array( 'slots' => 1 ) ) ) ) : $body )->get_data()['leases'];
			$leases                 = array_merge( $leases, $given );
		} while ( $given );
		return $leases;
	}

	/** @dataProvider greed */
	public function test_an_agent_holds_at_most_twice_its_slots_and_never_more_than_the_setting( ?int $declared, int $held ): void {
		$this->fill( 150 );
		self::assertCount( $held, self::grab( $this->agent(), $declared ) );
		self::assertCount( 8, self::grab( $this->agent( 'another' ), 4 ), 'Others have their own.' );
	}

	public function greed(): array {
		return array( 'four slots' => array( 4, 8 ), 'forty' => array( 40, 64 ), 'ten thousand' => array( 10_000, 64 ), 'none' => array( 0, 64 ), 'not said' => array( null, 64 ) );
	}

	public function test_the_setting_is_the_administrators(): void {
		$this->fill( 20 );
		$this->plugin()->settings()->update( array( 'leases_per_agent' => 3 ) );
		self::assertCount( 3, self::grab( $this->agent(), 64 ) );
		foreach ( array( 0, 1025, 'many' ) as $bad ) {
			self::assertInstanceOf( \WP_Error::class, $this->plugin()->settings()->update( array( 'leases_per_agent' => $bad ) ) );
		}
	}

	public function test_what_ends_makes_room(): void {
		$this->fill( 20 );
		$agent = $this->agent();
		$held  = self::grab( $agent, 2 );
		self::assertCount( 4, $held );
		self::assertSame( 200, $this->release( $agent, array( $held[0], $held[1] ) )->get_status() );
		self::assertCount( 2, self::grab( $agent, 2 ) );
	}

	public function test_requests_at_the_same_moment_together_get_no_more(): void {
		$this->fill( 40 );
		$thief  = $this->agent();
		$leases = $this->plugin()->leases();
		// Another request of the agent claims between this one's look and its end, as a second process would.
		$raced                   = static function ( string $sql ) use ( $thief, $leases, &$raced ): string {
			if ( str_contains( $sql, "SET state = 'leased'" ) ) {
				remove_filter( 'query', $raced );
				foreach ( $GLOBALS['aidoc_plugin']->candidates()->page( array( '*/*' ), 0, 6 ) as $row ) {
					$leases->claim( $row['id'], $row['epoch'], $thief->agent->id, 'another request' );
				}
			}
			return $sql;
		};
		$GLOBALS['aidoc_plugin'] = $this->plugin();
		add_filter( 'query', $raced );
		$thief->lease( 8 );
		unset( $GLOBALS['aidoc_plugin'] );
		self::assertSame( 8, $leases->held_by( $thief->agent->id ), 'Twice its four slots.' );
	}

	public function test_a_lease_ends_when_one_document_has_taken_its_time_however_often_it_beats(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->claimed_ago( Leases::MAX_RUNTIME_MS - 90_000 );
		self::assertSame( array( 'ok', true ), $this->beat( $agent, $lease, 80_000, 90_000 ) );
		$this->clock()->advance( 60_000 );
		self::assertSame( array( 'ok', true ), $this->beat( $agent, $lease, 20_000, 30_000 ) );
		$this->clock()->advance( 31_000 );
		self::assertSame( array( 'lost', true ), $this->beat( $agent, $lease, 0, 0 ) );
		$job = $this->job_of( $id );
		self::assertSame( array( State::Queued, 0, 'transient', 'max_runtime' ), array( $job->state, $job->crashes, $job->errorClass, $job->errorCode ), 'Nothing crashed: an attempt has failed.' );
		self::assertGreaterThan( $this->clock()->now_ms(), $job->availableMs, 'It rests as after any failure.' );
		self::assertSame( array( 'max_runtime', 'scan-1' ), array( $job->failure_list()[0]['code'], $job->failure_list()[0]['agent'] ) );
		self::assertRefused( 'aidoc_lease_lost', 409, $agent->result( $lease ) );
	}

	public function test_a_beat_is_answered_by_what_it_renewed_and_not_by_what_became_of_the_row_since(): void {
		$this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$look  = function ( string $sql ) use ( $agent, $lease, &$look ): string {
			if ( str_contains( $sql, 'SELECT j.*' ) && str_contains( $sql, 'WHERE j.id = ' . $lease['job_id'] ) ) {
				remove_filter( 'query', $look );
				$this->plugin()->leases()->release( \AIDoc\Queue\LeaseRef::from_body( $lease, $agent->agent->id ) ); // By another request of the agent.
			}
			return $sql;
		};
		add_filter( 'query', $look );
		self::assertSame( array( 'ok', true ), $this->beat( $agent, $lease, Leases::TTL_MS - 1_000, Leases::TTL_MS ) );
	}

	/** @return array{0:string,1:bool} The status, and whether the time left lies between the two. */
	private function beat( TestAgent $agent, array $lease, int $least, int $most ): array {
		$answer = $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( TestAgent::ref( $lease ) + array( 'phase' => 'ocr', 'done' => 1, 'total' => 2 ) ) ) )->get_data()['leases'][0];
		return array( $answer['status'], $answer['ttl_ms'] >= $least && $answer['ttl_ms'] <= $most );
	}

	private function claimed_ago( int $ms ): void {
		Database::write( 'UPDATE ' . Database::table( 'jobs' ) . " SET claimed_at = claimed_at - %d, attempt = attempt + 0 WHERE state = 'leased'", $ms );
	}

	public function test_in_the_last_attempt_it_fails(): void {
		$this->plugin()->settings()->update( array( 'max_attempts' => 1 ) );
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->claimed_ago( Leases::MAX_RUNTIME_MS - 1_000 );
		$this->beat( $agent, $lease, 0, 0 );
		$this->clock()->advance( 2_000 );
		self::assertSame( 1, $this->plugin()->reaper()->run() );
		self::assertSame( array( State::Failed, 'max_runtime' ), array( $this->job_of( $id )->state, $this->job_of( $id )->errorCode ) );
	}

	public function test_a_result_that_comes_before_anybody_noticed_is_taken(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->claimed_ago( Leases::MAX_RUNTIME_MS - 1_000 );
		$this->beat( $agent, $lease, 0, 0 );
		$this->clock()->advance( 2_000 );
		self::assertSame( 200, $agent->result( $lease )->get_status() );
		self::assertSame( State::Done, $this->job_of( $id )->state );
	}

	public function test_an_agent_that_crashed_long_ago_is_a_crash_and_no_overrun(): void {
		$id = $this->upload();
		$this->agent()->lease();
		$this->clock()->advance( 2 * Leases::MAX_RUNTIME_MS );
		$this->plugin()->reaper()->run();
		self::assertSame( array( 1, 'lease_expired' ), array( $this->job_of( $id )->crashes, $this->job_of( $id )->errorCode ) );
	}

	public function test_it_reads_only_files_that_it_has_leased(): void {
		$this->upload( 'a.pdf', 'one' );
		$this->upload( 'b.pdf', 'two' );
		$thief = $this->agent( 'thief' );
		$other = $this->agent( 'other' );
		$mine  = $thief->lease()[0];
		$file  = static fn( int $job, array $lease ) => $thief->send( 'GET', "/aidoc/v1/jobs/$job/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) );
		$next  = $mine['job_id'] === $this->plugin()->jobs()->last_id() ? $mine['job_id'] - 1 : $mine['job_id'] + 1;
		self::assertRefused( 'aidoc_lease_lost', 409, $file( $next, $mine ) );
		$theirs = $other->lease()[0];
		self::assertRefused( 'aidoc_lease_lost', 409, $file( $theirs['job_id'], $theirs ) );
		self::assertSame( 200, $file( $mine['job_id'], $mine )->get_status() );
		$this->release( $thief, array( $mine ) );
		self::assertRefused( 'aidoc_lease_lost', 409, $file( $mine['job_id'], $mine ) );
	}

	private function release( TestAgent $agent, array $leases, string $reason = 'test' ): \WP_REST_Response {
		return $agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array_map( array( TestAgent::class, 'ref' ), $leases ), 'reason' => $reason ) );
	}

	public function test_giving_back_and_failing_are_paced_and_the_refusal_says_when_to_come_back(): void {
		$agent = $this->agent();
		$none  = array( 'job_id' => 1, 'epoch' => 1, 'lease_token' => str_repeat( 'A', 22 ) );
		for ( $i = 0; $i < 2; $i++ ) {
			self::assertSame( 200, $this->release( $agent, array_fill( 0, 256, $none ) )->get_status(), 'More than a busy agent with 64 slots gives back at once.' );
		}
		for ( $i = 0; $i < 60; $i++ ) {
			self::assertRefused( 'aidoc_job_unknown', 404, $agent->send( 'POST', '/aidoc/v1/fail', $none + array( 'class' => 'transient', 'code' => 'x', 'message' => 'x' ) ) );
		}
		self::assertSame( 200, $this->release( $agent, array_fill( 0, 256, $none ) )->get_status() );
		$refused = $this->release( $agent, array( $none ) );
		self::assertRefused( 'aidoc_rate_limited', 429, $refused );
		$wait = (int) $refused->get_headers()['Retry-After'];
		self::assertGreaterThan( 0, $wait );
		self::assertLessThan( 120, $wait );
		self::assertRefused( 'aidoc_rate_limited', 429, $agent->send( 'POST', '/aidoc/v1/fail', $none + array( 'class' => 'transient', 'code' => 'x', 'message' => 'x' ) ) );
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array() ) )->get_status(), 'Its work goes on.' );
		self::assertSame( 200, $this->release( $this->agent( 'another' ), array( $none ) )->get_status(), 'Others do not pay for it.' );
		$this->clock()->advance( $wait * 1000 );
		self::assertSame( 200, $this->release( $agent, array( $none ) )->get_status() );
	}

	public function test_keys_are_paced_and_only_the_newest_revoked_ones_are_kept(): void {
		$agent = $this->agent();
		for ( $round = 0; $round < 4; $round++ ) {
			$refused = null;
			for ( $i = 0; $i < 20 && ! $refused; $i++ ) {
				$answer  = $agent->send( 'POST', '/aidoc/v1/rotate', array() );
				$refused = 200 === $answer->get_status() ? null : $answer;
			}
			self::assertNotNull( $refused );
			self::assertRefused( 'aidoc_rate_limited', 429, $refused );
			self::assertLessThanOrEqual( 601, (int) $refused->get_headers()['Retry-After'] );
			$this->clock()->advance( 3 * 3_600_000 );
		}
		$rows = Database::rows( 'SELECT state FROM ' . Database::table( 'keys' ) . ' WHERE agent_id = %d AND kind = %s', $agent->agent->id, KeyRecord::KEY );
		self::assertGreaterThan( 20, count( $rows ) );
		self::assertLessThanOrEqual( 23, count( $rows ), 'Twenty dead ones, the current and the fresh one, and one from before the last trim.' );
	}

	public function test_a_clock_that_was_set_back_locks_nobody_out(): void {
		$id = $this->agent()->agent->id;
		$this->clock()->advance( 86_400_000 );
		self::assertSame( 0, $this->plugin()->agents()->spend( $id, Pace::Ending, 256 ) );
		$this->clock()->reset();
		self::assertSame( 0, $this->plugin()->agents()->spend( $id, Pace::Ending, 1 ) );
	}

	public function test_the_history_of_a_job_stays_short_and_says_how_much_is_gone(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		for ( $i = 0; $i < 30; $i++ ) {
			$this->release( $agent, $agent->lease(), str_repeat( 'x', 400 ) );
		}
		$events = $this->plugin()->events()->for_job( $this->job_of( $id )->id, 500 );
		self::assertLessThanOrEqual( 41, count( $events ) );
		self::assertSame( 'released', $events[0]['kind'], 'The newest are kept.' );
		$last = end( $events );
		self::assertSame( array( Events::MORE, 61 ), array( $last['kind'], (int) $last['message'] + count( $events ) - 1 ), 'Queued once, and thirty times taken and given back.' );
		self::assertLessThanOrEqual( 200, strlen( $events[0]['message'] ) );
	}

	public function test_an_agent_leaves_a_bounded_number_of_rows_an_hour(): void {
		$agent = $this->agent();
		$log   = $this->plugin()->events();
		for ( $i = 0; $i < 600; $i++ ) {
			$log->log( 'released', 1000 + $i, $agent->agent->id, '', (string) $i );
		}
		$kept = $log->recent( array( 'kind' => 'released', 'per_page' => 500, 'page' => 1 ) );
		self::assertCount( 500, $kept );
		self::assertSame( '599', $kept[0]['message'] );
		self::assertSame( array(), $log->recent( array( 'kind' => 'released', 'per_page' => 500, 'page' => 2 ) ) );
		$more = $log->recent( array( 'kind' => Events::MORE ) );
		self::assertSame( 100, array_sum( array_column( $more, 'message' ) ) );
		self::assertLessThanOrEqual( 2, count( $more ), 'One a kind and hour.' );
	}
}
