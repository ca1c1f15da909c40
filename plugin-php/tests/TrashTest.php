<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;
use AIDoc\Jobs\Uploads;

/** Attachments that go into the trash and come back (MEDIA_TRASH). */
final class TrashTest extends TestCase {

	/** Runs what our own listener does when a request ends, and nothing else of that hook. */
	private function end_request(): void {
		foreach ( $GLOBALS['wp_filter']['shutdown'][5] ?? array() as $hook ) {
			if ( is_array( $hook['function'] ) && $hook['function'][0] instanceof Uploads ) {
				$hook['function'][0]->settle();
			}
		}
	}

	/** @dataProvider ways */
	public function test_what_is_trashed_waits_no_longer_and_waits_again_when_restored( string $how ): void {
		$id = $this->upload();
		'core' === $how ? wp_trash_post( $id ) : wp_update_post( array( 'ID' => $id, 'post_status' => 'trash' ) );
		$this->end_request();
		$job = $this->job_of( $id );
		self::assertSame( array( State::Cancelled, 'aidoc_source_changed' ), array( $job->state, $job->errorCode ) );
		self::assertStringContainsString( 'Restore it', $job->errorMessage );
		self::assertSame( array(), $this->agent()->lease() );
		'core' === $how ? wp_untrash_post( $id ) : wp_update_post( array( 'ID' => $id, 'post_status' => 'inherit' ) );
		$this->end_request();
		self::assertSame( array( $job->id, State::Queued, '' ), array( $this->job_of( $id )->id, $this->job_of( $id )->state, $this->job_of( $id )->errorMessage ) );
	}

	public function ways(): array {
		return array( 'by the library' => array( 'core' ), 'by another plugin' => array( 'update' ) );
	}

	public function test_the_agent_that_has_it_in_work_is_told_at_once(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		wp_trash_post( $id );
		$held = TestAgent::ref( $lease ) + array( 'phase' => 'ocr', 'done' => 1, 'total' => 2 );
		$beat = $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( $held ) ) )->get_data()['leases'][0];
		self::assertSame( array( 'cancel', 'aidoc_source_changed' ), array( $beat['status'], $beat['reason'] ) );
		self::assertRefused( 'aidoc_source_changed', 409, $agent->send( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) ) );
		self::assertRefused( 'aidoc_source_changed', 409, $agent->result( $lease ) );
		self::assertSame( array(), $this->summaries() );
	}

	public function test_it_cannot_be_queued_while_it_is_there(): void {
		$id  = $this->upload();
		$job = $this->job_of( $id );
		wp_trash_post( $id );
		self::assertSame( 'aidoc_trashed', $this->plugin()->job_manager()->retry( $job->id )->get_error_code() );
		self::assertSame( 'aidoc_trashed', $this->plugin()->job_manager()->enqueue( $id, true )->get_error_code() );
		wp_update_attachment_metadata( $id, array( 'x' => 1 ) );
		$this->end_request();
		self::assertSame( State::Cancelled, $this->job_of( $id )->state );
	}

	public function test_what_was_done_or_cancelled_by_a_person_stays_so(): void {
		$done  = $this->upload( 'a.pdf', 'a' );
		$agent = $this->agent();
		self::assertSame( 200, $agent->result( $agent->lease()[0] )->get_status() );
		$cancelled = $this->upload( 'b.pdf', 'b' );
		$this->plugin()->job_manager()->cancel( $this->job_of( $cancelled )->id );
		foreach ( array( $done, $cancelled ) as $id ) {
			wp_trash_post( $id );
			$this->end_request();
			wp_untrash_post( $id );
			$this->end_request();
		}
		self::assertSame( array( State::Done, State::Cancelled ), array( $this->job_of( $done )->state, $this->job_of( $cancelled )->state ) );
		self::assertSame( 'aidoc_cancelled', $this->job_of( $cancelled )->errorCode );
	}
}
