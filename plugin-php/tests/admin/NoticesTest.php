<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\Dismissed;
use AIDoc\Admin\Notices;

/** What is said while documents wait for nobody, and that it can be dismissed for its reason. */
final class NoticesTest extends AdminTestCase {

	protected function tearDown(): void {
		unset( $GLOBALS['current_screen'] );
		parent::tearDown();
	}

	/** A new one each time, as each request has one. */
	private function notice(): ?array {
		return $this->screens()->notices()->notice();
	}

	private function drawn(): string {
		set_current_screen( 'upload' );
		ob_start();
		$this->screens()->notices()->render();
		return (string) ob_get_clean();
	}

	private function dismiss( string $key, string $reason ): bool {
		$_REQUEST['_ajax_nonce'] = wp_create_nonce( Notices::AJAX );
		$_POST                   = array( 'key' => $key, 'reason' => $reason );
		add_filter( 'wp_doing_ajax', '__return_true' );
		ob_start();
		try {
			$this->screens()->notices()->dismiss();
			$this->fail( 'Not answered.' );
		} catch ( Died $died ) {
			return json_decode( (string) ob_get_clean() )->success;
		} finally {
			remove_filter( 'wp_doing_ajax', '__return_true' );
		}
	}

	/** Dismisses what is shown, as the script does. */
	private function dismiss_shown(): void {
		$this->assertSame( 1, preg_match( '/data-aidoc-notice="([^"]+)" data-aidoc-reason="([^"]+)"/', $this->drawn(), $shown ) );
		$this->assertTrue( $this->dismiss( $shown[1], $shown[2] ), $shown[1] );
		$this->assertSame( '', $this->drawn(), $shown[1] );
	}

	private function active( string $name, array $columns = array() ): int {
		$agent = $this->plugin->agent_manager()->create( $name )['agent'];
		$this->set( 'agents', $agent->id, $columns + array( 'state' => 'active', 'last_seen_at' => $this->now() ) );
		return $agent->id;
	}

	public function test_documents_that_wait_for_nobody(): void {
		$this->log_in( 'administrator' );
		$this->assertNull( $this->notice(), 'Nothing waits.' );
		$this->job( $this->attachment() );
		$this->assertSame( 'no_agent', $this->notice()['key'] );
		$agent = $this->plugin->agent_manager()->create( 'office' )['agent'];
		$this->assertSame( 'no_agent', $this->notice()['key'], 'One that has not joined reads nothing.' );
		$this->set( 'agents', $agent->id, array( 'state' => 'active', 'last_seen_at' => $this->now() ) );
		$this->assertNull( $this->notice() );
		$this->set( 'agents', $agent->id, array( 'last_seen_at' => $this->now() - 11 * 60_000 ) );
		$this->assertSame( 'silent', $this->notice()['key'] );
		$this->assertMatchesRegularExpression( '/11 min(ute)?s/', $this->notice()['text'] );
	}

	/** Each state of the site, and the notice that it makes. */
	public static function reasons(): array {
		$ago = 3600_000;
		return array(
			'no agent'    => array( null, 'no_agent' ),
			'stopped'     => array( array( 'directive' => 'stop', 'directive_seen_at' => -$ago, 'stopped_at' => -$ago, 'last_seen_at' => -$ago ), 'stopped' ),
			'silent'      => array( array( 'last_seen_at' => -$ago ), 'silent' ),
			'paused'      => array( array( 'directive' => 'pause', 'directive_set_at' => -$ago ), 'blocked' ),
			'its own word' => array( array( 'note' => 'the account is empty' ), 'blocked' ),
		);
	}

	/** @dataProvider reasons */
	public function test_each_can_be_dismissed( ?array $columns, string $key ): void {
		$this->log_in( 'author' );
		$this->job( $this->attachment() );
		if ( null !== $columns ) {
			$this->active( 'office', array_map( fn( $value ) => is_int( $value ) ? $this->now() + $value : $value, $columns ) );
		}
		$this->assertSame( $key, $this->notice()['key'] ?? '' );
		$this->dismiss_shown();
	}

	public function test_it_is_dismissed_for_one_person(): void {
		$this->job( $this->attachment() );
		$this->log_in( 'author' );
		$this->dismiss_shown();
		$this->log_in( 'author' );
		$this->assertNotSame( '', $this->drawn() );
	}

	public function test_it_stays_away_while_the_reason_lasts_and_comes_back_with_a_new_one(): void {
		$this->log_in( 'author' );
		$this->job( $this->attachment() );
		$agent = $this->active( 'office', array( 'last_seen_at' => $this->now() - 3600_000 ) );
		$this->dismiss_shown();
		$this->job( $this->attachment( 'another.txt' ) );
		$this->assertSame( '', $this->drawn(), 'One document more is no new reason.' );
		$this->set( 'agents', $agent, array( 'last_seen_at' => $this->now() - 1800_000 ) );
		$this->assertStringContainsString( 'data-aidoc-notice="silent"', $this->drawn(), 'It came and fell silent again.' );
	}

	public function test_a_reason_that_ended_is_new_when_it_returns(): void {
		$this->log_in( 'author' );
		$this->job( $this->attachment() );
		$this->dismiss_shown();
		$agent = $this->active( 'office' );
		$this->assertSame( '', $this->drawn() );
		$this->plugin->agent_manager()->delete( $agent );
		$this->assertStringContainsString( 'data-aidoc-notice="no_agent"', $this->drawn() );
	}

	public function test_nothing_else_is_kept(): void {
		$this->log_in( 'author' );
		$this->assertFalse( $this->dismiss( 'else', '0123456789ab' ) );
		$this->assertFalse( $this->dismiss( 'silent', str_repeat( 'x', 5000 ) ) );
		$this->assertFalse( get_user_option( Dismissed::OPTION ) );
	}
}
