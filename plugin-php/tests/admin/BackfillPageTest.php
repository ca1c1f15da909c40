<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\BackfillPage;
use AIDoc\Backfill\Run;

final class BackfillPageTest extends AdminTestCase {

	protected function setUp(): void {
		parent::setUp();
		global $wpdb;
		$wpdb->query( "DELETE FROM {$wpdb->prefix}aidoc_backfills" );
		$wpdb->query( "DELETE FROM {$wpdb->posts} WHERE post_type = 'attachment'" );
		wp_cache_flush();
	}

	private function page(): BackfillPage {
		return $this->screens()->backfill_page();
	}

	private function post( array $fields ): void {
		$_POST                = wp_slash( $fields );
		$_REQUEST['_wpnonce'] = wp_create_nonce( BackfillPage::ACTION );
		try {
			$this->page()->handle();
			$this->fail( 'It did not redirect.' );
		} catch ( Redirected $to ) {
			$this->assertStringContainsString( 'page=aidoc-backfill', $to->getMessage() );
		}
	}

	private function html(): string {
		ob_start();
		$this->page()->render();
		return (string) ob_get_clean();
	}

	private function step(): \WP_REST_Response {
		return rest_get_server()->dispatch( new \WP_REST_Request( 'POST', '/aidoc/v1/backfill/step' ) );
	}

	private function latest(): ?Run {
		return $this->plugin->backfills()->latest();
	}

	public function test_documents_are_counted_and_then_queued(): void {
		$this->log_in( 'administrator' );
		$this->attachment( 'a.txt' );
		$this->attachment( 'b.txt' );
		$this->post( array( 'do' => 'count', 'which' => 'missing', 'types' => array( 'text' ) ) );
		$html = $this->html();
		$this->assertStringContainsString( 'data-aidoc-backfill="running"', $html );
		$this->assertStringNotContainsString( 'name="which"', $html, 'One at a time.' );
		$this->plugin->backfill_runner()->run( $this->latest()->id );
		$html = $this->html();
		$this->assertStringContainsString( '2 of 2 documents looked at: 2 can be queued, 0 skipped, 0 cannot be read.', $html );
		$this->assertStringContainsString( 'cannot be said yet', $html );
		$this->assertStringContainsString( 'Queue these 2 documents', $html );
		$this->assertMatchesRegularExpression( '/value="text" checked=.checked./', $html, 'What was chosen stays chosen.' );
		$this->assertSame( 0, $this->plugin->jobs()->counts()['queued'] );
		$this->post( array( 'do' => 'start', 'run' => (string) $this->latest()->id ) );
		$this->assertFalse( $this->latest()->dry );
		$this->plugin->backfill_runner()->run( $this->latest()->id );
		$this->assertSame( 2, $this->plugin->jobs()->counts()['queued'] );
	}

	public function test_only_what_was_counted_can_be_queued(): void {
		$this->log_in( 'administrator' );
		$this->attachment();
		$this->post( array( 'do' => 'count' ) );
		$this->plugin->backfill_runner()->run( $this->latest()->id );
		$this->post( array( 'do' => 'start', 'run' => (string) ( $this->latest()->id - 1 ) ) );
		$this->assertTrue( $this->latest()->dry );
		$this->assertStringContainsString( 'Count the documents first', $this->html() );
	}

	public function test_a_refused_field_says_why_and_keeps_what_was_typed(): void {
		$this->log_in( 'administrator' );
		$this->post( array( 'do' => 'count', 'min_bytes' => '<b>much', 'from' => '2024-01-01' ) );
		$this->assertNull( $this->latest() );
		$html = $this->html();
		$this->assertStringContainsString( 'The smallest size is a number of bytes', $html );
		$this->assertMatchesRegularExpression( '/name="min_bytes"[^>]+value="&lt;b&gt;much" aria-invalid="true" aria-describedby="aidoc-backfill-error"/', $html );
		$this->assertStringContainsString( 'value="2024-01-01"', $html );
	}

	public function test_pause_resume_and_stop(): void {
		$this->log_in( 'administrator' );
		$this->attachment();
		$this->post( array( 'do' => 'count' ) );
		foreach ( array( 'pause' => Run::PAUSED, 'resume' => Run::RUNNING, 'stop' => Run::STOPPED ) as $do => $state ) {
			$this->assertStringContainsString( 'value="' . $do . '"', $this->html() );
			$this->post( array( 'do' => $do ) );
			$this->assertSame( $state, $this->latest()->state );
		}
		$this->post( array( 'do' => 'pause' ) );
		$this->assertStringContainsString( 'No backfill is under way.', $this->html() );
		$this->post( array( 'do' => 'explode' ) );
		$this->assertStringContainsString( 'Choose one of the buttons of the page.', $this->html() );
	}

	public function test_the_open_page_drives_it_where_nobody_else_does(): void {
		$this->log_in( 'administrator' );
		$this->attachment( 'a.txt' );
		$this->post( array( 'do' => 'count' ) );
		$this->assertSame( 'running', $this->step()->get_data()['state'], 'Somebody was heard of a moment ago.' );
		$this->set( 'backfills', $this->latest()->id, array( 'updated_at' => $this->now() - 2000 ) );
		$answer = $this->step();
		$this->assertSame( array( 200, 'done', 'Counted', 100 ), array( $answer->get_status(), $answer->get_data()['state'], $answer->get_data()['title'], $answer->get_data()['percent'] ) );
	}

	public function test_what_cannot_be_read_is_listed_with_its_reason(): void {
		$this->log_in( 'administrator' );
		wp_update_attachment_metadata( $this->attachment( 'a.txt' ), array( 'filesize' => 5 * TB_IN_BYTES ) );
		$this->post( array( 'do' => 'count' ) );
		$this->plugin->backfill_runner()->run( $this->latest()->id );
		$html = $this->html();
		$this->assertStringContainsString( '<td>1</td><td>This file has 5.0 TB, and the limit is', $html );
		$this->assertStringNotContainsString( 'value="start"', $html );
	}

	/** @dataProvider others */
	public function test_others_neither_see_it_nor_do_it( string $role ): void {
		$this->log_in( $role );
		$this->assertSame( 403, $this->step()->get_status() );
		foreach ( array( 'render', 'handle' ) as $what ) {
			try {
				$this->page()->$what();
				$this->fail( $what );
			} catch ( Died $died ) {
				$this->assertSame( 403, $died->getCode() );
			}
		}
	}

	public function others(): array {
		return array( array( 'author' ), array( 'contributor' ), array( 'subscriber' ) );
	}

	public function test_who_manages_the_queue_is_told_no_cost_without_the_right_to_see_spending(): void {
		$this->log_in( 'editor' );
		$this->attachment( 'a.txt' );
		$this->post( array( 'do' => 'count' ) );
		$this->plugin->backfill_runner()->run( $this->latest()->id );
		$html = $this->html();
		$this->assertStringContainsString( 'Queue this 1 document', $html );
		$this->assertStringNotContainsString( 'will cost', $html );
	}

	public function test_a_form_of_another_site_does_nothing(): void {
		$this->log_in( 'administrator' );
		$_POST                = array( 'do' => 'count' );
		$_REQUEST['_wpnonce'] = 'forged';
		$this->expectException( Died::class );
		$this->page()->handle();
	}

	public function test_nothing_to_step(): void {
		$this->log_in( 'administrator' );
		$this->assertSame( array( 'state' => 'none' ), $this->step()->get_data() );
	}
}
