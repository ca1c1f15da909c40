<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Multisite;

use AIDoc\Jobs\UploadedFile;

require_once __DIR__ . '/NetworkTestCase.php';

/** Requests of one site that work in another: network-wide media libraries, content copied between sites. */
final class CrossSiteTest extends NetworkTestCase {

	public function test_a_file_put_into_another_site_is_queued_there_and_nothing_is_queued_here(): void {
		$old = $this->old_document();
		$this->on(
			$this->two,
			function () use ( $old ): void {
				self::assertSame( $old, $this->attach( 'A document of site two.', $old ), 'The same id as the old document of this site.' );
				wp_update_attachment_metadata( $old, array( 'filesize' => 23 ) );
			}
		);
		$this->end_request();
		self::assertSame( array(), $this->jobs( get_current_blog_id() ), 'Nobody asked for the old document.' );
		self::assertSame( array( hash( 'sha256', 'A document of site two.' ) => 'queued' ), $this->jobs( $this->two ) );
	}

	public function test_a_file_replaced_in_another_site_is_noticed_there(): void {
		$old = $this->old_document();
		$this->on( $this->two, fn() => $this->attach( 'before', $old ) );
		$this->end_request();
		$this->on(
			$this->two,
			static function () use ( $old ): void {
				file_put_contents( get_attached_file( $old ), 'after, and longer' );
				wp_update_attachment_metadata( $old, array( 'filesize' => 17 ) );
			}
		);
		$this->end_request();
		self::assertSame( array( hash( 'sha256', 'before' ) => 'cancelled', hash( 'sha256', 'after, and longer' ) => 'queued' ), $this->jobs( $this->two ) );
		self::assertSame( array(), $this->jobs( get_current_blog_id() ) );
	}

	public function test_what_is_touched_here_is_not_forgotten_because_its_namesake_is_deleted_there(): void {
		$id = $this->attach( 'before' );
		$this->on( $this->two, fn() => $this->attach( 'elsewhere', $id ) );
		file_put_contents( get_attached_file( $id ), 'after, and longer' );
		wp_update_attachment_metadata( $id, array( 'filesize' => 17 ) );
		$this->on( $this->two, static fn() => wp_delete_attachment( $id, true ) );
		$this->end_request();
		self::assertSame( array( hash( 'sha256', 'before' ) => 'cancelled', hash( 'sha256', 'after, and longer' ) => 'queued' ), $this->jobs( get_current_blog_id() ) );
		self::assertSame( array( hash( 'sha256', 'elsewhere' ) => 'cancelled' ), $this->jobs( $this->two ) );
	}

	public function test_trash_and_restore_in_another_site(): void {
		$id = $this->on( $this->two, fn() => $this->attach( 'a document' ) );
		$this->on( $this->two, static fn() => wp_trash_post( $id ) );
		$this->end_request();
		self::assertSame( array( 'cancelled' ), array_values( $this->jobs( $this->two ) ) );
		$this->on( $this->two, static fn() => wp_untrash_post( $id ) );
		$this->end_request();
		self::assertSame( array( 'queued' ), array_values( $this->jobs( $this->two ) ) );
	}

	public function test_the_settings_and_the_bell_of_the_other_site_count(): void {
		$this->on( $this->two, fn() => $this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) ) );
		$this->on( $this->two, fn() => $this->attach( 'not wanted' ) );
		$this->end_request();
		self::assertSame( array(), $this->jobs( $this->two ) );
		$here  = (string) $this->plugin()->doorbell()->url();
		$there = (string) $this->on( $this->two, fn() => $this->plugin()->doorbell()->url() );
		self::assertNotSame( $here, $there );
		self::assertStringContainsString( "/sites/{$this->two}/", $there );
		$path  = str_replace( wp_upload_dir()['baseurl'], wp_upload_dir()['basedir'], $here );
		$rings = file_get_contents( $path );
		$this->on(
			$this->two,
			function (): void {
				$this->plugin()->settings()->update( array( 'enqueue_on_upload' => true ) );
				$this->attach( 'wanted' );
			}
		);
		self::assertSame( $rings, file_get_contents( $path ), 'Agents of this site are not woken for it.' );
	}

	public function test_one_look_at_two_libraries_mixes_nothing(): void {
		$id       = $this->attach( 'here' );
		$statuses = $this->plugin()->statuses();
		self::assertNotNull( $statuses->job( $id ) );
		self::assertNull( $this->on( $this->two, static fn() => $statuses->job( $id ) ) );
		self::assertNotNull( $statuses->job( $id ) );
	}

	public function test_a_site_reads_no_files_of_another(): void {
		$here  = $this->attach( 'here' );
		$there = $this->on( $this->two, fn() => $this->attach( 'there' ) );
		$path  = (string) get_attached_file( $here );
		$other = (string) $this->on( $this->two, static fn() => get_attached_file( $there ) );
		self::assertStringStartsWith( wp_upload_dir()['basedir'] . '/', $other, 'The folder of the first site contains the others.' );
		self::assertNotNull( UploadedFile::open( $path ) );
		self::assertNull( UploadedFile::open( $other ) );
		update_post_meta( $here, '_wp_attached_file', substr( $other, strlen( wp_upload_dir()['basedir'] ) + 1 ) );
		self::assertNull( UploadedFile::of( $here ) );
		self::assertSame( array( true, false ), $this->on( $this->two, static fn() => array( null !== UploadedFile::of( $there ), null !== UploadedFile::open( $path ) ) ) );
	}

	public function test_an_agent_of_one_site_is_nobody_in_another(): void {
		$agent = $this->agent();
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		self::assertRefused( 'aidoc_key_unknown', 401, $this->on( $this->two, static fn() => $agent->send( 'POST', '/aidoc/v1/echo', array() ) ) );
	}
}
