<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Queue\ClockStep;
use AIDoc\Queue\Leases;
use AIDoc\Jobs\State;

/** The database's clock is set back by an hour. */
final class ClockStepTest extends TestCase {

	private const HOUR = 3_600_000;

	private function step(): int {
		return ( new ClockStep( $this->clock() ) )->run();
	}

	private function available( int $attachment_id ): int {
		return (int) Database::row( 'SELECT available_at FROM ' . Database::table( 'jobs' ) . ' WHERE attachment_id = %d', $attachment_id )['available_at'];
	}

	public function test_the_lease_of_an_agent_that_is_gone_does_not_last_an_hour(): void {
		$id = $this->upload();
		$this->agent()->lease();
		$this->clock()->advance( -self::HOUR );
		self::assertSame( 1, $this->step() );
		self::assertEqualsWithDelta( $this->clock()->now_ms() + Leases::TTL_MS, $this->job_of( $id )->leaseExpiresMs, 2_000 );
		$this->clock()->advance( Leases::TTL_MS + 3_000 );
		self::assertSame( 1, $this->plugin()->reaper()->run() );
		self::assertCount( 1, $this->agent( 'next' )->lease() );
	}

	public function test_a_holder_that_lives_keeps_its_lease(): void {
		$this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->clock()->advance( -self::HOUR );
		$this->step();
		self::assertSame( array(), $this->agent( 'other' )->lease() );
		self::assertSame( 200, $agent->result( $lease )->get_status() );
	}

	public function test_what_was_uploaded_before_is_not_put_off(): void {
		$id = $this->upload();
		$this->clock()->advance( -self::HOUR );
		self::assertSame( array(), $this->agent()->lease() );
		self::assertSame( 1, $this->step() );
		$lease = $this->agent( 'next' )->lease();
		self::assertSame( $id, $lease[0]['attachment_id'] );
	}

	public function test_a_wait_after_a_failure_keeps_its_length(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$agent->send( 'POST', '/aidoc/v1/fail', TestAgent::ref( $agent->lease()[0] ) + array( 'class' => 'transient', 'code' => 'model_down', 'message' => 'The model is down.' ) );
		$rest = $this->available( $id ) - $this->clock()->now_ms();
		$this->clock()->advance( -self::HOUR );
		self::assertSame( 1, $this->step() );
		self::assertEqualsWithDelta( $rest, $this->available( $id ) - $this->clock()->now_ms(), 2_000 );
		self::assertSame( State::Queued, $this->job_of( $id )->state );
	}

	public function test_in_quiet_times_nothing_is_touched(): void {
		$this->upload( 'a.pdf', '1' );
		$this->upload( 'b.pdf', '2' );
		$agent = $this->agent();
		$agent->lease();
		$this->clock()->advance( -2_000 );
		self::assertSame( 0, $this->step() );
	}

	/** A step forward lets every lease look over; who comes back first still delivers. */
	public function test_after_a_step_forward_a_result_is_taken_while_nobody_else_has_the_job(): void {
		$this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->clock()->advance( self::HOUR );
		self::assertSame( 200, $agent->result( $lease )->get_status() );
	}
}
