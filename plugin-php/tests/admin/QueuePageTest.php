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
