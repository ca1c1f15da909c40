<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;
use AIDoc\Media\DiskWatch;
use AIDoc\Media\Statuses;

/** A file that was replaced is noticed however that was done, and its last summary stays at hand until there is a new one. */
final class ReplacedTest extends TestCase {

	/** @return array{0:int,1:int,2:TestAgent} Document, summary, agent. */
	private function summarised(): array {
		$agent    = $this->agent( 'reader-' . wp_rand() );
		$document = $this->upload( 'minutes.pdf', '%PDF one' );
		$post     = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		wp_set_current_user( 1 );
		return array( $document, $post, $agent );
	}

	/** @return array{0:array<string,mixed>,1:DiskWatch} */
	private function look( int $document ): array {
		$disk     = new DiskWatch( $this->plugin()->job_manager( ... ) );
		$statuses = new Statuses( $this->plugin()->jobs(), $this->plugin()->settings(), $this->plugin()->queue_look(), $this->plugin()->links(), $disk, $this->plugin()->copies() );
		return array( $statuses->status( $document ), $disk );
	}

	private function overwrite( int $document, string $bytes, int $mtime ): void {
		file_put_contents( get_attached_file( $document ), $bytes );
		touch( get_attached_file( $document ), $mtime );
	}

	public function test_while_the_new_file_is_read_the_old_summary_can_be_opened(): void {
		list( $document, $post, $agent ) = $this->summarised();
		$this->overwrite( $document, '%PDF another', time() + 60 );
		$this->plugin()->job_manager()->attachment_changed( $document );
		list( $queued ) = $this->look( $document );
		self::assertSame( array( 'queued', get_edit_post_link( $post, 'raw' ), 'The file is newer than this summary.' ), array( $queued['state'], $queued['link']['url'], $queued['flag'] ) );
		$lease = $agent->lease()[0];
		wp_set_current_user( 1 );
		list( $processing ) = $this->look( $document );
		self::assertSame( array( 'processing', 'The file is newer than this summary.' ), array( $processing['state'], $processing['flag'] ) );
		$agent->result( $lease );
		wp_set_current_user( 1 );
		list( $done ) = $this->look( $document );
		self::assertSame( array( 'done', '', get_edit_post_link( $post, 'raw' ) ), array( $done['state'], $done['flag'], $done['link']['url'] ) );
	}

	public function test_a_redo_of_the_same_file_says_nothing_of_a_newer_one(): void {
		list( $document, $post ) = $this->summarised();
		$this->plugin()->job_manager()->retry( $this->job_of( $document )->id );
		list( $status ) = $this->look( $document );
		self::assertSame( array( 'queued', '', get_edit_post_link( $post, 'raw' ) ), array( $status['state'], $status['flag'], $status['link']['url'] ) );
	}

	public function test_a_file_that_was_overwritten_on_disk_is_noticed_when_somebody_looks(): void {
		list( $document ) = $this->summarised();
		$this->overwrite( $document, '%PDF of another length', time() + 60 );
		list( $status, $disk ) = $this->look( $document );
		self::assertSame( array( 'done', 'The file is newer than this summary.', true ), array( $status['state'], $status['flag'], $status['pending'] ) );
		$disk->settle();
		self::assertSame( State::Queued, $this->job_of( $document )->state );
		self::assertSame( hash( 'sha256', '%PDF of another length' ), $this->job_of( $document )->sourceSha256 );
	}

	public function test_a_file_of_the_same_length_is_compared_before_anything_is_said(): void {
		list( $document ) = $this->summarised();
		$before           = $this->job_of( $document );
		$this->overwrite( $document, '%PDF one', time() + 60 );
		list( $status, $disk ) = $this->look( $document );
		self::assertSame( array( 'done', '', true ), array( $status['state'], $status['flag'], $status['pending'] ) );
		$disk->settle();
		self::assertSame( array( $before->id, State::Done ), array( $this->job_of( $document )->id, $this->job_of( $document )->state ) );
		list( $status ) = $this->look( $document );
		self::assertFalse( $status['pending'], 'It is the same, and that is remembered.' );
		$this->overwrite( $document, '%PDF two', time() + 120 );
		list( , $disk ) = $this->look( $document );
		$disk->settle();
		self::assertSame( State::Queued, $this->job_of( $document )->state );
	}

	public function test_a_file_that_is_gone_or_elsewhere_changes_nothing(): void {
		list( $document ) = $this->summarised();
		$path             = get_attached_file( $document );
		rename( $path, "$path.away" );
		list( $status, $disk ) = $this->look( $document );
		$disk->settle();
		self::assertSame( array( 'done', '', false ), array( $status['state'], $status['flag'], $status['pending'] ) );
		self::assertSame( State::Done, $this->job_of( $document )->state );
		rename( "$path.away", $path );
	}

	public function test_a_missing_file_that_came_back_is_read(): void {
		$document = $this->upload( 'late.pdf', '%PDF late' );
		$path     = get_attached_file( $document );
		unlink( $path );
		$this->plugin()->job_manager()->enqueue( $document, true );
		$this->plugin()->job_manager()->cancel( $this->job_of( $document )->id );
		$this->plugin()->job_manager()->enqueue( $document, true );
		self::assertSame( array( State::Failed, 'aidoc_file_missing' ), array( $this->job_of( $document )->state, $this->job_of( $document )->errorCode ) );
		file_put_contents( $path, '%PDF late and new' );
		wp_set_current_user( 1 );
		list( , $disk ) = $this->look( $document );
		$disk->settle();
		self::assertSame( State::Queued, $this->job_of( $document )->state );
	}

	public function test_a_file_that_was_overwritten_while_it_waited_is_leased_as_it_is(): void {
		$agent    = $this->agent( 'late-' . wp_rand() );
		$document = $this->upload( 'waiting.pdf', '%PDF one' );
		$before   = $this->job_of( $document )->id;
		$this->overwrite( $document, '%PDF two', time() + 60 );
		self::assertSame( array(), $agent->lease(), 'What was queued is gone.' );
		$lease = $agent->lease()[0];
		self::assertSame( hash( 'sha256', '%PDF two' ), $lease['sha256'] );
		self::assertNotSame( $before, $lease['job_id'] );
		$agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $lease ) ), 'reason' => 'test' ) );
		touch( get_attached_file( $document ), time() + 120 );
		self::assertSame( $lease['job_id'], $agent->lease()[0]['job_id'], 'Only its time is another.' );
	}
}
