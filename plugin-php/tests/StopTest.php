<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Admin\AgentFacts;
use AIDoc\Admin\AgentView;
use AIDoc\Agents\Agent;

/** The order to stop: for the processes that ran when it was given, for no later one. */
final class StopTest extends TestCase {

	private function stop( TestAgent $agent ): void {
		$this->plugin()->agent_manager()->set_directive( $agent->agent->id, 'stop' );
		$this->clock()->advance( 1_000 );
	}

	/** One lease request by a process that has run for so long. */
	private function ask( TestAgent $agent, int $uptime_ms, array $other = array() ): array {
		$body          = $other + TestAgent::lease_body();
		$body['agent'] = array( 'uptime_ms' => $uptime_ms ) + TestAgent::INFO;
		return $agent->send( 'POST', '/aidoc/v1/lease', $body )->get_data();
	}

	private function final_report( TestAgent $agent, int $uptime_ms = 60_000 ): array {
		return $this->ask( $agent, $uptime_ms, array( 'free_slots' => 0, 'note' => 'stopped as asked', 'stopped' => true ) );
	}

	private function seen( TestAgent $agent ): Agent {
		return $this->plugin()->agents()->find( $agent->agent->id );
	}

	private function view( TestAgent $agent ): array {
		return AgentView::make( $this->seen( $agent ), new AgentFacts(), $this->plugin()->clock()->now_ms() );
	}

	public function test_the_admin_follows_it_from_the_request_to_the_end_and_the_next_process_works(): void {
		$this->upload();
		$agent = $this->agent();
		$this->ask( $agent, 59_000, array( 'free_slots' => 0 ) );
		$this->stop( $agent );
		self::assertStringContainsString( 'not yet acknowledged', $this->view( $agent )['directive_note'] );

		$told = $this->ask( $agent, 60_000 );
		self::assertSame( array( 'stop', array() ), array( $told['directive'], $told['leases'] ) );
		self::assertSame( array( 'stopping', 'Stop', 'Acknowledged, finishing' ), array( $this->view( $agent )['state'], $this->view( $agent )['directive_label'], $this->view( $agent )['directive_note'] ) );

		self::assertSame( array(), $this->final_report( $agent )['leases'] );
		$this->clock()->advance( 3 * AgentView::STALE_MS );
		$view = $this->view( $agent );
		self::assertSame( array( 'stopped', 'Stopped' ), array( $view['state'], $view['state_label'] ), 'Silence is what was wanted.' );
		self::assertStringStartsWith( 'Stopped ' . human_time_diff( 0, 1800 ) . ' ago.', $view['directive_note'] );
		self::assertSame( array( 'new_token', 'revoke' ), $view['actions'] );

		$again = $this->ask( $agent, 2_000 );
		self::assertSame( 'run', $again['directive'] );
		self::assertCount( 1, $again['leases'], 'The very first request of the new process is given work.' );
		$view = $this->view( $agent );
		self::assertSame( array( 'idle', 'run', '' ), array( $view['state'], $view['directive'], $view['directive_note'] ) );
		self::assertContains( 'stop', $view['actions'] );
	}

	public function test_a_process_that_was_killed_instead_takes_the_order_with_it(): void {
		$this->upload();
		$agent = $this->agent();
		$this->stop( $agent );
		self::assertSame( 'stop', $this->ask( $agent, 60_000 )['directive'] );
		self::assertCount( 1, $this->ask( $agent, 500 )['leases'] );
	}

	public function test_every_process_of_the_agent_gets_it_also_after_one_has_ended(): void {
		$agent = $this->agent();
		$this->stop( $agent );
		$this->final_report( $agent );
		self::assertSame( 'stop', $this->ask( $agent, 90_000 )['directive'] );
		self::assertSame( 0, $this->seen( $agent )->stoppedMs, 'Somebody is still there.' );
		$this->final_report( $agent, 91_000 );
		$this->final_report( $agent, 91_000 ); // The answer was lost.
		self::assertGreaterThan( 0, $this->seen( $agent )->stoppedMs );
	}

	public function test_a_beat_says_it_too_and_is_a_sign_of_life(): void {
		$this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->stop( $agent );
		$this->final_report( $agent );
		$beat = static fn( array $info ) => $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( TestAgent::ref( $lease ) + array( 'phase' => 'ocr', 'done' => 1, 'total' => 2 ) ) ) + $info )->get_data()['directive'];
		self::assertSame( 'stop', $beat( array( 'agent' => array( 'uptime_ms' => 60_000 ) + TestAgent::INFO ) ) );
		self::assertSame( 'stop', $beat( array() ), 'Who does not tell its age is old.' );
		self::assertSame( 0, $this->seen( $agent )->stoppedMs );
	}

	public function test_another_order_in_between_stands(): void {
		$agent = $this->agent();
		$this->stop( $agent );
		$stale = $this->seen( $agent );
		$this->plugin()->agent_manager()->set_directive( $agent->agent->id, 'pause' );
		self::assertFalse( $this->plugin()->agents()->end_stop( $stale ) );
		self::assertSame( 'pause', $this->ask( $agent, 500 )['directive'] );
	}

	public function test_the_final_report_never_brings_work_but_names_leases_whose_answer_was_lost(): void {
		$this->upload( 'a.pdf', 'a' );
		$agent = $this->agent();
		self::assertSame( array(), $this->ask( $agent, 60_000, array( 'stopped' => true ) )['leases'], 'Whatever it asks for.' );
		$id    = wp_generate_uuid4();
		$lease = $agent->lease( 1, array( '*/*' ), $id )[0];
		$this->stop( $agent );
		self::assertSame( array( $lease['job_id'] ), array_column( $this->ask( $agent, 60_000, array( 'request_id' => $id, 'free_slots' => 0, 'stopped' => true ) )['leases'], 'job_id' ) );
	}

	public function test_documents_that_wait_while_every_agent_is_stopped_say_so(): void {
		$this->upload();
		$agent = $this->agent();
		$this->stop( $agent );
		$this->final_report( $agent );
		$this->clock()->advance( AgentView::STALE_MS + 1_000 );
		$notice = fn(): ?array => $this->screens()->notices()->notice(); // Of a page of its own each: a page looks once.
		self::assertSame( 'stopped', $notice()['key'] );
		$this->ask( $this->agent( 'second' ), 1_000, array( 'free_slots' => 0 ) );
		self::assertNull( $notice(), 'Somebody is there.' );
		$this->clock()->advance( AgentView::STALE_MS + 1_000 );
		self::assertSame( 'silent', $notice()['key'] );
	}

	public function test_the_column_comes_with_an_upgrade_that_may_be_repeated(): void {
		$table = \AIDoc\Database::table( 'agents' );
		\AIDoc\Database::write( "ALTER TABLE $table DROP COLUMN stopped_at" );
		update_option( \AIDoc\Schema::OPTION, 1, false );
		$agent = $this->agent();
		self::assertSame( 0, $this->seen( $agent )->stoppedMs, 'Agents are served before the upgrade.' );
		\AIDoc\Schema::maybe_upgrade();
		\AIDoc\Schema::add_stopped_at();
		$this->final_report( $agent );
		self::assertGreaterThan( 0, $this->seen( $agent )->stoppedMs );
		self::assertSame( \AIDoc\Schema::version(), (int) get_option( \AIDoc\Schema::OPTION ) );
	}
}
