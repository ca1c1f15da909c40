<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\CLI\Guard;
use AIDoc\Rights;

/** The plugin's capabilities: who has them by default, and that a role which holds exactly one of them gets exactly that. */
final class RightsTest extends AdminTestCase {

	/** Right => the page that it opens; null for one without a page of its own. */
	private const OPENS = array(
		Rights::QUEUE    => 'queue_page',
		Rights::AGENTS   => 'agents_page',
		Rights::SETTINGS => 'settings_page',
		Rights::SPENDING => null,
	);

	protected function tearDown(): void {
		foreach ( Rights::all() as $right ) {
			remove_role( 'only_' . $right );
			get_role( 'editor' )->remove_cap( $right );
			get_role( 'administrator' )->remove_cap( $right );
		}
		parent::tearDown();
	}

	/** @param array<string,bool> $more */
	private function only( string $right, array $more = array() ): void {
		remove_role( 'only_' . $right );
		add_role( 'only_' . $right, $right, $more + array( 'read' => true, $right => true ) );
		$this->log_in( 'only_' . $right );
	}

	public function test_roles_have_them_by_default(): void {
		$expected = array(
			'administrator' => Rights::all(),
			'editor'        => array( Rights::QUEUE ),
			'author'        => array(),
			'subscriber'    => array(),
		);
		foreach ( $expected as $role => $rights ) {
			$this->log_in( $role );
			self::assertSame( $rights, array_values( array_filter( Rights::all(), array( Rights::class, 'has' ) ) ), $role );
		}
	}

	public function test_a_role_can_be_denied_each(): void {
		foreach ( Rights::all() as $right ) {
			get_role( 'administrator' )->add_cap( $right, false );
			$this->log_in( 'administrator' );
			self::assertSame( array( $right ), array_values( array_diff( Rights::all(), array_filter( Rights::all(), array( Rights::class, 'has' ) ) ) ) );
			get_role( 'administrator' )->remove_cap( $right );
		}
	}

	public function test_one_right_opens_its_page_and_no_other(): void {
		foreach ( self::OPENS as $right => $own ) {
			$this->only( $right );
			foreach ( array_filter( self::OPENS ) as $page ) {
				self::assertSame( $page === $own, $this->opens( $page ), "$right: $page" );
			}
		}
	}

	public function test_one_right_is_no_capability_of_core(): void {
		foreach ( Rights::all() as $right ) {
			$this->only( $right );
			foreach ( array( 'manage_options', 'edit_posts', 'edit_others_posts', 'upload_files', 'edit_aidoc_summaries' ) as $cap ) {
				self::assertFalse( current_user_can( $cap ), "$right: $cap" );
			}
		}
	}

	public function test_counts_over_rest_need_the_queue(): void {
		foreach ( Rights::all() as $right ) {
			$this->only( $right );
			self::assertSame( Rights::QUEUE === $right, true === $this->items()->get_counts_permissions_check(), $right );
		}
	}

	public function test_the_queue_is_no_right_to_each_document(): void {
		$this->log_in( 'administrator' );
		$foreign = $this->attachment( 'board.txt' );
		$job     = $this->job( $foreign );
		$this->only( Rights::QUEUE, array( 'upload_files' => true ) );
		$this->screens()->queue_page()->bulk( 'cancel', array( $job->id ) );
		self::assertSame( 'queued', $this->plugin->jobs()->find( $job->id )->state->value );
		$request               = new \WP_REST_Request();
		$request['attachment'] = $foreign;
		self::assertInstanceOf( \WP_Error::class, $this->items()->act_permissions_check( $request ) );
	}

	public function test_what_was_spent_is_shown_to_those_who_may_see_it(): void {
		$this->only( Rights::SETTINGS );
		self::assertStringNotContainsString( 'So far today', $this->drawn( 'settings_page' ) );
		$this->log_in( 'administrator' );
		self::assertStringContainsString( 'So far today', $this->drawn( 'settings_page' ) );
		$this->plugin->agent_manager()->create( 'office' );
		self::assertStringContainsString( '$0.00 this month', $this->drawn( 'agents_page' ) );
		$this->only( Rights::AGENTS );
		self::assertStringNotContainsString( 'this month', $this->drawn( 'agents_page' ) );
	}

	public function test_agents_are_changed_by_those_who_manage_agents(): void {
		foreach ( Rights::all() as $right ) {
			$this->only( $right );
			$_POST    = array( 'what' => 'create', 'name' => "made by $right", '_wpnonce' => wp_create_nonce( \AIDoc\Admin\AgentActions::nonce( 'create' ) ) );
			$_REQUEST = $_POST;
			try {
				$this->screens()->agent_actions()->handle();
				self::fail( 'A request ends.' );
			} catch ( Redirected $ended ) {
				self::assertSame( Rights::AGENTS, $right );
			} catch ( Died $ended ) {
				self::assertNotSame( Rights::AGENTS, $right );
				self::assertSame( 403, $ended->getCode() );
			}
			self::assertSame( Rights::AGENTS === $right, null !== $this->plugin->agents()->find_by_name( "made by $right" ) );
		}
	}

	/** Each command that is registered, and nothing else, has its right. */
	public function test_every_command_asks_for_a_right(): void {
		$source = (string) file_get_contents( AIDOC_DIR . '/includes/CLI/Commands.php' );
		preg_match_all( '/add_command\( .aidoc ([a-z]+)/', $source, $own );
		preg_match( "/array\\( ('jobs'.*?) \\) as \\\$name/", $source, $listed );
		preg_match_all( "/'([a-z]+)'/", $listed[1], $jobs );
		$class = array_filter( ( new \ReflectionClass( \AIDoc\CLI\Command::class ) )->getMethods( \ReflectionMethod::IS_PUBLIC ), static fn( \ReflectionMethod $method ): bool => ! $method->isStatic() && ! $method->isConstructor() );
		$names = array_merge( $own[1], $jobs[1], array_column( $class, 'name' ) );
		sort( $names );
		$ruled = array_keys( Guard::RIGHTS );
		sort( $ruled );
		self::assertSame( $names, $ruled );
	}

	private function opens( string $page ): bool {
		try {
			$this->drawn( $page );
			return true;
		} catch ( Died $ended ) {
			self::assertSame( 403, $ended->getCode() );
			return false;
		}
	}

	private function drawn( string $page ): string {
		$screen = $this->screens()->$page();
		set_current_screen( 'aidoc_summary_page_aidoc-queue' );
		ob_start();
		try {
			if ( 'queue_page' === $page ) {
				$screen->load();
			}
			$screen->render();
		} finally {
			$html = (string) ob_get_clean();
		}
		return $html;
	}
}
