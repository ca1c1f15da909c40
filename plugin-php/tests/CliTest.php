<?php
declare( strict_types=1 );

namespace AIDoc\Tests {

	use AIDoc\CLI\AgentCommand;
	use AIDoc\CLI\BackfillCommand;
	use AIDoc\CLI\Command;
	use AIDoc\CLI\Commands;
	use AIDoc\CLI\DoctorCommand;
	use AIDoc\CLI\JobCommand;
	use AIDoc\CLI\JobsCommand;
	use AIDoc\CLI\SpendCommand;
	use AIDoc\Jobs\State;

	/** The commands through a stand-in for WP_CLI. */
	final class CliTest extends TestCase {

		protected function setUp(): void {
			parent::setUp();
			SeededLibrary::clear();
			\WP_CLI::$out = array();
		}

		private function out(): string {
			return implode( "\n", \WP_CLI::$out );
		}

		/** @return array<int,array<string,mixed>> The rows that were printed last. */
		private function rows(): array {
			return array_values( \WP_CLI\Utils\Printed::$items );
		}

		/** Makes the command as the plugin does. */
		private function command( string $name ): object {
			return $this->plugin()->command( $name );
		}

		public function test_enqueue(): void {
			$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
			$a     = $this->upload( 'a.pdf', 'a' );
			$empty = $this->upload( 'c.pdf', '' );
			$this->command( Command::class )->enqueue( array( (string) $a, (string) $empty ), array( 'dry-run' => '1', 'format' => 'json' ) );
			self::assertSame( array( array( $a, 1, '' ), array( $empty, 0, 'This file is empty (0 bytes). Upload it again.' ) ), array_map( static fn( array $row ): array => array( $row['id'], $row['bytes'], $row['refused'] ), $this->rows() ) );
			self::assertNull( $this->job_of( $a ) );
			$this->command( Command::class )->enqueue( array( (string) $a, (string) $empty ) );
			self::assertNotNull( $this->job_of( $a ) );
			self::assertStringContainsString( "warning $empty: This file is empty", $this->out() );
			self::assertStringContainsString( "warning 1 queued, 0 unchanged, 1 refused.\nhalt 2", $this->out() );
			$this->command( Command::class )->enqueue( array( (string) $a ) );
			self::assertStringContainsString( 'success 0 queued, 1 unchanged, 0 refused.', $this->out() );
		}

		public function test_enqueue_all_is_a_backfill(): void {
			$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
			$a = $this->upload( 'a.pdf', 'a' );
			$z = $this->upload( 'b.mp4', 'b', 'video/mp4' );
			$this->upload( 'c.pdf', '' );
			$this->command( Command::class )->enqueue( array(), array( 'all' => '1', 'dry-run' => '1' ) );
			self::assertSame( array( 1, 1 ), array( $this->rows()[0]['documents'], $this->rows()[0]['refused'] ) );
			self::assertNull( $this->job_of( $a ) );
			$this->command( Command::class )->enqueue( array(), array( 'all' => '1' ) );
			self::assertSame( array( State::Queued, null ), array( $this->job_of( $a )->state, $this->job_of( $z ) ) );
			self::assertStringContainsString( 'line 1 × aidoc_file_empty: This file is empty', $this->out() );
			self::assertStringContainsString( 'success 1 queued, 0 skipped, 1 refused.', $this->out() );
			$this->plugin()->jobs()->cancel( $this->job_of( $a )->id, 'x', 'x' );
			$this->command( Command::class )->enqueue( array(), array( 'all' => '1', 'force' => '1' ) );
			self::assertSame( State::Queued, $this->job_of( $a )->state );
		}

		public function test_backfill(): void {
			$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
			$this->upload( 'a.pdf', 'a' );
			$backfill = $this->command( BackfillCommand::class );
			$backfill( array( 'status' ), array( 'format' => 'json' ) );
			self::assertSame( array(), $this->rows() );
			$backfill( array( 'run' ) );
			self::assertStringContainsString( 'error No backfill is under way.', $this->out() );
			$backfill( array(), array( 'min-size' => 'huge' ) );
			self::assertStringContainsString( 'error The smallest size is a number of bytes', $this->out() );
			$backfill( array( 'begin' ) );
			self::assertStringContainsString( 'error What to do is one of start, run, status, pause, resume, stop.', $this->out() );
			$backfill( array(), array( 'background' => '1' ) );
			self::assertMatchesRegularExpression( '/success Backfill \d+: running\./', $this->out() );
			$backfill( array() );
			self::assertStringContainsString( 'error Another backfill is under way.', $this->out() );
			$backfill( array( 'pause' ) );
			$backfill( array( 'run' ) );
			self::assertStringContainsString( 'error The backfill is paused.', $this->out() );
			$backfill( array( 'resume' ) );
			$backfill( array( 'run' ) );
			self::assertStringContainsString( 'success 1 queued, 0 skipped, 0 refused.', $this->out() );
			$backfill( array( 'status' ), array( 'format' => 'json', 'fields' => 'state,percent,queued' ) );
			self::assertSame( array( 'done', 100, 1 ), array_values( array_intersect_key( $this->rows()[0], array_flip( array( 'state', 'percent', 'queued' ) ) ) ) );
			self::assertSame( array( 'state', 'percent', 'queued' ), \WP_CLI\Utils\Printed::$fields );
			\WP_CLI::$out = array();
			$backfill( array(), array( 'which' => 'all' ) );
			self::assertStringContainsString( 'confirm Read documents once more that are done?', $this->out() );
		}

		/** @dataProvider lists */
		public function test_every_list_has_formats_and_fields( string $name, string $method, array $options, string $field ): void {
			$this->upload();
			$this->agent();
			$run = fn( array $more ) => $this->command( $name )->$method( array(), $more + $options );
			foreach ( array( 'table', 'json', 'csv', 'yaml', 'count', 'ids' ) as $format ) {
				$run( array( 'format' => $format, 'fields' => $field ) );
				self::assertSame( $format, \WP_CLI\Utils\Printed::$format, $this->out() );
				self::assertSame( array( $field ), \WP_CLI\Utils\Printed::$fields );
				self::assertSame( 'ids' === $format, array() === array_filter( $this->rows(), 'is_array' ), 'ids are no rows.' );
			}
			$run( array( 'format' => 'xml' ) );
			self::assertStringContainsString( 'error The format is one of table, json, csv, yaml, count, ids.', $this->out() );
			$run( array( 'fields' => 'nonsense' ) );
			self::assertStringContainsString( 'error There is no field “nonsense”. Fields are:', $this->out() );
		}

		public function lists(): array {
			return array(
				'jobs'   => array( JobsCommand::class, 'jobs', array( 'code' => '' ), 'file' ),
				'agents' => array( AgentCommand::class, 'list_', array(), 'name' ),
				'doctor' => array( DoctorCommand::class, '__invoke', array(), 'test' ),
			);
		}

		public function test_a_job_is_followed_by_its_trace(): void {
			$id     = $this->upload( 'apple.pdf', 'a' );
			$agent  = $this->agent( 'reader' );
			$agent->result( $agent->lease()[0] );
			$job    = $this->job_of( $id );
			$this->command( JobCommand::class )( array( (string) $job->id ) );
			self::assertStringContainsString( "line Job {$job->id}, apple.pdf: done, attempt 1 of 4, trace $job->traceId", $this->out() );
			self::assertMatchesRegularExpression( '/^[0-9a-f]{32}$/', $job->traceId );
			$happened = array_column( $this->rows(), 'event' );
			self::assertLessThan( array_search( 'leased', $happened, true ), array_search( 'enqueued', $happened, true ), 'The oldest first.' );
			$leased = array_column( $this->rows(), null, 'event' )['leased'];
			self::assertSame( array( 1, 'reader', $job->traceId ), array( $leased['lease'], $leased['agent'], $leased['trace'] ) );
			\WP_CLI::$out = array();
			$this->command( JobCommand::class )( array( (string) $job->id ), array( 'format' => 'json', 'fields' => 'event,trace' ) );
			self::assertSame( '', $this->out(), 'A program reads the list alone.' );
			foreach ( array( '999999', 'apple', '' ) as $none ) {
				$this->command( JobCommand::class )( array( $none ) );
				self::assertStringContainsString( "error “{$none}” is no id of a job.", $this->out() );
			}
		}

		public function test_jobs_are_filtered(): void {
			$a    = $this->upload( 'apple.pdf', 'a' );
			$b    = $this->upload( 'pear.pdf', '' );
			$c    = $this->upload( 'plum.pdf', 'c' );
			$jobs = $this->command( JobsCommand::class );
			$of   = function ( array $options ) use ( $jobs ): array {
				$jobs->jobs( array(), $options + array( 'format' => 'json' ) );
				return array_column( $this->rows(), 'attachment' );
			};
			self::assertSame( array( $c, $b, $a ), $of( array() ) );
			self::assertSame( array( $a, $b ), $of( array( 'order' => 'asc', 'limit' => '2' ) ) );
			self::assertSame( array( $b ), $of( array( 'state' => 'failed' ) ) );
			self::assertSame( array( $b ), $of( array( 'code' => 'aidoc_file_empty' ) ) );
			self::assertSame( array( $c ), $of( array( 'search' => 'plum' ) ) );
			$jobs->jobs( array(), array( 'format' => 'count' ) );
			self::assertStringContainsString( 'line 3', $this->out() );
			$jobs->jobs( array(), array( 'state' => 'stuck' ) );
			self::assertStringContainsString( 'error A state is one of queued, leased', $this->out() );
			$jobs->jobs( array(), array( 'agent' => 'nobody' ) );
			self::assertStringContainsString( 'error There is no agent “nobody”.', $this->out() );
		}

		public function test_retry_redo_and_cancel(): void {
			$empty = $this->job_of( $this->upload( 'a.pdf', '' ) );
			$agent = $this->agent();
			$done  = $this->job_of( $this->upload( 'b.pdf', 'b' ) );
			$agent->result( $agent->lease()[0] );
			$jobs = $this->command( JobsCommand::class );
			$jobs->retry( array( (string) $empty->id ), array( 'dry-run' => '1' ) );
			self::assertStringContainsString( 'It would be 1 document; nothing was changed.', $this->out() );
			$jobs->retry( array( (string) $done->id, '999999' ) );
			self::assertStringContainsString( "warning $done->id: This document is done. “wp aidoc redo” reads it once more.", $this->out() );
			self::assertStringContainsString( 'error 0 queued again, 2 refused.', $this->out() );
			$jobs->redo( array( (string) $done->id ), array( 'dry-run' => '1' ) );
			self::assertSame( State::Done, $this->plugin()->jobs()->find( $done->id )->state );
			self::assertStringNotContainsString( 'confirm', $this->out() );
			$jobs->redo( array( (string) $done->id ) );
			self::assertStringContainsString( 'confirm Read 1 document once more?', $this->out() );
			self::assertSame( State::Queued, $this->plugin()->jobs()->find( $done->id )->state );
			$jobs->cancel( array( (string) $empty->id, (string) $done->id ), array( 'yes' => '1' ) );
			self::assertStringContainsString( "warning 1 cancelled, 1 refused.\nhalt 2", $this->out() );
			self::assertSame( State::Cancelled, $this->plugin()->jobs()->find( $done->id )->state );
			$jobs->cancel( array(), array( 'all' => '1', 'yes' => '1' ) );
			self::assertStringContainsString( 'success 0 cancelled, 0 refused.', $this->out() );
			$jobs->cancel( array() );
			self::assertStringContainsString( 'error Name jobs by their ids, or give --all.', $this->out() );
			$jobs->cancel( array( '1' ), array( 'all' => '1' ) );
			self::assertStringContainsString( 'error Name jobs or give --all, not both.', $this->out() );
			$jobs->retry( array( 'report.pdf' ) );
			self::assertStringContainsString( 'error “report.pdf” is no id of a job.', $this->out() );
		}

		public function test_retry_all_of_one_code(): void {
			$a = $this->job_of( $this->upload( 'a.pdf', 'a' ) );
			$b = $this->job_of( $this->upload( 'b.pdf', 'b' ) );
			foreach ( array( $a->id => 'one', $b->id => 'other' ) as $id => $code ) {
				\AIDoc\Database::write( 'UPDATE ' . \AIDoc\Database::table( 'jobs' ) . " SET state = 'failed', error_code = %s WHERE id = %d", $code, $id );
			}
			$this->command( JobsCommand::class )->retry( array(), array( 'all' => '1', 'code' => 'one' ) );
			self::assertSame( array( State::Queued, State::Failed ), array( $this->plugin()->jobs()->find( $a->id )->state, $this->plugin()->jobs()->find( $b->id )->state ) );
		}

		public function test_rotate(): void {
			$agent   = $this->agent()->agent;
			$command = $this->command( AgentCommand::class );
			$command->rotate( array( 'scan-1' ), array( 'dry-run' => '1' ) );
			self::assertStringContainsString( 'line It would be: scan-1. Nothing was changed.', $this->out() );
			self::assertFalse( $this->plugin()->agents()->find( $agent->id )->rotationRequested );
			$command->rotate( array(), array( 'all' => '1' ) );
			self::assertTrue( $this->plugin()->agents()->find( $agent->id )->rotationRequested );
			self::assertStringContainsString( 'success 1 will fetch a new key, 0 refused.', $this->out() );
			$command->rotate( array( 'nobody' ) );
			self::assertStringContainsString( 'error There is no agent “nobody”.', $this->out() );
		}

		public function test_spend(): void {
			$this->upload( 'a.pdf', 'a' );
			$agent = $this->agent();
			$agent->result( $agent->lease()[0], array( 'cost_usd' => 0.25, 'tokens_in' => 900, 'tokens_out' => 100 ) );
			$this->upload( 'b.pdf', 'b' );
			$agent->result( $agent->lease()[0], array( 'cost_usd' => 0.5, 'tokens_in' => 1, 'tokens_out' => 1 ) );
			$spend = $this->command( SpendCommand::class );
			$spend( array(), array( 'format' => 'json' ) );
			self::assertEquals( array( array( 'period' => wp_date( 'Y-m-d' ), 'agent' => '', 'documents' => 2, 'tokens' => 1002, 'usd' => 0.75 ) ), $this->rows() );
			$spend( array(), array( 'by' => 'month', 'format' => 'ids' ) );
			self::assertSame( array( wp_date( 'Y-m' ) ), $this->rows() );
			$spend( array(), array( 'by' => 'agent', 'format' => 'csv' ) );
			self::assertSame( array( 'scan-1', 0.75 ), array( $this->rows()[0]['agent'], $this->rows()[0]['usd'] ) );
			$spend( array(), array( 'by' => 'colour' ) );
			self::assertStringContainsString( 'error Spending is listed by day, month or agent.', $this->out() );
			$spend( array(), array( 'days' => '0' ) );
			self::assertStringContainsString( 'error The number of days is from 1 to 400.', $this->out() );
		}

		public function test_doctor_says_what_site_health_says_and_ends_with_its_worst(): void {
			$critical = static function ( array $tests ): array {
				$tests['direct']['aidoc_made_up'] = array( 'label' => 'x', 'test' => static fn(): array => array( 'status' => 'critical', 'label' => 'It is <b>broken</b>', 'description' => '<p>Do this.</p><p>Then that.</p>' ) );
				return $tests;
			};
			$this->command( DoctorCommand::class )( array(), array( 'format' => 'json' ) );
			self::assertContains( 'keys', array_column( $this->rows(), 'test' ) );
			self::assertStringNotContainsString( 'halt 1', $this->out() );
			add_filter( 'site_status_tests', $critical );
			$this->command( DoctorCommand::class )( array(), array( 'format' => 'json' ) );
			remove_filter( 'site_status_tests', $critical );
			$found = array_column( $this->rows(), null, 'test' )['made_up'];
			self::assertSame( array( 'critical', 'It is broken', 'Do this. Then that.' ), array( $found['status'], $found['result'], $found['advice'] ) );
			self::assertStringContainsString( 'halt 1', $this->out() );
		}

		public function test_every_command_has_help_with_an_example(): void {
			\WP_CLI::$out = array();
			Commands::register( $this->plugin()->command( ... ) );
			self::assertSame( array( 'aidoc', 'aidoc jobs', 'aidoc retry', 'aidoc redo', 'aidoc cancel', 'aidoc job', 'aidoc agent', 'aidoc rotate', 'aidoc backfill', 'aidoc spend', 'aidoc doctor' ), array_map( static fn( string $line ): string => substr( $line, 12 ), \WP_CLI::$out ) );
			foreach ( array( Command::class, JobsCommand::class, JobCommand::class, AgentCommand::class, BackfillCommand::class, SpendCommand::class, DoctorCommand::class ) as $class ) {
				foreach ( ( new \ReflectionClass( $class ) )->getMethods( \ReflectionMethod::IS_PUBLIC ) as $method ) {
					if ( ! $method->isStatic() && '__construct' !== $method->name ) {
						self::assertStringContainsString( '$ wp aidoc', (string) $method->getDocComment(), "$class::$method->name" );
					}
				}
			}
		}

		public function test_enqueue_what_is_not_there(): void {
			$this->plugin()->command( Command::class )->enqueue( array( '999999' ) );
			self::assertStringContainsString( 'error 0 queued', $this->out() );
			$this->plugin()->command( Command::class )->enqueue( array() );
			self::assertStringContainsString( 'error Name attachment ids', $this->out() );
		}

		public function test_agents(): void {
			$agents = $this->plugin()->command( AgentCommand::class );
			$agents->create( array( 'scan' ), array( 'porcelain' => true ) );
			self::assertMatchesRegularExpression( '/^line aidoc1\.jt_/', $this->out() );
			$agents->create( array( 'scan' ) );
			self::assertStringContainsString( 'error There is already', $this->out() );
			$agents->list_( array(), array( 'format' => 'json' ) );
			self::assertSame( array( 'json', array( 'scan', 'pending', 'run', 0, '' ) ), array( \WP_CLI\Utils\Printed::$format, array( $this->rows()[0]['name'], $this->rows()[0]['state'], $this->rows()[0]['directive'], $this->rows()[0]['leases'], $this->rows()[0]['last_seen'] ) ) );
			$agents->tell( array( 'scan', 'stop' ) );
			self::assertSame( 'stop', $this->plugin()->agents()->find_by_name( 'scan' )->directive );
			$agents->tell( array( 'scan', 'explode' ) );
			self::assertStringContainsString( 'error A directive is one of', $this->out() );
			$agents->revoke( array( 'scan' ), array( 'dry-run' => '1' ) );
			self::assertNotSame( 'revoked', $this->plugin()->agents()->find_by_name( 'scan' )->state );
			$agents->revoke( array( 'scan' ) );
			self::assertStringContainsString( 'confirm Revoke “scan”?', $this->out() );
			self::assertSame( 'revoked', $this->plugin()->agents()->find_by_name( 'scan' )->state );
			$agents->revoke( array( 'nobody' ) );
			self::assertStringContainsString( 'error There is no agent “nobody”.', $this->out() );
		}

		public function test_addresses(): void {
			$_SERVER['REMOTE_ADDR'] = '192.0.2.7';
			$this->agent( 'scan' )->send( 'POST', '/aidoc/v1/echo', array() );
			$this->plugin()->command( AgentCommand::class )->allow( array( 'scan', '198.51.100.0/24' ) );
			self::assertSame( array( '198.51.100.0/24' ), $this->plugin()->agents()->find_by_name( 'scan' )->allowed_ips() );
			self::assertStringContainsString( 'warning scan (192.0.2.7) can no longer call from this address.', $this->out() );
			$this->plugin()->command( AgentCommand::class )->allow( array( 'scan', '192.0.2' ) );
			self::assertStringContainsString( 'error “192.0.2” is neither', $this->out() );
			$this->plugin()->command( AgentCommand::class )->allow( array( 'scan' ) );
			self::assertSame( array(), $this->plugin()->agents()->find_by_name( 'scan' )->allowed_ips() );
			$this->plugin()->command( Command::class )->allow( array( '192.0.2.0/24' ), array( 'proxies' => '10.0.0.1,10.0.0.2' ) );
			self::assertSame( array( array( '192.0.2.0/24' ), array( '10.0.0.1', '10.0.0.2' ) ), array( $this->plugin()->settings()->get( 'allowed_ips' ), $this->plugin()->settings()->get( 'trusted_proxies' ) ) );
			$this->plugin()->command( Command::class )->allow( array() );
			self::assertSame( array( array(), array( '10.0.0.1', '10.0.0.2' ) ), array( $this->plugin()->settings()->get( 'allowed_ips' ), $this->plugin()->settings()->get( 'trusted_proxies' ) ) );
		}

		public function test_status(): void {
			$this->upload();
			$this->agent();
			$this->plugin()->command( Command::class )->status( array(), array( 'format' => 'json' ) );
			$status = json_decode( substr( $this->out(), 5 ), true );
			self::assertSame( array( 1, 'scan-1' ), array( $status['jobs']['queued'], $status['agents'][0]['name'] ) );
			$this->plugin()->command( Command::class )->status( array() );
			self::assertSame( 'scan-1', $this->rows()[0]['name'] );
			$this->plugin()->command( Command::class )->status( array(), array( 'format' => 'csv' ) );
			self::assertSame( array( 'state' => 'queued', 'documents' => 1 ), $this->rows()[0] );
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

namespace WP_CLI\Utils {
	/** What format_items() was given last. */
	final class Printed {
		public static string $format = '';
		public static array $items   = array();
		public static array $fields  = array();
	}

	if ( ! function_exists( 'WP_CLI\Utils\format_items' ) ) {
		function format_items( string $format, array $items, array $fields ): void {
			Printed::$format = $format;
			Printed::$items  = $items;
			Printed::$fields = $fields;
		}
	}
}
