<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;

/** The table of docs/protocol.md, section 5, through every route that writes under a lease. */
final class FenceTest extends TestCase {

	/** @dataProvider routes_and_situations */
	public function test_a_write_under_a_lease_is_answered_as_the_table_says( string $route, string $situation, string $code, int $status ): void {
		$attachment = $this->upload();
		$agent      = $this->agent();
		$lease      = $agent->lease()[0];
		$this->bring_about( $situation, $attachment, $lease );
		$before = $this->plugin()->jobs()->find( $lease['job_id'] );
		if ( 'unknown' === $situation ) {
			$lease['job_id'] = 999_999;
		}
		if ( 'forged' === $situation ) {
			$lease['lease_token'] = str_repeat( 'A', 22 );
		}
		$answer = 'other agent' === $situation ? $this->write( $this->agent( 'thief' ), $route, $lease ) : $this->write( $agent, $route, $lease );
		if ( '' === $code ) {
			self::assertSame( 200, $answer->get_status(), wp_json_encode( $answer->get_data() ) );
			return;
		}
		self::assertRefused( $code, $status, $answer );
		$after = $this->plugin()->jobs()->find( $before->id );
		self::assertEquals( $before, $after, 'A refused write changes nothing.' );
		self::assertSame( array(), $this->summaries() );
	}

	public function routes_and_situations(): array {
		$cases = array();
		foreach ( array( 'result', 'fail', 'file' ) as $route ) {
			foreach ( array(
				'held'                => array( '', 200 ),
				'ran out, not reaped' => array( '', 200 ),
				'put back'            => array( 'aidoc_lease_lost', 409 ),
				'claimed since'       => array( 'aidoc_lease_lost', 409 ),
				'released'            => array( 'aidoc_lease_lost', 409 ),
				'forged'              => array( 'aidoc_lease_lost', 409 ),
				'other agent'         => array( 'aidoc_lease_lost', 409 ),
				'cancelled'           => array( 'aidoc_cancelled', 410 ),
				'file replaced'       => array( 'aidoc_source_changed', 409 ),
				'attachment deleted'  => array( 'aidoc_source_changed', 409 ),
				'unknown'             => array( 'aidoc_job_unknown', 404 ),
			) as $situation => list( $code, $status ) ) {
				$cases[ "$route: $situation" ] = array( $route, $situation, $code, $status );
			}
		}
		return $cases;
	}

	private function bring_about( string $situation, int $attachment, array $lease ): void {
		switch ( $situation ) {
			case 'ran out, not reaped':
				$this->clock()->advance( 200_000 );
				break;
			case 'put back':
				$this->clock()->advance( 200_000 );
				self::assertSame( 1, $this->plugin()->reaper()->run() );
				break;
			case 'claimed since':
				$this->clock()->advance( 200_000 );
				self::assertCount( 1, $this->agent( 'second' )->lease() );
				break;
			case 'released':
				$job = $this->plugin()->jobs()->find( $lease['job_id'] );
				self::assertTrue( $this->plugin()->leases()->release( new \AIDoc\Queue\LeaseRef( $job->id, $job->epoch, $job->leaseToken, $job->agentId ) ) );
				break;
			case 'cancelled':
				self::assertSame( State::Cancelled, $this->plugin()->job_manager()->cancel( $lease['job_id'] )->state );
				break;
			case 'file replaced':
				file_put_contents( get_attached_file( $attachment ), 'other bytes' );
				clearstatcache();
				$new = $this->plugin()->job_manager()->enqueue( $attachment );
				self::assertNotSame( $lease['job_id'], $new->id );
				break;
			case 'attachment deleted':
				wp_delete_attachment( $attachment, true );
				break;
		}
	}

	private function write( TestAgent $agent, string $route, array $lease ): \WP_REST_Response {
		return match ( $route ) {
			'result' => $agent->result( $lease ),
			'fail'   => $agent->send( 'POST', '/aidoc/v1/fail', TestAgent::ref( $lease ) + array( 'class' => 'transient', 'code' => 'x', 'message' => 'X.' ) ),
			'file'   => $agent->send( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) ),
		};
	}

	/** @dataProvider beats */
	public function test_a_beat_says_what_became_of_each_lease( string $situation, string $status, ?string $reason ): void {
		$attachment = $this->upload();
		$agent      = $this->agent();
		$lease      = $agent->lease()[0];
		$this->bring_about( $situation, $attachment, $lease );
		$ref    = TestAgent::ref( 'unknown' === $situation ? array( 'job_id' => 999_999 ) + $lease : $lease );
		$answer = $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( $ref + array( 'phase' => 'ocr', 'done' => 3, 'total' => 9 ) ) ) )->get_data()['leases'][0];
		self::assertSame( array( $ref['job_id'], $ref['epoch'], $status, $reason ), array( $answer['job_id'], $answer['epoch'], $answer['status'], $answer['reason'] ?? null ) );
	}

	public function beats(): array {
		return array(
			'held'                => array( 'held', 'ok', null ),
			'ran out, not reaped' => array( 'ran out, not reaped', 'ok', null ),
			'put back'            => array( 'put back', 'lost', 'aidoc_lease_lost' ),
			'claimed since'       => array( 'claimed since', 'lost', 'aidoc_lease_lost' ),
			'cancelled'           => array( 'cancelled', 'cancel', 'aidoc_cancelled' ),
			'file replaced'       => array( 'file replaced', 'cancel', 'aidoc_source_changed' ),
			'unknown'             => array( 'unknown', 'lost', 'aidoc_lease_lost' ),
		);
	}
}
