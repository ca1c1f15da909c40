<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Backfill\Filter;
use AIDoc\Backfill\Run;
use AIDoc\Backfill\Runner;
use AIDoc\Jobs\State;
use AIDoc\Jobs\Uploads;

/**
 * Beside the plugins people run. Those that AIDOC_BESIDE has are the real ones, in processes of their own; what stands in for others is
 * made after their public source, and says so.
 */
final class BesideTest extends FrontTestCase {

	/** @var array<int,int[]> Attachment → it and its translations: what the stand-in of a plugin for languages knows. */
	private array $languages = array();

	protected function setUp(): void {
		parent::setUp();
		add_filter( 'wpml_element_trid', array( $this, 'trid' ), 10, 3 );
		add_filter( 'wpml_get_element_translations', array( $this, 'translations' ), 10, 3 );
	}

	protected function tearDown(): void {
		remove_all_filters( 'wpml_element_trid' );
		remove_all_filters( 'wpml_get_element_translations' );
		parent::tearDown();
	}

	/** Stands in for WPML and Polylang, which both answer these two. */
	public function trid( mixed $none, int $id, string $type ): int {
		return 'post_attachment' === $type && isset( $this->languages[ $id ] ) ? min( $this->languages[ $id ] ) : 0;
	}

	/** @return array<string,object> */
	public function translations( mixed $none, int $trid, string $type ): array {
		return array_map( static fn( int $id ): object => (object) array( 'element_id' => (string) $id ), $this->languages[ $trid ] ?? array() );
	}

	/** Copies an attachment in the order in which Polylang does: the post, its metadata, its file, its language. */
	private function translate( int $id ): int {
		$post = get_post( $id, ARRAY_A );
		unset( $post['ID'] );
		$copy = wp_insert_attachment( wp_slash( $post ) );
		wp_update_attachment_metadata( $copy, (array) wp_get_attachment_metadata( $id, true ) );
		update_attached_file( $copy, get_attached_file( $id, true ) );
		foreach ( array( $id, $copy ) as $one ) {
			$this->languages[ $one ] = array_values( array_unique( array( ...( $this->languages[ $id ] ?? array( $id ) ), $copy ) ) );
		}
		self::end_of_request();
		return $copy;
	}

	private static function end_of_request(): void {
		foreach ( $GLOBALS['wp_filter']['shutdown'][5] ?? array() as $hook ) {
			if ( is_array( $hook['function'] ) && $hook['function'][0] instanceof Uploads ) {
				$hook['function'][0]->settle();
			}
		}
	}

	private function status( int $id ): array {
		wp_set_current_user( 1 );
		return $this->plugin()->statuses()->status( $id );
	}

	private function jobs(): int {
		return $this->plugin()->jobs()->query( array() )['total'];
	}

	public function test_a_copy_for_another_language_is_the_same_document(): void {
		$original = $this->upload( 'minutes.pdf', '%PDF one' );
		$copy     = $this->translate( $original );
		self::assertSame( 1, $this->jobs(), 'One document, one job.' );
		self::assertSame( array( 'queued', $this->job_of( $original )->id ), array( $this->status( $copy )['state'], $this->status( $copy )['job'] ) );

		$agent = $this->agent( 'reader-' . wp_rand() );
		$post  = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		self::assertSame( array(), $agent->lease(), 'One reading.' );
		$status = $this->status( $copy );
		self::assertSame( array( $copy, 'done', get_edit_post_link( $post, 'raw' ) ), array( $status['attachment'], $status['state'], $status['link']['url'] ) );
		wp_delete_attachment( $copy, true );
		self::assertSame( 'done', $this->status( $original )['state'] );
	}

	public function test_what_people_do_with_a_copy_is_done_with_its_document(): void {
		$original = $this->upload();
		$copy     = $this->translate( $original );
		wp_set_current_user( 1 );
		foreach ( array( 'cancel' => 'cancelled', 'retry' => 'queued' ) as $action => $state ) {
			$answer = rest_do_request( new \WP_REST_Request( 'POST', "/aidoc/v1/items/$copy/$action" ) );
			self::assertSame( array( 200, $copy, $state ), array( $answer->get_status(), $answer->get_data()['item']['attachment'], $answer->get_data()['item']['state'] ) );
			self::assertSame( $state, $this->job_of( $original )->state->value );
		}
		$this->plugin()->job_manager()->cancel( $this->job_of( $original )->id );
		self::assertSame( array( 'done' => 1, 'skipped' => 0, 'refused' => 0 ), array_intersect_key( $this->plugin()->batch()->run( 'enqueue', array( $original, $copy ) )->counts(), array( 'done' => 1, 'skipped' => 1, 'refused' => 1 ) ) );
		$this->plugin()->job_manager()->mark_local_only( $copy, true );
		self::assertTrue( $this->job_of( $original )->localOnly );
		self::assertSame( 1, $this->jobs() );
	}

	public function test_who_may_edit_only_the_copy_does_nothing_with_the_document(): void {
		$original = $this->upload();
		$copy     = $this->translate( $original );
		$author   = wp_insert_user( array( 'user_login' => 'a' . wp_rand(), 'user_pass' => 'x', 'role' => 'author' ) );
		wp_update_post( array( 'ID' => $copy, 'post_author' => $author ) );
		wp_set_current_user( $author );
		self::assertSame( array(), $this->plugin()->statuses()->status( $copy )['actions'] );
		self::assertSame( 403, rest_do_request( new \WP_REST_Request( 'POST', "/aidoc/v1/items/$copy/cancel" ) )->get_status() );
		wp_delete_user( $author );
	}

	public function test_a_backfill_takes_a_document_once(): void {
		SeededLibrary::clear();
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
		$original = $this->upload();
		$this->translate( $original );
		$run = $this->plugin()->backfill_manager()->start( Filter::from( array() ), false );
		$run = $this->plugin()->backfill_runner()->run( $run->id );
		self::assertSame( 1, $this->jobs() );
		self::assertSame( array( Run::DONE, 1, 1 ), array( $run->state, $run->tally->queued, $run->tally->skipped ) );
	}

	public function test_a_translation_with_a_file_of_its_own_is_a_document_of_its_own(): void {
		$english = $this->upload( 'minutes-en.pdf', '%PDF english' );
		$german  = $this->upload( 'minutes-de.pdf', '%PDF deutsch' );
		foreach ( array( $english, $german ) as $id ) {
			$this->languages[ $id ] = array( $english, $german );
		}
		self::end_of_request();
		self::assertSame( 2, $this->jobs() );
		self::assertSame( $this->job_of( $german )->id, $this->status( $german )['job'] );
	}

	public function test_when_the_document_is_deleted_a_copy_that_is_left_takes_its_place_and_its_mark(): void {
		$original = $this->upload();
		$copy     = $this->translate( $original );
		$this->plugin()->job_manager()->mark_local_only( $original, true );
		$forget = function ( int $id ): void { // As Polylang at the usual priority; it also keeps the file.
			unset( $this->languages[ $id ] );
			$this->languages = array_map( static fn( array $ids ): array => array_values( array_diff( $ids, array( $id ) ) ), $this->languages );
		};
		add_action( 'delete_attachment', $forget );
		add_filter( 'wp_delete_file', '__return_empty_string' );
		wp_delete_attachment( $original, true );
		remove_action( 'delete_attachment', $forget );
		remove_filter( 'wp_delete_file', '__return_empty_string' );
		self::end_of_request();
		self::assertSame( State::Queued, $this->job_of( $copy )->state );
		self::assertTrue( $this->job_of( $copy )->localOnly );
		wp_delete_attachment( $copy, true );
	}

	/** With the hooks in the order of Enable Media Replace: files away, the new one there, the same path noted, metadata anew. */
	public function test_a_file_that_was_replaced_under_its_name_is_read_again(): void {
		$agent    = $this->agent( 'reader-' . wp_rand() );
		$document = $this->upload( 'minutes.pdf', '%PDF one' );
		$post     = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		$this->replace( $document, '%PDF another' );
		$status = $this->status( $document );
		self::assertSame( array( 'queued', 'The file is newer than this summary.', get_edit_post_link( $post, 'raw' ) ), array( $status['state'], $status['flag'], $status['link']['url'] ) );
		$lease = $agent->lease()[0];
		self::assertSame( hash( 'sha256', '%PDF another' ), $lease['sha256'] );
		self::assertSame( $post, $agent->result( $lease )->get_data()['post_id'], 'The summary is the same post.' );
		self::assertSame( array( 'done', '' ), array( $this->status( $document )['state'], $this->status( $document )['flag'] ) );
	}

	private function replace( int $document, string $bytes ): void {
		$path = (string) get_attached_file( $document );
		if ( is_file( getenv( 'AIDOC_BESIDE' ) . '/enable-media-replace/enable-media-replace.php' ) ) {
			file_put_contents( "$path.new", $bytes );
			self::assertSame( 'replaced', self::process( 'replacer.php', (string) $document, "$path.new" ) );
			wp_cache_flush();
			return;
		}
		wp_delete_file( $path );
		file_put_contents( $path, $bytes );
		update_attached_file( $document, $path );
		wp_update_attachment_metadata( $document, array( 'filesize' => strlen( $bytes ) ) );
		self::end_of_request();
	}

	/** What plugins that keep whole pages throw away: WP Super Cache and others go by this action of WordPress. */
	public function test_a_kept_page_goes_when_the_summary_on_it_is_published_changed_or_taken_back(): void {
		$agent    = $this->agent( 'reader-' . wp_rand() );
		$document = $this->upload( 'minutes.pdf', '%PDF one' );
		$summary  = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		wp_set_current_user( 1 );
		$page = $this->page( 'publish' );
		wp_update_post( array( 'ID' => $page, 'post_content' => "<!-- wp:aidoc/document-summary {\"attachmentId\":$document} /-->" ) );
		$gone = array();
		add_action( 'clean_post_cache', $keeps = static function ( $id ) use ( &$gone ): void { $gone[] = (int) $id; } );
		$cleared = function ( array $change ) use ( &$gone, $page, $document, $summary ): array {
			$gone = array();
			wp_update_post( array( 'ID' => $summary ) + $change );
			return array( in_array( $page, $gone, true ), in_array( $document, $gone, true ) );
		};
		self::assertSame( array( false, false ), $cleared( array( 'post_title' => 'Still a draft' ) ) );
		self::assertSame( array( true, true ), $cleared( array( 'post_status' => 'publish' ) ) );
		self::assertSame( array( true, true ), $cleared( array( 'post_title' => 'Changed' ) ) );
		self::assertSame( array( true, true ), $cleared( array( 'post_status' => 'draft' ) ) );
		$cleared( array( 'post_status' => 'publish' ) );
		$gone = array();
		wp_delete_post( $summary, true );
		self::assertContains( $page, $gone );
		remove_action( 'clean_post_cache', $keeps );
	}

	public function test_a_page_in_another_language_shows_the_summary_of_its_copy(): void {
		$agent    = $this->agent( 'reader-' . wp_rand() );
		$original = $this->upload( 'minutes.pdf', '%PDF one' );
		$copy     = $this->translate( $original );
		$summary  = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		wp_set_current_user( 1 );
		wp_update_post( array( 'ID' => $summary, 'post_status' => 'publish', 'post_title' => 'What was decided' ) );
		wp_set_current_user( 0 );
		self::assertStringContainsString( 'What was decided', self::block( $copy ) );
		wp_update_post( array( 'ID' => $original, 'post_parent' => $this->page( 'private' ) ) );
		self::assertSame( '', self::block( $copy ), 'Not to those who may not read what was read.' );
	}

	public function test_action_scheduler_drives_a_backfill_to_its_end(): void {
		SeededLibrary::clear();
		$library = new SeededLibrary();
		$library->add( Runner::BATCH * 3 );
		$run = $this->plugin()->backfill_manager()->start( Filter::from( array() ), false );
		wp_clear_scheduled_hook( 'aidoc_backfill' );
		list( $state, $complete, $pending, $failed ) = (array) json_decode( self::process( 'scheduled.php', (string) $run->id ), true );
		$library->remove();
		self::assertSame( array( Run::DONE, 0, 0 ), array( $state, $pending, $failed ) );
		self::assertGreaterThanOrEqual( 3, $complete, 'Each tick has ordered the next.' );
	}

	private static function process( string $script, string ...$args ): string {
		$process = proc_open( array( PHP_BINARY, __DIR__ . "/$script", ...$args ), array( 1 => array( 'pipe', 'w' ), 2 => array( 'pipe', 'w' ) ), $pipes );
		$said    = stream_get_contents( $pipes[1] );
		$errors  = stream_get_contents( $pipes[2] );
		self::assertSame( 0, proc_close( $process ), $said . $errors );
		return trim( $said );
	}
}
