<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;
use AIDoc\Jobs\Uploads;
use AIDoc\Media\LocalOnlyField;

/** A Media item for each language with the same file is one document. WPML's public filters stand for it: its source is not public. Polylang itself: beside/. */
final class CopiesTest extends TestCase {

	/** @var array<int,int> Attachment → group of translations. */
	private array $group = array();

	protected function setUp(): void {
		parent::setUp();
		$this->plugin()->copies()->forget();
		add_filter( 'wpml_element_trid', array( $this, 'trid' ), 10, 3 );
		add_filter( 'wpml_get_element_translations', array( $this, 'translations' ), 10, 3 );
	}

	protected function tearDown(): void {
		array_map( static fn( int $id ) => wp_delete_attachment( $id, true ), array_reverse( array_keys( $this->group ) ) );
		remove_filter( 'wpml_element_trid', array( $this, 'trid' ) );
		remove_filter( 'wpml_get_element_translations', array( $this, 'translations' ) );
		$this->group = array();
		$this->plugin()->copies()->forget();
		parent::tearDown();
	}

	public function trid( $none, $id, string $type ): ?int {
		return 'post_attachment' === $type ? $this->group[ (int) $id ] ?? null : $none;
	}

	public function translations( array $none, $group, string $type ): array {
		return array_map( static fn( int $id ): object => (object) array( 'element_id' => (string) $id ), array_keys( $this->group, (int) $group, true ) );
	}

	/** As WPML's Media duplicates one: the row, then its file, then whose translation it is. */
	private function translate( int $id, ?string $file = null ): int {
		$copy = wp_insert_attachment( array( 'post_title' => 'Protokoll', 'post_mime_type' => 'application/pdf' ) );
		update_post_meta( $copy, '_wp_attached_file', $file ?? get_post_meta( $id, '_wp_attached_file', true ) );
		$this->group[ $id ]   = $id;
		$this->group[ $copy ] = $id;
		return $copy;
	}

	private function end_request(): void {
		$this->plugin()->copies()->forget();
		foreach ( $GLOBALS['wp_filter']['shutdown'][5] ?? array() as $hook ) {
			if ( is_array( $hook['function'] ) && $hook['function'][0] instanceof Uploads ) {
				$hook['function'][0]->settle();
			}
		}
	}

	private function jobs(): int {
		return $this->plugin()->jobs()->query( array() )['total'];
	}

	/** @return array{0:int,1:int} A document and its copy, both added. */
	private function both(): array {
		$id = $this->upload( 'minutes.pdf', '%PDF minutes' );
		$this->end_request();
		$copy = $this->translate( $id );
		$this->end_request();
		return array( $id, $copy );
	}

	public function test_the_copy_is_not_read_again(): void {
		list( $id ) = $this->both();
		self::assertSame( 1, $this->jobs() );
		self::assertSame( $id, $this->agent()->lease()[0]['attachment_id'] );
		self::assertSame( array( 'leased', 'enqueued' ), array_column( $this->plugin()->events()->for_job( $this->job_of( $id )->id ), 'kind' ), 'Nobody was told that it had failed before its file was known.' );
	}

	public function test_all_of_them_show_its_state(): void {
		wp_set_current_user( 1 );
		list( $id, $copy ) = $this->both();
		$status            = fn( int $of ) => array_intersect_key( $this->plugin()->statuses()->status( $of ), array( 'state' => 1, 'job' => 1 ) );
		self::assertSame( 'queued', $status( $copy )['state'] );
		self::assertSame( $status( $id ), $status( $copy ) );
		self::assertSame( $copy, $this->plugin()->statuses()->status( $copy )['attachment'], 'The screen finds its row by it.' );
	}

	public function test_what_is_done_with_a_copy_is_done_with_the_document(): void {
		wp_set_current_user( 1 );
		list( $id, $copy ) = $this->both();
		$agent             = $this->agent();
		$agent->result( $agent->lease()[0] );
		self::assertSame( $this->job_of( $id )->id, $this->plugin()->job_manager()->enqueue( $copy, true )->id );
		self::assertSame( array( State::Queued, 1 ), array( $this->job_of( $id )->state, $this->jobs() ) );
		$report = $this->plugin()->batch()->run( 'cancel', array( $id, $copy ) );
		self::assertSame( array( 1, 0 ), array( $report->counts()['done'], $report->counts()['refused'] ) );
	}

	public function test_a_translation_with_a_file_of_its_own_is_another_document(): void {
		$id          = $this->upload( 'minutes.pdf', '%PDF minutes' );
		$other       = $this->upload( 'protokoll.pdf', '%PDF Protokoll' );
		$this->group = array( $id => $id, $other => $id );
		$this->end_request();
		self::assertSame( 2, $this->jobs() );
	}

	public function test_a_backfill_counts_it_once(): void {
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
		list( $id, $copy ) = $this->both();
		$batch             = ( new \AIDoc\Backfill\Sorter( $this->plugin()->jobs(), $this->plugin()->inspector(), new \AIDoc\Jobs\Pictures( $this->plugin()->settings() ), $this->plugin()->copies() ) )->sort( \AIDoc\Backfill\Filter::from( array() ), array( $id, $copy ) );
		self::assertSame( array( array( $id ), 2, 1 ), array( array_map( static fn( $facts ) => $facts->attachmentId, $batch->fresh ), $batch->tally->seen, $batch->tally->skipped ) );
	}

	public function test_a_page_of_the_copy_shows_the_summary(): void {
		list( $id, $copy ) = $this->both();
		$agent             = $this->agent();
		$post              = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		wp_publish_post( $post );
		wp_set_current_user( 0 );
		$html = self::front()->block()->shortcode( array( 'id' => (string) $copy ) );
		self::assertStringContainsString( get_the_title( $post ), $html );
		wp_update_post( array( 'ID' => $id, 'post_status' => 'private' ) );
		clean_post_cache( $id );
		self::assertStringNotContainsString( get_the_title( $post ), self::front()->block()->shortcode( array( 'id' => (string) $copy ) ), 'Of a private document nothing is shown through its copy.' );
	}

	public function test_without_the_first_the_next_is_the_document(): void {
		list( $id, $copy ) = $this->both();
		$keep              = static fn() => '';
		add_filter( 'wp_delete_file', $keep ); // As such plugins do while another language has the file.
		wp_delete_attachment( $id, true );
		remove_filter( 'wp_delete_file', $keep );
		unset( $this->group[ $id ] );
		self::assertSame( $copy, $this->plugin()->job_manager()->enqueue( $copy )->attachmentId );
	}

	public function test_who_may_edit_only_the_copy_does_nothing_with_the_document(): void {
		list( $first, $copy ) = $this->both();
		$author               = wp_insert_user( array( 'user_login' => 'a' . wp_rand(), 'user_pass' => 'x', 'role' => 'author' ) );
		wp_update_post( array( 'ID' => $copy, 'post_author' => $author ) );
		wp_set_current_user( $author );
		self::assertTrue( current_user_can( 'edit_post', $copy ) );
		self::assertSame( array(), $this->plugin()->statuses()->status( $copy )['actions'] );
		self::assertSame( 403, rest_do_request( new \WP_REST_Request( 'POST', "/aidoc/v1/items/$copy/cancel" ) )->get_status() );
		self::assertSame( State::Queued, $this->job_of( $first )->state );
		wp_delete_user( $author );
	}

	public function test_saving_the_details_of_a_copy_keeps_the_mark_of_the_document(): void {
		list( $first, $copy ) = $this->both();
		wp_set_current_user( 1 );
		$this->plugin()->job_manager()->mark_local_only( $copy, true );
		$field = new LocalOnlyField( $this->plugin()->local_only(), $this->plugin()->settings(), $this->plugin()->job_manager( ... ), $this->plugin()->copies() );
		$html  = $field->add( array(), get_post( $copy ) )['aidoc_local_only']['html'];
		self::assertStringContainsString( 'checked', $html, 'What is sent with the form is what the document has.' );
		self::assertTrue( $this->job_of( $first )->localOnly );
	}

	public function test_a_copy_that_outlives_the_document_keeps_its_mark(): void {
		list( $first, $copy ) = $this->both();
		$this->plugin()->job_manager()->mark_local_only( $first, true );
		$forget = function ( int $id ): void {
			// As Polylang does at the usual priority.
			unset( $this->group[ $id ] );
		};
		add_action( 'delete_attachment', $forget );
		wp_delete_attachment( $first, true );
		remove_action( 'delete_attachment', $forget );
		self::assertTrue( $this->plugin()->local_only()->is_marked( $copy ) );
	}
}
