<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Jobs\Facts;
use AIDoc\Jobs\Inspector;
use AIDoc\Jobs\Priority;
use AIDoc\Jobs\State;

/** Jobs that are queued without their files being opened, and what becomes of them when they are leased. */
final class UnreadTest extends TestCase {

	/** An attachment whose job is queued as a backfill queues it. */
	private function queued( string $name = 'a.pdf', string $bytes = 'the bytes' ): int {
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
		$id = $this->upload( $name, $bytes );
		$this->plugin()->unread()->insert( array( $this->facts( $id ) ), 4 );
		return $id;
	}

	private function facts( int $id ): Facts {
		return $this->plugin()->inspector()->inspect( $id, null, Inspector::UNOPENED );
	}

	public function test_queueing_opens_no_file(): void {
		$id = $this->queued();
		wp_update_attachment_metadata( $id, array( 'filesize' => 4711 ) );
		unlink( get_attached_file( $id ) );
		$facts = $this->facts( $id );
		self::assertSame( array( '', '', 4711, '' ), array( $facts->sha256, $facts->fingerprint, $facts->bytes, $facts->refusalCode ) );
		self::assertSame( array( '', Priority::BACKFILL ), array( $this->job_of( $id )->sourceSha256, $this->priority( $id ) ) );
	}

	private function priority( int $id ): int {
		return (int) Database::row( 'SELECT priority FROM ' . Database::table( 'jobs' ) . ' WHERE attachment_id = %d', $id )['priority'];
	}

	public function test_the_size_of_old_uploads_is_asked_of_the_folder(): void {
		$id = $this->queued( 'a.pdf', 'nine byte' );
		self::assertSame( 9, $this->facts( $id )->bytes );
		file_put_contents( get_attached_file( $id ), '' );
		clearstatcache();
		self::assertSame( 'aidoc_file_empty', $this->facts( $id )->refusalCode );
		unlink( get_attached_file( $id ) );
		self::assertSame( 'aidoc_file_missing', $this->facts( $id )->refusalCode );
	}

	public function test_the_digest_comes_with_the_lease(): void {
		$id    = $this->queued( 'a.pdf', 'the bytes' );
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		self::assertSame( array( hash( 'sha256', 'the bytes' ), 9 ), array( $lease['sha256'], $lease['bytes'] ) );
		self::assertSame( $lease['sha256'], $this->job_of( $id )->sourceSha256 );
		self::assertSame( 200, $agent->send( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) )->get_status() );
		self::assertSame( 200, $agent->result( $lease )->get_status() );
		self::assertSame( State::Done, $this->job_of( $id )->state );
	}

	public function test_each_attachment_has_one_row_however_often_it_is_queued(): void {
		$id    = $this->queued();
		$facts = $this->facts( $id );
		self::assertSame( array(), $this->plugin()->unread()->insert( array( $facts, $facts ), 4 ) );
		self::assertCount( 1, $this->plugin()->jobs()->query( array() )['items'] );
		self::assertSame( array(), $this->plugin()->unread()->insert( array(), 4 ) );
	}

	public function test_what_turns_out_to_be_unreadable_fails_with_its_reason_and_the_agent_comes_again_soon(): void {
		$fired = array();
		$hook  = static function ( $job, $attachment, $code ) use ( &$fired ): void {
			$fired[] = $code;
		};
		add_action( 'aidoc_job_failed', $hook, 10, 3 );
		$id = $this->queued();
		unlink( get_attached_file( $id ) );
		$answer = $this->agent()->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data();
		remove_action( 'aidoc_job_failed', $hook );
		self::assertSame( array( array(), 2000 ), array( $answer['leases'], $answer['next_poll_ms'] ) );
		self::assertSame( array( State::Failed, 'aidoc_file_missing' ), array( $this->job_of( $id )->state, $this->job_of( $id )->errorCode ) );
		self::assertSame( array( 'aidoc_file_missing' ), $fired );
	}

	public function test_what_may_not_be_read_any_more_is_cancelled(): void {
		$id = $this->queued();
		$this->plugin()->settings()->update( array( 'types' => array( 'text' ) ) );
		self::assertSame( array(), $this->agent()->lease() );
		self::assertSame( array( State::Cancelled, 'aidoc_type_not_accepted' ), array( $this->job_of( $id )->state, $this->job_of( $id )->errorCode ) );
	}

	public function test_a_person_who_asks_for_it_meanwhile_gets_the_same_row(): void {
		$id  = $this->queued( 'a.pdf', 'x' );
		$job = $this->plugin()->job_manager()->enqueue( $id );
		self::assertSame( array( 1, hash( 'sha256', 'x' ) ), array( $this->plugin()->jobs()->query( array() )['total'], $job->sourceSha256 ) );
	}

	public function test_a_file_that_has_its_job_already_is_not_read_twice(): void {
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
		$id  = $this->upload( 'a.pdf', 'same' );
		$job = $this->plugin()->job_manager()->enqueue( $id );
		$this->plugin()->jobs()->cancel( $job->id, 'x', 'x' );
		$more = $this->plugin()->unread()->insert( array( $this->facts( $id ) ), 4 );
		self::assertCount( 1, $more );
		self::assertSame( array(), $this->agent()->lease() );
		self::assertSame( State::Cancelled, $this->plugin()->jobs()->find( $more[0] )->state );
	}

	public function test_a_file_too_large_for_the_request_is_hashed_when_it_is_fetched(): void {
		$id    = $this->queued( 'a.pdf', str_repeat( 'large ', MB_IN_BYTES ) );
		$agent = $this->agent();
		$job   = $this->job_of( $id );
		$this->plugin()->leases()->claim( $job->id, 0, $agent->agent->id, '00000000-0000-4000-8000-000000000001' );
		$job = $this->plugin()->digests()->complete( array( $this->plugin()->jobs()->find( $job->id ) ), -1.0 )[0];
		self::assertSame( '', $job->sourceSha256 );
		$answer = $agent->send( 'GET', "/aidoc/v1/jobs/$job->id/file", null, array( 'X-Aidoc-Lease' => "$job->epoch:$job->leaseToken" ) );
		self::assertSame( array( 200, '"' . hash_file( 'sha256', get_attached_file( $id ) ) . '"' ), array( $answer->get_status(), $answer->get_headers()['ETag'] ) );
		self::assertSame( hash_file( 'sha256', get_attached_file( $id ) ), $this->job_of( $id )->sourceSha256 );
	}

	public function test_a_retry_by_a_person_leaves_the_back_of_the_queue(): void {
		$id = $this->queued();
		$this->plugin()->job_manager()->cancel( $this->job_of( $id )->id );
		$this->plugin()->job_manager()->retry( $this->job_of( $id )->id );
		self::assertSame( Priority::NORMAL, $this->priority( $id ) );
	}
}
