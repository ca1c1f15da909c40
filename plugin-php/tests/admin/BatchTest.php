<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Jobs\Batch;
use AIDoc\Jobs\LatestState;
use AIDoc\Jobs\State;
use AIDoc\Media\BulkActions;
use AIDoc\Media\StateFilter;

/** Many documents at once: what became of each is told as it is, and the library can be filtered by it. */
final class BatchTest extends AdminTestCase {

	/** @return array<string,int> A document in each state. */
	private function one_of_each(): array {
		$ids = array( 'none' => $this->attachment( 'none.txt' ) );
		foreach ( array( 'queued' => array(), 'leased' => array(), 'done' => array(), 'failed' => array( 'error_code' => 'llm_overloaded' ), 'notext' => array( 'state' => 'failed', 'error_code' => 'no_text' ), 'cancelled' => array() ) as $state => $columns ) {
			$ids[ $state ] = $this->attachment( "$state.txt" );
			$this->job( $ids[ $state ], $columns + array( 'state' => $state ) );
		}
		$ids['empty'] = $this->attachment( 'empty.txt' );
		file_put_contents( get_attached_file( $ids['empty'] ), '' );
		return $ids;
	}

	private function state( int $id ): ?State {
		return $this->plugin->jobs()->latest_for_attachments( array( $id ) )[ $id ]->state ?? null;
	}

	public function test_summarise_queues_what_has_no_summary_and_says_why_not_of_the_rest(): void {
		$this->log_in( 'administrator' );
		$ids    = $this->one_of_each();
		$report = $this->plugin->batch()->run( Batch::SUMMARISE, array_merge( array_values( $ids ), array( $ids['none'] ) ) );
		$this->assertSame( array( 'done' => 3, 'skipped' => 4, 'refused' => 1 ), $report->counts() );
		$this->assertSame(
			array(
				'3 documents were queued.',
				'4 were left alone: waiting already (1), being read right now (1), summarised already (1), and without text (1).',
				'Refused: “empty”. This file is empty (0 bytes). Upload it again.',
			),
			$report->sentences()
		);
		$this->assertSame( array( State::Queued, State::Done, State::Queued, State::Failed ), array_map( array( $this, 'state' ), array( $ids['none'], $ids['done'], $ids['cancelled'], $ids['empty'] ) ) );
	}

	public function test_read_again_reads_what_is_done_and_cancel_only_what_is_open(): void {
		$this->log_in( 'administrator' );
		$ids = $this->one_of_each();
		$this->assertSame( array( 'done' => 5, 'skipped' => 2, 'refused' => 1 ), $this->plugin->batch()->run( Batch::REDO, $ids )->counts() );
		$this->assertSame( State::Queued, $this->state( $ids['done'] ) );
		$cancel = $this->plugin->batch()->run( Batch::CANCEL, $ids );
		$this->assertSame( array( 'done' => 7, 'skipped' => 1, 'refused' => 0 ), $cancel->counts() );
		$this->assertSame( '7 documents were cancelled.', $cancel->sentences()[0] );
	}

	public function test_each_document_is_checked_and_none_is_named_that_may_not_be_read(): void {
		$this->log_in( 'administrator' );
		$theirs = $this->attachment( 'secret.txt', array( 'post_title' => 'Secret plan', 'post_status' => 'private' ) );
		$this->log_in( 'author' );
		$mine   = $this->attachment( 'mine.txt' );
		$report = $this->plugin->batch()->run( Batch::SUMMARISE, array( $theirs, $mine ) );
		$this->assertSame( array( 'done' => 1, 'skipped' => 0, 'refused' => 1 ), $report->counts() );
		$this->assertNull( $this->state( $theirs ) );
		$this->assertStringNotContainsString( 'Secret', implode( ' ', $report->sentences() ) );
	}

	public function test_the_list_has_the_actions_and_shows_their_report_once(): void {
		$bulk = new BulkActions( $this->plugin->batch( ... ) );
		$this->log_in( 'subscriber' );
		$this->assertSame( array( 'delete' => 'Delete' ), $bulk->add( array( 'delete' => 'Delete' ) ) );
		$this->log_in( 'administrator' );
		$this->assertSame( array( 'delete', 'aidoc_enqueue', 'aidoc_redo', 'aidoc_cancel' ), array_keys( $bulk->add( array( 'delete' => 'Delete' ) ) ) );
		$id = $this->attachment( 'x.txt', array( 'post_title' => '<b>x</b>' ) );
		file_put_contents( get_attached_file( $id ), '' );
		$this->assertSame( 'upload.php?aidoc_reported=1', $bulk->handle( 'upload.php', 'aidoc_enqueue', array( (string) $id ) ) );
		$show = static function () use ( $bulk ): string {
			ob_start();
			$bulk->render_report();
			return (string) ob_get_clean();
		};
		$html = $show();
		$this->assertStringContainsString( 'notice-warning', $html );
		$this->assertStringContainsString( '0 documents were queued.', $html );
		$this->assertStringNotContainsString( '<b>', $html );
		$this->assertSame( '', $show() );
		$bulk->handle( 'upload.php', 'aidoc_format_disk', array( $id ) );
		$bulk->handle( 'upload.php', 'delete', array( $id ) );
		$this->assertSame( '', $show() );
	}

	public function test_the_library_is_filtered_by_the_state_people_see(): void {
		$this->log_in( 'administrator' );
		$ids = $this->one_of_each();
		// Its first file was read; the one that took its place waits.
		file_put_contents( get_attached_file( $ids['done'] ), 'another' );
		$this->plugin->job_manager()->attachment_changed( $ids['done'] );
		$read = $this->attachment( 'read.txt' );
		$this->job( $read, array( 'state' => 'done' ) );
		$filter = new StateFilter( fn() => new LatestState( $this->plugin->settings() ) );
		add_filter( 'posts_where', array( $filter, 'where' ), 10, 2 );
		$mine = array_merge( $ids, array( $read ) );
		$find = static function ( string $state ) use ( $filter, $mine ): array {
			$_REQUEST['query'] = array( 'aidoc_state' => $state );
			$query             = new \WP_Query( $filter->filter_grid( array( 'post_type' => 'attachment', 'post_status' => 'inherit', 'post__in' => $mine, 'posts_per_page' => -1, 'fields' => 'ids', 'orderby' => 'ID', 'order' => 'ASC' ) ) );
			return $query->posts;
		};
		$this->assertSame( array( $ids['none'], $ids['empty'] ), $find( 'none' ) );
		$this->assertSame( array( $ids['queued'], $ids['done'] ), $find( 'queued' ) );
		foreach ( array( 'processing' => 'leased', 'failed' => 'failed', 'notext' => 'notext', 'cancelled' => 'cancelled' ) as $state => $name ) {
			$this->assertSame( array( $ids[ $name ] ), $find( $state ), $state );
		}
		$this->assertSame( array( $read ), $find( 'done' ) );
		$this->assertCount( count( $mine ), $find( "done' OR 1=1" ), 'What is no state filters nothing.' );
		remove_filter( 'posts_where', array( $filter, 'where' ) );
	}

	public function test_rest_does_it_for_many(): void {
		$this->log_in( 'author' );
		$id      = $this->attachment( 'mine.txt' );
		$request = new \WP_REST_Request( 'POST', '/aidoc/v1/items/batch' );
		$request->set_body_params( array( 'action' => 'enqueue', 'attachments' => "$id,999999" ) );
		$answer = rest_do_request( $request );
		$this->assertSame( 200, $answer->get_status(), (string) wp_json_encode( $answer->get_data() ) );
		$this->assertSame( array( 'done' => 1, 'skipped' => 0, 'refused' => 1 ), $answer->get_data()['counts'] );
		$this->assertSame( array( array( $id, 'queued' ) ), array_map( static fn( array $item ): array => array( $item['attachment'], $item['state'] ), $answer->get_data()['items'] ) );
		$request->set_body_params( array( 'action' => 'delete', 'attachments' => (string) $id ) );
		$this->assertSame( 400, rest_do_request( $request )->get_status() );
		$this->log_in( 'subscriber' );
		$request->set_body_params( array( 'action' => 'cancel', 'attachments' => (string) $id ) );
		$this->assertSame( 403, rest_do_request( $request )->get_status() );
	}
}
