<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\DashboardWidget;
use AIDoc\Admin\JobPage;
use AIDoc\Admin\SpendingPage;
use AIDoc\Admin\SpendingRange;

require_once __DIR__ . '/AdminTestCase.php';

final class JobPageTest extends AdminTestCase {

	private function sent( int $job, ?string $nonce = null ): array {
		$_GET                    = array( 'job' => (string) $job );
		$_REQUEST['_ajax_nonce'] = $nonce ?? wp_create_nonce( JobPage::AJAX );
		add_filter( 'wp_doing_ajax', '__return_true' );
		ob_start();
		try {
			$this->screens()->job_page()->send();
			$this->fail( 'Not answered.' );
		} catch ( Died $died ) {
			return (array) json_decode( (string) ob_get_clean(), true );
		} finally {
			remove_filter( 'wp_doing_ajax', '__return_true' );
		}
	}

	public function test_the_page_shows_what_is_known_and_escapes_it(): void {
		$this->log_in( 'editor' );
		$job = $this->job( $this->attachment( 'paper.txt' ), array( 'note' => '<script>alert(1)</script>', 'trace_id' => 'abc123' ) );
		$this->plugin->events()->log( 'attempt_failed', $job->id, 0, 'damaged', '<script>alert(2)</script>', '', 1 );
		ob_start();
		$this->screens()->job_page()->render( $job->id );
		$page = (string) ob_get_clean();
		$this->assertStringNotContainsString( '<script>alert', $page );
		$this->assertStringContainsString( '<code id="aidoc-trace">abc123</code>', $page );
		$this->assertStringContainsString( 'by ' . wp_get_current_user()->display_name, $page );
		$this->assertStringContainsString( 'data-over=""', $page );
	}

	public function test_a_job_that_is_gone_is_said_to_be_gone(): void {
		$this->log_in( 'editor' );
		$this->expectException( Died::class );
		$this->expectExceptionCode( 404 );
		$this->screens()->job_page()->render( 999_999 );
	}

	public function test_the_live_parts_need_nonce_and_capability_and_end_with_the_job(): void {
		$this->log_in( 'editor' );
		$job = $this->job( $this->attachment( 'paper.txt' ) );
		$this->assertSame( array( true, false ), array( $this->sent( $job->id )['success'], $this->sent( $job->id )['data']['over'] ) );
		$this->set( 'jobs', $job->id, array( 'state' => 'done' ) );
		$this->assertTrue( $this->sent( $job->id )['data']['over'] );
		$this->assertFalse( $this->sent( 999_999 )['success'] );
		$this->assertArrayNotHasKey( 'data', $this->sent( $job->id, 'x' ) );
		$this->log_in( 'author' );
		$this->assertFalse( $this->sent( $job->id )['success'] );
	}

	public function test_the_dashboard_costs_one_query_and_shows_only_what_the_reader_may_see(): void {
		$this->log_in( 'editor' );
		$this->job( $this->attachment( 'waits.txt' ) );
		$this->job( $this->attachment( 'broke.txt' ), array( 'state' => 'failed', 'error_code' => 'damaged' ) );
		$this->job( $this->attachment( 'photo.txt' ), array( 'state' => 'failed', 'error_code' => 'no_text' ) );
		$this->plugin->settings()->all();
		$widget = new DashboardWidget( $this->plugin->overview(), $this->plugin->settings() );
		global $wpdb;
		$before = $wpdb->num_queries;
		ob_start();
		$widget->render();
		$text = preg_replace( '/\s+/', ' ', wp_strip_all_tags( (string) ob_get_clean() ) );
		$this->assertSame( 1, $wpdb->num_queries - $before );
		$this->assertStringContainsString( 'Waiting 1 Being processed 0 Done today 0 Failed, need attention 1', $text );
		$this->assertStringNotContainsString( 'Spent', $text );
		$this->log_in( 'administrator' );
		ob_start();
		$widget->render();
		$this->assertStringContainsString( 'Agents online 0 of 0', preg_replace( '/\s+/', ' ', wp_strip_all_tags( (string) ob_get_clean() ) ) );
	}

	public function test_spending_is_for_those_who_may_see_it(): void {
		$this->log_in( 'administrator' );
		ob_start();
		$this->screens()->spending_page()->render();
		$this->assertStringContainsString( 'Nothing was summarised in this time.', (string) ob_get_clean() );
		$this->assertSame( "day,agent,provider,model,fallback,documents,tokens,usd\r\n", $this->screens()->spending_page()->csv( SpendingRange::days( $this->now() ) ) );
		$this->log_in( 'editor' );
		foreach ( array( 'render', 'export' ) as $page ) {
			try {
				$this->screens()->spending_page()->$page();
				$this->fail( "$page answered." );
			} catch ( Died $died ) {
				$this->assertSame( 403, $died->getCode() );
			}
		}
	}

	public function test_the_file_needs_a_nonce(): void {
		$this->log_in( 'administrator' );
		$_REQUEST['_wpnonce'] = 'x';
		$this->expectException( Died::class );
		$this->expectExceptionCode( 403 );
		( $this->screens()->spending_page() )->export();
	}
}
