<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\Flash;
use AIDoc\Admin\QueueTable;
use AIDoc\Jobs\Priority;
use AIDoc\Queue\MeanCost;

require_once __DIR__ . '/AdminTestCase.php';

final class QueuePageTest extends AdminTestCase {

	protected function setUp(): void {
		parent::setUp();
		set_current_screen( 'aidoc_summary_page_aidoc-queue' );
	}

	private function table(): string {
		$table = new QueueTable( $this->plugin->jobs(), $this->plugin->job_counts(), $this->plugin->agents(), $this->plugin->statuses(), new MeanCost( $this->plugin->spending() ), $this->plugin->clock() );
		$table->prepare_items();
		ob_start();
		$table->views();
		$table->display();
		return (string) ob_get_clean();
	}

	public function test_bulk_actions_ask_for_each_document(): void {
		$this->log_in( 'editor' );
		$theirs = $this->job( $this->attachment( 'theirs.txt' ) );
		$this->log_in( 'author' );
		$mine = $this->job( $this->attachment( 'mine.txt' ) );
		$this->screens()->queue_page()->bulk( 'cancel', array( $theirs->id, $mine->id, 999999 ) );
		$this->assertSame( 'queued', $this->plugin->jobs()->find( $theirs->id )->state->value );
		$this->assertSame( 'cancelled', $this->plugin->jobs()->find( $mine->id )->state->value );
		$message = Flash::take( 'message' );
		$this->assertSame( 'warning', $message['kind'] );
		$this->assertStringContainsString( '1 document cancelled', $message['text'] );
		$this->assertStringContainsString( 'not allowed', $message['text'] );
		$this->assertStringContainsString( 'no longer in the queue', $message['text'] );
	}

	public function test_bulk_retry(): void {
		$this->log_in( 'editor' );
		$ids = array();
		foreach ( array( 'a', 'b' ) as $name ) {
			$ids[] = $this->job( $this->attachment( "$name.txt" ), array( 'state' => 'failed', 'error_message' => 'No.' ) )->id;
		}
		$this->screens()->queue_page()->bulk( 'retry', $ids );
		$this->assertSame( 'success', Flash::take( 'message' )['kind'] );
		$this->assertSame( 2, $this->plugin->jobs()->counts()['queued'] );
	}

	/** A done document costs money to read once more, and its summary may have been edited. */
	public function test_bulk_retry_leaves_done_documents_alone(): void {
		$this->log_in( 'editor' );
		$done   = $this->job( $this->attachment( 'done.txt' ), array( 'state' => 'done' ) )->id;
		$failed = $this->job( $this->attachment( 'failed.txt' ), array( 'state' => 'failed', 'error_message' => 'No.' ) )->id;
		$this->screens()->queue_page()->bulk( 'retry', array( $done, $failed ) );
		$this->assertSame( 'done', $this->plugin->jobs()->find( $done )->state->value );
		$this->assertSame( 'queued', $this->plugin->jobs()->find( $failed )->state->value );
		$message = Flash::take( 'message' );
		$this->assertSame( 'warning', $message['kind'] );
		$this->assertStringContainsString( '1 document queued again.', $message['text'] );
		$this->assertStringContainsString( '“Read again”', $message['text'] );

		$this->screens()->queue_page()->bulk( 'again', array( $done ) );
		$this->assertSame( 'queued', $this->plugin->jobs()->find( $done )->state->value );
		$this->assertSame( 'success', Flash::take( 'message' )['kind'] );
	}

	public function test_bulk_retry_reads_missing_pages_of_a_done_document(): void {
		$this->log_in( 'editor' );
		$summary = wp_insert_post( array( 'post_type' => 'aidoc_summary', 'post_title' => 'Partly read' ) );
		$job     = $this->job( $this->attachment( 'partly.txt' ), array( 'state' => 'done', 'summary_post_id' => $summary ) );
		$fields  = array( 'job_id' => $job->id, 'pages' => 62, 'pages_failed' => array( 37 ) );
		$this->plugin->writer_scope()->run( static fn() => \AIDoc\Summaries\Meta::store( $summary, $fields ) );
		$this->screens()->queue_page()->bulk( 'retry', array( $job->id ) );
		$this->assertSame( 'queued', $this->plugin->jobs()->find( $job->id )->state->value );
	}

	public function test_loading_with_an_action_needs_the_nonce(): void {
		$this->log_in( 'administrator' );
		$job                    = $this->job( $this->attachment() );
		$_SERVER['REQUEST_URI'] = '/wp-admin/edit.php?post_type=aidoc_summary&page=aidoc-queue&action=cancel&state=queued&_wpnonce=x';
		$_GET                   = array( 'action' => 'cancel', 'job_ids' => array( (string) $job->id ), '_wpnonce' => 'x' );
		$_REQUEST               = $_GET;
		try {
			$this->screens()->queue_page()->load();
			$this->fail( 'Acted without a nonce.' );
		} catch ( Died $died ) {
			$this->assertSame( 'queued', $this->plugin->jobs()->find( $job->id )->state->value );
		}
		$_REQUEST['_wpnonce'] = wp_create_nonce( 'bulk-jobs' );
		try {
			$this->screens()->queue_page()->load();
			$this->fail( 'Must redirect.' );
		} catch ( Redirected $redirected ) {
			$this->assertSame( 'cancelled', $this->plugin->jobs()->find( $job->id )->state->value );
			$this->assertStringContainsString( 'state=queued', $redirected->getMessage(), 'The filter stays.' );
			$this->assertStringNotContainsString( 'action=', $redirected->getMessage(), 'A reload must not act again.' );
		}
	}

	public function test_filters_and_counts(): void {
		$this->log_in( 'editor' );
		$this->job( $this->attachment( 'waits.txt' ) );
		$this->job( $this->attachment( 'broke.txt' ), array( 'state' => 'failed', 'error_message' => 'No text in it.' ) );
		$all = $this->table();
		$this->assertStringContainsString( 'waits', $all );
		$this->assertStringContainsString( 'No text in it.', $all );
		$this->assertMatchesRegularExpression( '/data-aidoc-count="failed">1</', $all );
		$_GET['state'] = 'failed';
		$failed        = $this->table();
		$this->assertStringNotContainsString( 'waits', $failed );
		$this->assertStringContainsString( 'broke', $failed );
		$_GET = array( 's' => 'no such file' );
		$this->assertStringContainsString( 'No document matches', $this->table() );
	}

	public function test_a_file_that_cannot_be_read_is_not_called_queued_again(): void {
		$this->log_in( 'editor' );
		$attachment = $this->attachment( 'empty.txt' );
		$id         = $this->job( $attachment, array( 'state' => 'failed' ) )->id;
		file_put_contents( get_attached_file( $attachment ), '' );
		$this->screens()->queue_page()->bulk( 'retry', array( $id ) );
		$message = Flash::take( 'message' );
		$this->assertSame( 'warning', $message['kind'] );
		$this->assertStringStartsWith( '0 documents queued again. ', $message['text'] );
		$this->assertStringContainsString( $this->plugin->jobs()->find( $id )->errorMessage, $message['text'] );
	}

	public function test_equal_reasons_are_counted(): void {
		$this->log_in( 'editor' );
		$ids = array();
		foreach ( array( 'a', 'b', 'c' ) as $name ) {
			$ids[] = $this->job( $this->attachment( "$name.txt" ), array( 'state' => 'done' ) )->id;
		}
		$this->screens()->queue_page()->bulk( 'cancel', $ids );
		$this->assertMatchesRegularExpression( '/^0 documents cancelled\. 3 documents: This document is not waiting/', Flash::take( 'message' )['text'] );
	}

	public function test_documents_are_moved_to_the_front_and_back_to_their_place(): void {
		$this->log_in( 'editor' );
		$first  = $this->job( $this->attachment( 'first.txt' ), array( 'available_at' => 1 ) )->id;
		$second = $this->job( $this->attachment( 'second.txt' ), array( 'available_at' => 2 ) )->id;
		$filled = $this->job( $this->attachment( 'backfilled.txt' ), array( 'available_at' => 3, 'priority' => Priority::BACKFILL ) )->id;
		$done   = $this->job( $this->attachment( 'done.txt' ), array( 'state' => 'done' ) )->id;
		$order  = fn(): array => ( new \AIDoc\Queue\Line( $this->plugin->clock() ) )->look( 9 )['head'];
		$this->screens()->queue_page()->bulk( 'front', array( $filled, $second, $done ) );
		$this->assertSame( array( $second, $filled, $first ), $order(), 'Among those at the front the order stays.' );
		$message = Flash::take( 'message' );
		$this->assertStringStartsWith( '2 documents moved to the front. This document does not wait', $message['text'] );
		$this->assertStringContainsString( 'At the front of the queue', $this->table() );

		$claimed = array_column( $this->plugin->candidates()->page( array( '*/*' ), 0, 9, true ), 'id' );
		$this->assertSame( array( $second, $filled ), array_slice( $claimed, 0, 2 ), 'Agents get them first.' );

		$this->screens()->queue_page()->bulk( 'back', array( $filled, $second ) );
		$this->assertSame( array( $first, $second, $filled ), $order() );
		$this->assertSame( Priority::BACKFILL, $this->plugin->jobs()->find( $filled )->priority );
		$this->assertSame( array( 'moved_back', 'moved_front', 'enqueued' ), array_column( $this->plugin->events()->for_job( $filled ), 'kind' ) );
	}

	/** @dataProvider filters */
	public function test_filters( array $asked, array $shown ): void {
		$this->log_in( 'editor' );
		$agent = $this->plugin->agent_manager()->create( 'office' )['agent']->id;
		$this->job( $this->attachment( 'plain.txt' ), array( 'state' => 'failed', 'error_code' => 'encrypted', 'agent_id' => $agent ) );
		$this->job( $this->attachment( 'table.csv' ), array( 'created_at' => $this->now() - 90 * DAY_IN_SECONDS * 1000 ) );
		$this->job( $this->attachment( 'paper.pdf' ), array( 'state' => 'failed', 'error_code' => 'damaged' ) );
		$_GET  = array_map( static fn( string $value ): string => str_replace( 'AGENT', (string) $agent, $value ), $asked );
		$table = $this->table();
		foreach ( array( 'plain', 'table', 'paper' ) as $name ) {
			$this->assertSame( in_array( $name, $shown, true ), str_contains( $table, "Select $name" ), $name );
		}
		$this->assertStringContainsString( '>' . count( $shown ) . ' item', $table, 'The number of pages fits.' );
	}

	public static function filters(): array {
		return array(
			'nothing'          => array( array(), array( 'plain', 'table', 'paper' ) ),
			'a type'           => array( array( 'type' => 'pdf' ), array( 'paper' ) ),
			'today'            => array( array( 'when' => 'today' ), array( 'plain', 'paper' ) ),
			'older'            => array( array( 'when' => 'older' ), array( 'table' ) ),
			'a reason'         => array( array( 'code' => 'encrypted' ), array( 'plain' ) ),
			'an agent'         => array( array( 'agent' => 'AGENT' ), array( 'plain' ) ),
			'a state'          => array( array( 'state' => 'failed' ), array( 'plain', 'paper' ) ),
			'several'          => array( array( 'state' => 'failed', 'type' => 'text' ), array( 'plain' ) ),
			'part of the name' => array( array( 's' => 'pap' ), array( 'paper' ) ),
		);
	}

	public function test_reasons_that_there_are_can_be_chosen_and_documents_carry_their_estimate(): void {
		$this->log_in( 'editor' );
		delete_transient( 'aidoc_mean_cost' );
		$done = $this->job( $this->attachment( 'done.txt' ), array( 'state' => 'done' ) )->id;
		$this->job( $this->attachment( 'broke.txt' ), array( 'state' => 'failed', 'error_code' => 'encrypted' ) );
		global $wpdb;
		$wpdb->insert( $wpdb->prefix . 'aidoc_spending', array( 'job_id' => $done, 'epoch' => 1, 'usd_nano' => 250_000_000 ) );
		$table = $this->table();
		$this->assertStringContainsString( '<option value="encrypted">Needs a password (1)</option>', $table );
		$this->assertSame( 2, substr_count( $table, 'data-aidoc-usd="0.25"' ) );
		$this->assertStringContainsString( 'data-aidoc-state="failed"', $table );
	}

	public function test_a_large_queue_is_counted_once_in_some_seconds(): void {
		$this->log_in( 'editor' );
		set_transient( 'aidoc_counts', array( array( 'state' => 'queued', 'code' => '', 'n' => 100_000 ) ), 10 );
		$counts = $this->plugin->job_counts();
		$this->assertSame( 100_000, $counts->by_state()['queued'] );
		$counts->forget();
		$this->assertSame( 0, $counts->by_state()['queued'] );
	}

	public function test_the_page_says_why_nothing_moves(): void {
		$this->log_in( 'administrator' );
		$this->job( $this->attachment( 'waits.txt' ) );
		$this->assertStringContainsString( '1 document is waiting to be read. No agent has joined this site yet.', $this->page() );
	}

	private function page(): string {
		$page                   = $this->screens()->queue_page();
		$_SERVER['REQUEST_URI'] = '/wp-admin/edit.php?post_type=aidoc_summary&page=aidoc-queue';
		$page->load();
		ob_start();
		$page->render();
		return (string) ob_get_clean();
	}

	public function test_hostile_filters_are_harmless(): void {
		$this->log_in( 'editor' );
		$this->job( $this->attachment( 'waits.txt' ) );
		$_GET = array( 'state' => "x' OR 1=1", 'orderby' => 'id; DROP TABLE', 'order' => 'sideways', 'agent' => array( 'x' ), 's' => array( 'y' ) );
		$this->assertStringContainsString( 'waits', $this->table(), 'What is not understood is left out.' );
	}

	public function test_a_file_name_is_escaped(): void {
		$this->log_in( 'editor' );
		$this->job( $this->attachment(), array( 'filename' => '<script>alert(1)</script>.txt' ) );
		$this->assertStringNotContainsString( '<script>alert', $this->table() );
	}
}
