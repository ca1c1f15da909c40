<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\AgentActions;
use AIDoc\Admin\AgentsPage;
use AIDoc\Admin\AgentView;
use AIDoc\Admin\Flash;
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
		$this->assertStringContainsString( 'not yet acknowledged', AgentView::make( $agent, 0, $this->now() )['directive_note'] );
		$this->set( 'agents', $agent->id, array( 'directive_seen_at' => $agent->directiveSetMs + 1 ) );
		$this->assertSame( 'Acknowledged', AgentView::make( $this->plugin->agents()->find( $agent->id ), 0, $this->now() )['directive_note'] );
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
		$this->assertSame( 3, substr_count( $this->page(), '<li><strong>' ) );
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
			'never'     => array( 0, 'Never', false ),
			'now'       => array( 1_000, 'Just now', false ),
			'seconds'   => array( 12_000, human_time_diff( 0, 12 ) . ' ago', false ),
			'ten minutes' => array( 600_000, human_time_diff( 0, 600 ) . ' ago', false ),
			'stale'     => array( 660_000, human_time_diff( 0, 660 ) . ' ago', true ),
		);
	}

	/** @dataProvider seen */
	public function test_last_seen( int $ago, string $text, bool $stale ): void {
		$now  = 1_700_000_000_000;
		$view = AgentView::make( new Agent( 1, 'a', 'active', 'run', 0, 0, 'h', 'linux', 'arm64', '1', 2, $ago ? $now - $ago : 0, '', 0 ), 1, $now );
		$this->assertSame( array( $text, $stale ), array( $view['seen'], $view['stale'] ) );
		$this->assertSame( $stale ? 'Not answering' : 'Active', $view['state_label'] );
	}

	public function test_a_revoked_agent_is_not_called_stale(): void {
		$view = AgentView::make( new Agent( 1, 'a', 'revoked', 'run', 0, 0, '', '', '', '', 0, 1, '', 0 ), 0, 1_700_000_000_000 );
		$this->assertSame( array( 'Revoked', array( 'delete' ) ), array( $view['state_label'], $view['actions'] ) );
	}
}
