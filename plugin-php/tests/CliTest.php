<?php
declare( strict_types=1 );

namespace AIDoc\Tests {

	use AIDoc\CLI\AgentCommand;
	use AIDoc\CLI\Command;

	/** The commands through a stand-in for WP_CLI. */
	final class CliTest extends TestCase {

		protected function setUp(): void {
			parent::setUp();
			\WP_CLI::$out = array();
		}

		private function out(): string {
			return implode( "\n", \WP_CLI::$out );
		}

		public function test_enqueue_all(): void {
			$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
			$a = $this->upload( 'a.pdf', 'a' );
			$this->upload( 'b.zip', 'b', 'application/zip' );
			$empty = $this->upload( 'c.pdf', '' );
			$this->plugin()->command()->enqueue( array(), array( 'all' => true ) );
			self::assertNotNull( $this->job_of( $a ) );
			self::assertStringContainsString( "warning $empty: This file is empty", $this->out() );
			self::assertMatchesRegularExpression( '/success \d+ queued, 0 unchanged, 1 refused\./', $this->out() );
			$this->plugin()->command()->enqueue( array( (string) $a ) );
			self::assertStringContainsString( 'success 0 queued, 1 unchanged, 0 refused.', $this->out() );
		}

		public function test_enqueue_what_is_not_there(): void {
			$this->plugin()->command()->enqueue( array( '999999' ) );
			self::assertStringContainsString( 'error 0 queued', $this->out() );
			$this->plugin()->command()->enqueue( array() );
			self::assertStringContainsString( 'error Name attachment ids', $this->out() );
		}

		public function test_agents(): void {
			$agents = $this->plugin()->agent_command();
			$agents->create( array( 'scan' ), array( 'porcelain' => true ) );
			self::assertMatchesRegularExpression( '/^line aidoc1\.jt_/', $this->out() );
			$agents->create( array( 'scan' ) );
			self::assertStringContainsString( 'error There is already', $this->out() );
			$agents->list_( array() );
			self::assertMatchesRegularExpression( '/scan +pending +run +leases=0 seen=-/', $this->out() );
			$agents->tell( array( 'scan', 'stop' ) );
			self::assertSame( 'stop', $this->plugin()->agents()->find_by_name( 'scan' )->directive );
			$agents->tell( array( 'scan', 'explode' ) );
			self::assertStringContainsString( 'error A directive is one of', $this->out() );
			$agents->revoke( array( 'scan' ) );
			self::assertSame( 'revoked', $this->plugin()->agents()->find_by_name( 'scan' )->state );
			$agents->revoke( array( 'nobody' ) );
			self::assertStringContainsString( 'error There is no agent “nobody”.', $this->out() );
		}

		public function test_addresses(): void {
			$_SERVER['REMOTE_ADDR'] = '192.0.2.7';
			$this->agent( 'scan' )->send( 'POST', '/aidoc/v1/echo', array() );
			$this->plugin()->agent_command()->allow( array( 'scan', '198.51.100.0/24' ) );
			self::assertSame( array( '198.51.100.0/24' ), $this->plugin()->agents()->find_by_name( 'scan' )->allowed_ips() );
			self::assertStringContainsString( 'warning scan (192.0.2.7) can no longer call from this address.', $this->out() );
			$this->plugin()->agent_command()->allow( array( 'scan', '192.0.2' ) );
			self::assertStringContainsString( 'error “192.0.2” is neither', $this->out() );
			$this->plugin()->agent_command()->allow( array( 'scan' ) );
			self::assertSame( array(), $this->plugin()->agents()->find_by_name( 'scan' )->allowed_ips() );
			$this->plugin()->command()->allow( array( '192.0.2.0/24' ), array( 'proxies' => '10.0.0.1,10.0.0.2' ) );
			self::assertSame( array( array( '192.0.2.0/24' ), array( '10.0.0.1', '10.0.0.2' ) ), array( $this->plugin()->settings()->get( 'allowed_ips' ), $this->plugin()->settings()->get( 'trusted_proxies' ) ) );
			$this->plugin()->command()->allow( array() );
			self::assertSame( array( array(), array( '10.0.0.1', '10.0.0.2' ) ), array( $this->plugin()->settings()->get( 'allowed_ips' ), $this->plugin()->settings()->get( 'trusted_proxies' ) ) );
		}

		public function test_status(): void {
			$this->upload();
			$this->agent();
			$this->plugin()->command()->status( array(), array( 'format' => 'json' ) );
			$status = json_decode( substr( $this->out(), 5 ), true );
			self::assertSame( array( 1, 'scan-1' ), array( $status['jobs']['queued'], $status['agents'][0]['name'] ) );
			$this->plugin()->command()->status( array() );
			self::assertMatchesRegularExpression( '/queued +1/', $this->out() );
		}
	}
}

namespace {
	if ( ! class_exists( 'WP_CLI' ) ) {
		/** Records what a command says. */
		final class WP_CLI {

			/** @var string[] */
			public static array $out = array();

			public static function __callStatic( string $kind, array $args ): void {
				self::$out[] = $kind . ' ' . $args[0];
			}
		}
	}
}
