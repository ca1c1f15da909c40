<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\AgentActions;
use AIDoc\Admin\AgentFacts;
use AIDoc\Admin\AgentsPage;
use AIDoc\Admin\AgentView;
use AIDoc\Admin\Flash;
use AIDoc\Admin\Version;
use AIDoc\Agents\Agent;

require_once __DIR__ . '/AdminTestCase.php';

final class AgentsPageTest extends AdminTestCase {

	/** Sends the form as a browser would; the nonce is that of $nonce_for, by default the right one. */
	private function send( string $what, int $agent = 0, array $fields = array(), ?string $nonce_for = null ): string {
		$_POST    = $fields + array( 'what' => $what, 'agent' => (string) $agent, '_wpnonce' => wp_create_nonce( $nonce_for ?? AgentActions::nonce( $what, $agent ) ) );
		$_REQUEST = $_POST;
		try {
			$this->screens()->agent_actions()->handle();
		} catch ( Redirected $redirected ) {
			return $redirected->getMessage();
		}
		$this->fail( 'The handler must end in a redirect.' );
	}

	private function agent( string $state = 'active', array $columns = array() ): Agent {
		$created = $this->plugin->agent_manager()->create( 'office-' . wp_generate_password( 6, false ) );
		$this->assertIsArray( $created );
		$this->set( 'agents', $created['agent']->id, $columns + array( 'state' => $state ) );
		return $this->plugin->agents()->find( $created['agent']->id );
	}

	private function page(): string {
		ob_start();
		try {
			$this->screens()->agents_page()->render();
		} finally {
			$page = (string) ob_get_clean();
		}
		return $page;
	}

	public function test_the_token_is_shown_once_and_never_in_a_url(): void {
		$this->log_in( 'administrator' );
		$location = $this->send( 'create', 0, array( 'name' => 'office-01' ) );
		$page     = $this->page();
		$this->assertSame( 1, preg_match( '/aidoc1\.(jt_[0-9a-f]{24})\.([A-Za-z0-9_-]{40,})/', $page, $token ), 'The join command is on the page.' );
		$this->assertStringNotContainsString( $token[1], $location );
		$this->assertStringNotContainsString( $token[2], $location );
		$this->assertStringNotContainsString( $token[2], $this->page(), 'A reload must not show it again.' );
	}

	public function test_another_admin_does_not_see_it(): void {
		$this->log_in( 'administrator' );
		$this->send( 'create', 0, array( 'name' => 'office-01' ) );
		$this->log_in( 'administrator' );
		$this->assertStringNotContainsString( 'aidoc1.', $this->page() );
	}

	public static function roles(): array {
		return array( array( 'editor' ), array( 'author' ), array( 'subscriber' ) );
	}

	/** @dataProvider roles */
	public function test_only_admins( string $role ): void {
		$this->log_in( $role );
		try {
			$this->send( 'create', 0, array( 'name' => 'mine' ) );
			$this->fail( 'A nonce is not a permission.' );
		} catch ( Died $died ) {
			$this->assertSame( 403, $died->getCode() );
		}
		$this->assertSame( array(), $this->plugin->agents()->all() );
		$this->expectException( Died::class );
		$this->page();
	}

	public function test_each_button_needs_its_own_nonce(): void {
		$this->log_in( 'administrator' );
		$agent = $this->agent();
		$other = $this->agent();
		$wrong = array( 'x', AgentActions::nonce( 'pause', $agent->id ), AgentActions::nonce( 'revoke', $other->id ), AgentActions::nonce( 'create' ) );
		foreach ( $wrong as $nonce ) {
			try {
				$this->send( 'revoke', $agent->id, array(), $nonce );
				$this->fail( 'Accepted the nonce of ' . $nonce );
			} catch ( Died $died ) {
				$this->assertSame( 403, $died->getCode() );
			}
		}
		$this->assertSame( 'active', $this->plugin->agents()->find( $agent->id )->state );
	}

	public function test_pause_is_requested_until_the_agent_has_acknowledged_it(): void {
		$this->log_in( 'administrator' );
		$agent = $this->agent( 'active', array( 'last_seen_at' => $this->now() ) );
		$this->send( 'pause', $agent->id );
		$agent = $this->plugin->agents()->find( $agent->id );
		$this->assertSame( 'pause', $agent->directive );
		$this->assertStringContainsString( 'not yet acknowledged', AgentView::make( $agent, new AgentFacts(), $this->now() )['directive_note'] );
		$this->set( 'agents', $agent->id, array( 'directive_seen_at' => $agent->directiveSetMs + 1 ) );
		$this->assertSame( 'Acknowledged', AgentView::make( $this->plugin->agents()->find( $agent->id ), new AgentFacts(), $this->now() )['directive_note'] );
	}

	public function test_revoke_and_delete(): void {
		$this->log_in( 'administrator' );
		$agent = $this->agent();
		$this->send( 'revoke', $agent->id );
		$this->assertSame( 'revoked', $this->plugin->agents()->find( $agent->id )->state );
		$this->send( 'delete', $agent->id );
		$this->assertNull( $this->plugin->agents()->find( $agent->id ) );
		$this->send( 'pause', $agent->id );
		$this->assertStringContainsString( 'no longer exists', Flash::take( 'message' )['text'] );
	}

	public function test_a_refused_name_comes_back_with_its_reason(): void {
		$this->log_in( 'administrator' );
		$this->send( 'create', 0, array( 'name' => '' ) );
		$this->assertStringContainsString( 'id="aidoc-name-error"', $this->page() );
		$this->assertSame( array(), $this->plugin->agents()->all() );
	}

	public function test_an_unknown_instruction_is_refused(): void {
		$this->log_in( 'administrator' );
		$this->expectException( Died::class );
		$this->expectExceptionCode( 400 );
		$this->send( 'explode', 1 );
	}

	public function test_the_empty_page_tells_what_to_do(): void {
		$this->log_in( 'administrator' );
		$this->assertSame( 4, substr_count( $this->page(), '<li><strong>' ) );
	}

	public function test_what_a_machine_says_of_itself_is_escaped(): void {
		$this->log_in( 'administrator' );
		$evil = '<script>alert(1)</script>"onmouseover="x';
		$this->agent( 'active', array( 'host' => $evil, 'version' => '<b>1</b>', 'note' => $evil, 'last_seen_at' => $this->now() ) );
		$page = $this->page();
		$this->assertStringNotContainsString( '<script>alert', $page );
		$this->assertStringNotContainsString( '<b>1</b>', $page );
		$this->assertStringContainsString( '&lt;script&gt;', $page );
	}

	public function test_live_rows_need_nonce_and_capability(): void {
		$this->log_in( 'editor' );
		add_filter( 'wp_doing_ajax', '__return_true' );
		try {
			foreach ( array( wp_create_nonce( AgentsPage::AJAX ), 'x' ) as $nonce ) {
				$_REQUEST['_ajax_nonce'] = $nonce;
				try {
					ob_start();
					$this->screens()->agents_page()->send_rows();
					$this->fail( 'Answered.' );
				} catch ( Died $died ) {
					$this->assertStringNotContainsString( '"success":true', (string) ob_get_clean() );
				}
			}
		} finally {
			remove_filter( 'wp_doing_ajax', '__return_true' );
		}
	}

	public static function seen(): array {
		return array(
			'never'   => array( 0, 'Never', 'Offline' ),
			'now'     => array( 1_000, 'Just now', 'Idle' ),
			'seconds' => array( 12_000, human_time_diff( 0, 12 ) . ' ago', 'Idle' ),
			'silent'  => array( 200_000, human_time_diff( 0, 200 ) . ' ago', 'Offline' ),
		);
	}

	/** @dataProvider seen */
	public function test_last_seen( int $ago, string $text, string $label ): void {
		$now  = 1_700_000_000_000;
		$view = AgentView::make( new Agent( 1, 'a', 'active', 'run', 0, 0, 'h', 'linux', 'arm64', '1', 2, $ago ? $now - $ago : 0, '', 0 ), new AgentFacts(), $now );
		$this->assertSame( array( $text, $label ), array( $view['seen'], $view['state_label'] ) );
	}

	public static function states(): array {
		return array(
			'holds some'         => array( 'run', '', 2, 0, 'busy' ),
			'holds none'         => array( 'run', '', 0, 0, 'idle' ),
			'paused'             => array( 'pause', '', 1, 0, 'paused' ),
			'drained'            => array( 'drain', '', 0, 0, 'paused' ),
			'told to stop'       => array( 'stop', '', 1, 0, 'stopping' ),
			'stopped'            => array( 'stop', '', 0, 1_700_000_000_000, 'stopped' ),
			'disk full'          => array( 'run', 'disk full', 0, 0, 'barred' ),
			'outside its window' => array( 'run', 'outside the processing window until 2030-01-01T00:00:00Z', 0, 0, 'barred' ),
		);
	}

	/** @dataProvider states */
	public function test_states( string $directive, string $note, int $held, int $stopped, string $state ): void {
		$now   = 1_700_000_000_000;
		$agent = new Agent( 1, 'a', 'active', $directive, 0, 0, 'h', 'linux', 'arm64', '1', 4, $now - 1_000, $note, 0, false, '', $stopped );
		$view  = AgentView::make( $agent, new AgentFacts( held: $held ), $now );
		$this->assertSame( array( $state, "$held of 4" ), array( $view['state'], $view['work'] ) );
	}

	public function test_a_revoked_agent_is_not_called_offline(): void {
		$view = AgentView::make( new Agent( 1, 'a', 'revoked', 'run', 0, 0, '', '', '', '', 0, 1, '', 0 ), new AgentFacts(), 1_700_000_000_000 );
		$this->assertSame( array( 'Revoked', array( 'delete' ) ), array( $view['state_label'], $view['actions'] ) );
	}

	public function test_versions(): void {
		$this->assertSame( array( '1.2.0', '1.2.0 (development)', 'odd', '' ), array_map( array( Version::class, 'label' ), array( 'v1.2.0', '1.2.0-dev.ab12cd3.dirty', 'odd', '' ) ) );
		foreach ( array( '0.1.0 0.1.9', '0.1.0-dev.ab12 0.1.0', '1.4.0 1.0.3', 'odd 1.0.0', ' 0.1.0' ) as $pair ) {
			$this->assertTrue( Version::fits( ...explode( ' ', $pair ) ), $pair );
		}
		foreach ( array( '0.2.0 0.1.9', '1.0.0 0.9.0', '2.0.0 1.9.0' ) as $pair ) {
			$this->assertFalse( Version::fits( ...explode( ' ', $pair ) ), $pair );
		}
		$this->assertTrue( Version::is_older( '1.2.9', '1.10.0' ) );
		foreach ( array( '1.10.0', '1.10.0-dev.ab12cd3', '2.0', 'odd', '' ) as $version ) {
			$this->assertFalse( Version::is_older( $version, '1.10.0' ), $version );
		}
	}

	public function test_the_page_shows_what_an_agent_holds_can_and_costs(): void {
		$this->log_in( 'administrator' );
		$caps  = array( 'mimes' => array( '*/*' ), 'max_bytes' => 1, 'local_only' => true, 'ocr_languages' => array( 'deu', 'eng' ), 'summariser' => 'openai/small<b>', 'doorbell' => 'kept_by_cache', 'doorbell_sign' => 'X-Cache: HIT<i>' );
		$agent = $this->agent( 'active', array( 'last_seen_at' => $this->now(), 'slots' => 3, 'version' => '0.0.1', 'caps' => wp_json_encode( $caps ) ) );
		$job   = $this->job( $this->attachment( 'held.txt' ), array( 'state' => 'leased', 'agent_id' => $agent->id, 'epoch' => 1, 'phase' => 'extract', 'done' => 3, 'total' => 12, 'lease_expires_at' => $this->now() + 103_500 ) );
		global $wpdb;
		$wpdb->insert( $wpdb->prefix . 'aidoc_spending', array( 'job_id' => $job->id, 'epoch' => 1, 'agent_id' => $agent->id, 'at_ms' => $this->now(), 'usd_nano' => 1_250_000_000, 'tokens' => 10 ) );
		$this->plugin->events()->log( 'done', $job->id, $agent->id );
		$page = $this->page();
		foreach ( array( 'Busy', '1 of 3', 'held', 'Reading, 3 of 12', '>1:4', '$1.25 today', '$1.25 this month', 'deu, eng', 'openai/small&lt;b&gt;', 'keeps the doorbell’s file, whatever is asked', 'by the header X-Cache: HIT&lt;i&gt;', '1 finished within the last hour', 'Update available: ' . AIDOC_VERSION, 'It holds 1 document' ) as $words ) {
			$this->assertStringContainsString( $words, $page );
		}
	}

	public function test_the_page_says_that_documents_wait_for_a_paused_agent(): void {
		$id = $this->log_in( 'administrator' );
		$this->job( $this->attachment( 'waits.txt' ) );
		$this->agent( 'active', array( 'last_seen_at' => $this->now(), 'directive' => 'pause', 'directive_by' => $id, 'directive_set_at' => 1, 'directive_seen_at' => 2 ) );
		$page = $this->page();
		$this->assertMatchesRegularExpression( '/1 document is waiting to be read\.\s+\S/', $page );
		$this->assertStringContainsString( 'ordered by ' . get_userdata( $id )->display_name, $page );
	}
}
