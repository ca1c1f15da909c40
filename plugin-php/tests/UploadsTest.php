<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;
use AIDoc\Jobs\Uploads;

final class UploadsTest extends TestCase {

	public function test_an_upload_makes_one_waiting_job_and_rings(): void {
		$bell = $this->bell();
		$id   = $this->upload( 'Протокол.pdf' );
		wp_update_attachment_metadata( $id, array( 'sizes' => array( 'full' => array( 'file' => 'preview.jpg' ) ) ) );
		$this->end_request();
		self::assertSame( 1, $this->plugin()->jobs()->query( array() )['total'] );
		$job = $this->job_of( $id );
		self::assertSame( State::Queued, $job->state );
		self::assertStringContainsString( 'Протокол', $job->filename );
		self::assertNotSame( $bell, $this->bell() );
		self::assertSame( array( 'enqueued' ), array_column( $this->plugin()->events()->for_job( $job->id ), 'kind' ) );
	}

	/** Runs what our own listener does when a request ends, and nothing else of that hook. */
	private function end_request(): void {
		foreach ( $GLOBALS['wp_filter']['shutdown'][5] ?? array() as $hook ) {
			if ( is_array( $hook['function'] ) && $hook['function'][0] instanceof Uploads ) {
				$hook['function'][0]->settle();
			}
		}
	}

	private function bell(): string {
		$url = $this->plugin()->doorbell()->url();
		return (string) file_get_contents( str_replace( wp_upload_dir()['baseurl'], wp_upload_dir()['basedir'], $url ) );
	}

	/** @dataProvider refused_files */
	public function test_a_file_that_cannot_be_read_is_a_failed_job_with_one_sentence( string $bytes, string $code, string $sentence ): void {
		$this->plugin()->settings()->update( array( 'max_bytes' => 2048 ) );
		$id  = $this->upload( 'a.pdf', $bytes );
		$job = $this->job_of( $id );
		self::assertSame( array( State::Failed, $code, 'permanent' ), array( $job->state, $job->errorCode, $job->errorClass ) );
		self::assertMatchesRegularExpression( $sentence, $job->errorMessage );
		self::assertSame( $job->errorMessage, $this->plugin()->job_manager()->not_accepted_reason( $id ) );
		self::assertSame( array(), $this->agent()->lease() );
	}

	public function refused_files(): array {
		return array(
			'empty'     => array( '', 'aidoc_file_empty', '/^This file is empty \(0 bytes\)\. Upload it again\.$/' ),
			'too large' => array( str_repeat( 'a', 3000 ), 'aidoc_file_too_large', '/2\.9.KB.*2\.0.KB.*Document Summaries → Settings/u' ),
		);
	}

	public function test_raising_the_limit_and_retrying_brings_the_same_job_to_life(): void {
		$this->plugin()->settings()->update( array( 'max_bytes' => 2048 ) );
		$id     = $this->upload( 'a.pdf', str_repeat( 'a', 3000 ) );
		$failed = $this->job_of( $id );
		$this->plugin()->settings()->update( array( 'max_bytes' => 4096 ) );
		$job = $this->plugin()->job_manager()->retry( $failed->id );
		self::assertSame( array( $failed->id, State::Queued, hash( 'sha256', str_repeat( 'a', 3000 ) ), '' ), array( $job->id, $job->state, $job->sourceSha256, $job->errorMessage ) );
		self::assertCount( 1, $this->agent()->lease() );
	}

	public function test_types_that_were_not_chosen_have_no_row(): void {
		$video = $this->upload( 'a.mp4', 'x', 'video/mp4' );
		self::assertNull( $this->job_of( $video ) );
		self::assertStringContainsString( 'video/mp4', $this->plugin()->job_manager()->not_accepted_reason( $video ) );
		$this->plugin()->settings()->update( array( 'types' => array( 'text' ) ) );
		self::assertNull( $this->job_of( $this->upload( 'b.pdf' ) ) );
		self::assertNotNull( $this->job_of( $this->upload( 'b.txt', 'text', 'text/plain' ) ) );
	}

	public function test_nothing_happens_on_upload_when_switched_off(): void {
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
		$id = $this->upload();
		self::assertNull( $this->job_of( $id ) );
		self::assertNull( $this->plugin()->job_manager()->not_accepted_reason( $id ) );
		self::assertSame( State::Queued, $this->plugin()->job_manager()->enqueue( $id )->state );
	}

	public function test_a_replaced_file_cancels_the_old_job_and_has_its_own(): void {
		$id  = $this->upload( 'a.pdf', 'one' );
		$old = $this->job_of( $id );
		file_put_contents( get_attached_file( $id ), 'two, longer' );
		wp_update_attachment_metadata( $id, array( 'filesize' => 11 ) );
		$this->end_request();
		$new = $this->job_of( $id );
		self::assertNotSame( $old->id, $new->id );
		self::assertSame( array( State::Queued, hash( 'sha256', 'two, longer' ) ), array( $new->state, $new->sourceSha256 ) );
		self::assertSame( array( State::Cancelled, 'aidoc_source_changed' ), array( $this->plugin()->jobs()->find( $old->id )->state, $this->plugin()->jobs()->find( $old->id )->errorCode ) );
		// The first file comes back: its job is the current one again, and there are still two rows.
		file_put_contents( get_attached_file( $id ), 'one' );
		wp_update_attachment_metadata( $id, array( 'filesize' => 3 ) );
		$this->end_request();
		self::assertSame( array( $old->id, State::Queued ), array( $this->job_of( $id )->id, $this->job_of( $id )->state ) );
		self::assertSame( 2, $this->plugin()->jobs()->query( array() )['total'] );
		self::assertSame( 1, $this->plugin()->jobs()->counts()['queued'] );
	}

	public function test_saving_metadata_again_neither_reads_the_file_nor_repeats_the_work(): void {
		$id    = $this->upload( 'a.pdf', 'one' );
		$agent = $this->agent();
		self::assertSame( 200, $agent->result( $agent->lease()[0] )->get_status() );
		$time = filemtime( get_attached_file( $id ) );
		file_put_contents( get_attached_file( $id ), 'TWO' ); // Same size and time: had it been hashed, there would be a new job.
		touch( get_attached_file( $id ), $time );
		wp_update_attachment_metadata( $id, array( 'x' => 1 ) );
		$this->end_request();
		self::assertSame( State::Done, $this->job_of( $id )->state );
		self::assertSame( 1, $this->plugin()->jobs()->query( array() )['total'] );
	}

	public function test_a_deleted_attachment_cancels_its_job(): void {
		$id = $this->upload();
		wp_delete_attachment( $id, true );
		self::assertSame( array( State::Cancelled, 'aidoc_source_changed' ), array( $this->job_of( $id )->state, $this->job_of( $id )->errorCode ) );
		self::assertSame( array(), $this->agent()->lease() );
	}

	public function test_of_a_scaled_photo_the_original_is_read(): void {
		if ( ! function_exists( 'imagecreatetruecolor' ) ) {
			self::markTestSkipped( 'No GD.' );
		}
		$path  = wp_upload_dir()['path'] . '/scan-' . wp_rand() . '.jpg';
		$image = imagecreatetruecolor( 2700, 300 );
		imagejpeg( $image, $path );
		$id = wp_insert_attachment( array( 'post_mime_type' => 'image/jpeg', 'post_title' => 'scan', 'post_status' => 'inherit' ), $path );
		wp_update_attachment_metadata( $id, wp_generate_attachment_metadata( $id, $path ) );
		$this->end_request();
		self::assertStringContainsString( '-scaled', get_attached_file( $id ) );
		self::assertSame( hash_file( 'sha256', $path ), $this->job_of( $id )->sourceSha256 );
		self::assertSame( 1, $this->plugin()->jobs()->query( array() )['total'] );
		wp_delete_attachment( $id, true );
	}

	public function test_enqueue_twice_is_one_job_and_force_repeats(): void {
		$id    = $this->upload();
		$one   = $this->plugin()->job_manager()->enqueue( $id );
		$agent = $this->agent();
		self::assertSame( 200, $agent->result( $agent->lease()[0] )->get_status() );
		self::assertSame( State::Done, $this->plugin()->job_manager()->enqueue( $id )->state );
		$again = $this->plugin()->job_manager()->enqueue( $id, true );
		self::assertSame( array( $one->id, State::Queued ), array( $again->id, $again->state ) );
		self::assertGreaterThan( 0, $again->summaryPostId, 'Until the new one comes, the old summary is still the summary.' );
	}

	public function test_offloaded_media_name_their_place(): void {
		$s3     = array( 'kind' => 's3', 'bucket' => 'media', 'key' => '2026/a.pdf', 'region' => 'eu-central-1', 'bytes' => 5000, 'secret' => 'must not travel' );
		$filter = static fn() => $s3;
		add_filter( 'aidoc_job_source', $filter );
		$id     = $this->upload();
		remove_filter( 'aidoc_job_source', $filter );
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		self::assertSame( array( '', 5000 ), array( $lease['sha256'], $lease['bytes'] ) );
		self::assertEquals( array_diff_key( $s3, array( 'bytes' => 1, 'secret' => 1 ) ), $lease['source'] );
		self::assertSame( 200, $agent->result( $lease, array( 'source_sha256' => hash( 'sha256', 'what it read' ) ) )->get_status() );
		self::assertSame( hash( 'sha256', 'what it read' ), get_post_meta( $this->job_of( $id )->summaryPostId, 'aidoc_source_sha256', true ) );
	}

	public function test_other_plugins_can_exclude_a_document(): void {
		add_filter( 'aidoc_should_enqueue', '__return_false' );
		$id = $this->upload();
		remove_filter( 'aidoc_should_enqueue', '__return_false' );
		self::assertNull( $this->job_of( $id ) );
	}

	public function test_latest_for_attachments_is_one_query(): void {
		$ids    = array( $this->upload( 'a.pdf', 'a' ), $this->upload( 'b.pdf', 'b' ), $this->upload( 'c.pdf', 'c' ) );
		$before = $GLOBALS['wpdb']->num_queries;
		self::assertSame( $ids, array_keys( $this->plugin()->jobs()->latest_for_attachments( $ids ) ) );
		self::assertSame( 1, $GLOBALS['wpdb']->num_queries - $before );
		self::assertSame( array(), $this->plugin()->jobs()->latest_for_attachments( array() ) );
	}

	public function test_query_whitelists_its_order_and_searches_literally(): void {
		$this->upload( 'aa.pdf', 'a' );
		$this->upload( 'bb%.pdf', 'b' );
		$jobs  = $this->plugin()->jobs();
		$names = static fn( array $args ) => array_map( static fn( $job ) => substr( $job->filename, 0, 2 ), $jobs->query( $args )['items'] );
		self::assertSame( array( 'aa', 'bb' ), $names( array( 'orderby' => 'filename', 'order' => 'asc' ) ) );
		self::assertSame( array( 'bb', 'aa' ), $names( array( 'orderby' => 'filename; DROP TABLE x', 'order' => 'x' ) ) );
		self::assertSame( 0, $jobs->query( array( 'search' => '_a%' ) )['total'] );
		self::assertSame( array( 'aa' ), $names( array( 'search' => 'aa' ) ) );
		self::assertSame( array( 1, 2 ), array( count( $jobs->query( array( 'per_page' => 1 ) )['items'] ), $jobs->query( array( 'per_page' => 1 ) )['total'] ) );
		self::assertSame( 0, $jobs->query( array( 'state' => 'done' ) )['total'] );
		self::assertSame( array( 'queued' => 2, 'leased' => 0, 'done' => 0, 'failed' => 0, 'cancelled' => 0 ), $jobs->counts() );
	}
}
