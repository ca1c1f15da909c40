<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Queue\Cron;

/** Site Health tells the truth: each test here breaks a thing. Requests over the network are in HealthLoopbackTest. */
final class HealthTest extends TestCase {

	private const HOUR_MS = 3_600_000;

	private function status( string $name ): string {
		return $this->found( $name )['status'];
	}

	/** @return array<string,mixed> */
	private function found( string $name ): array {
		return $this->plugin()->site_health()->run( $name );
	}

	private function told( string $name ): string {
		$found = $this->found( $name );
		return $found['label'] . ' ' . html_entity_decode( wp_strip_all_tags( $found['description'] ), ENT_QUOTES );
	}

	public function test_wordpress_knows_the_tests(): void {
		$tests = apply_filters( 'site_status_tests', array( 'direct' => array(), 'async' => array() ) );
		self::assertSame( array( 'aidoc_keys', 'aidoc_agents', 'aidoc_leases', 'aidoc_refusals', 'aidoc_clock', 'aidoc_cron' ), array_values( preg_grep( '/^aidoc_/', array_keys( $tests['direct'] ) ) ) );
		self::assertSame( array( 'aidoc_connection', 'aidoc_doorbell' ), array_values( preg_grep( '/^aidoc_/', array_keys( $tests['async'] ) ) ) );
		self::assertSame( 'aidoc_keys', call_user_func( $tests['direct']['aidoc_keys']['test'] )['test'] );
		foreach ( array( 'aidoc_connection', 'aidoc_doorbell' ) as $name ) {
			self::assertSame( $name, $tests['async'][ $name ]['test'] );
			self::assertNotFalse( has_action( 'wp_ajax_health-check-' . preg_replace( '/_/', '-', $name, 1 ) ), 'The action that core’s script asks for.' );
		}
	}

	public function test_changed_salts(): void {
		$this->agent();
		self::assertSame( 'good', $this->status( 'aidoc_keys' ) );
		Database::write( 'UPDATE ' . Database::table( 'keys' ) . " SET sealed = 'x'" );
		self::assertSame( 'critical', $this->status( 'aidoc_keys' ) );
		$shown = apply_filters( 'debug_information', array() )['ai-doc-pipeline']['fields'];
		self::assertContains( $shown['keys']['value'], array( '1 (1)', '2 (2)' ) );
	}

	public function test_the_clock_of_an_agent(): void {
		$agent = $this->agent();
		self::assertSame( 'good', $this->status( 'aidoc_refusals' ) );
		TestAgent::dispatch( $agent->request( 'POST', '/aidoc/v1/echo', array(), array(), time() - 600 ) );
		self::assertSame( 'recommended', $this->status( 'aidoc_refusals' ) );
		self::assertStringContainsString( 'NTP', $this->told( 'aidoc_refusals' ) );
		$this->clock()->advance( 25 * self::HOUR_MS );
		self::assertSame( 'good', $this->status( 'aidoc_refusals' ) );
	}

	public function test_the_clocks_of_web_server_and_database(): void {
		self::assertSame( 'good', $this->status( 'aidoc_clock' ) );
		$this->clock()->set_wall_s( time() + 120 );
		self::assertSame( 'recommended', $this->status( 'aidoc_clock' ) );
		$this->clock()->set_wall_s( time() - 3600 );
		self::assertSame( 'critical', $this->status( 'aidoc_clock' ) );
		self::assertStringContainsString( 'NTP', $this->told( 'aidoc_clock' ) );
	}

	public function test_no_agent(): void {
		self::assertSame( 'recommended', $this->status( 'aidoc_agents' ) );
		self::assertSame( 'good', $this->status( 'aidoc_leases' ), 'Nothing waits.' );
		$this->upload();
		self::assertSame( 'recommended', $this->status( 'aidoc_leases' ) );
		self::assertStringContainsString( 'nobody takes it', $this->told( 'aidoc_leases' ) );
	}

	public function test_an_agent_that_fell_silent_two_hours_ago(): void {
		$agent = $this->agent();
		$agent->lease( 0 );
		$this->upload();
		self::assertSame( array( 'good', 'good' ), array( $this->status( 'aidoc_agents' ), $this->status( 'aidoc_leases' ) ) );
		$this->clock()->advance( 2 * self::HOUR_MS );
		self::assertSame( array( 'critical', 'recommended' ), array( $this->status( 'aidoc_agents' ), $this->status( 'aidoc_leases' ) ) );
		self::assertStringContainsString( '“scan-1” has been silent for 2 hours.', $this->told( 'aidoc_agents' ) );
		$agent->lease( 0 );
		self::assertSame( 'good', $this->status( 'aidoc_agents' ) );
	}

	public function test_one_of_two_agents_is_silent(): void {
		$this->agent( 'scan-2' )->lease( 0 );
		$this->clock()->advance( self::HOUR_MS );
		$this->agent()->lease( 0 );
		self::assertSame( 'recommended', $this->status( 'aidoc_agents' ) );
		self::assertStringContainsString( '1 of 2 agents are online', $this->told( 'aidoc_agents' ) );
		self::assertStringContainsString( '“scan-2” has been silent for 1 hour.', $this->told( 'aidoc_agents' ) );
	}

	public function test_a_paused_agent_takes_nothing(): void {
		$agent = $this->agent();
		$this->plugin()->agent_manager()->set_directive( $agent->agent->id, 'pause' );
		$agent->lease( 0 );
		$this->upload();
		self::assertSame( array( 'good', 'recommended' ), array( $this->status( 'aidoc_agents' ), $this->status( 'aidoc_leases' ) ) );
	}

	public function test_an_agent_that_stopped_answering_during_its_work(): void {
		$agent = $this->agent();
		$this->upload();
		self::assertCount( 1, $agent->lease() );
		$this->clock()->advance( 20 * 60_000 );
		self::assertStringContainsString( 'stopped answering', $this->told( 'aidoc_leases' ) );
		$agent->lease( 0 );
		self::assertSame( 'good', $this->status( 'aidoc_leases' ) );
	}

	public function test_an_agent_is_online_and_nothing_is_finished(): void {
		$agent = $this->agent();
		$this->upload();
		$this->clock()->advance( 2 * self::HOUR_MS );
		$agent->lease( 0 );
		self::assertSame( 'recommended', $this->status( 'aidoc_leases' ) );
		self::assertStringContainsString( 'queued 2 hours ago', $this->told( 'aidoc_leases' ) );
		$this->plugin()->events()->log( 'done', 4711 );
		self::assertSame( 'good', $this->status( 'aidoc_leases' ) );
		self::assertStringContainsString( 'in the last hour: 1,', $this->told( 'aidoc_leases' ) );
	}

	public function test_documents_come_faster_than_they_are_read(): void {
		$agent = $this->agent();
		array_map( fn( int $n ) => $this->upload( "$n.pdf", "%PDF $n" ), range( 1, 3 ) );
		$this->clock()->advance( 25 * self::HOUR_MS );
		$this->plugin()->events()->log( 'done', 4711 );
		$agent->lease( 0 );
		self::assertSame( 'recommended', $this->status( 'aidoc_leases' ) );
		self::assertStringContainsString( 'the 3 documents that wait take about 3 days', $this->told( 'aidoc_leases' ) );
		$this->plugin()->events()->log( 'done', 4712 );
		$this->plugin()->events()->log( 'done', 4713 );
		self::assertSame( 'good', $this->status( 'aidoc_leases' ) );
	}

	public function test_cron(): void {
		Cron::schedule();
		self::assertSame( 'good', $this->status( 'aidoc_cron' ) );
		wp_clear_scheduled_hook( Cron::HOOK );
		self::assertSame( 'recommended', $this->status( 'aidoc_cron' ) );
		wp_schedule_event( time() - 2 * HOUR_IN_SECONDS, 'aidoc_five_minutes', Cron::HOOK );
		self::assertStringContainsString( 'Housekeeping was due 2 hours ago', $this->told( 'aidoc_cron' ) );
		wp_clear_scheduled_hook( Cron::HOOK );
		Cron::schedule();
	}

	public function test_information_has_no_secret_and_no_document(): void {
		$agent = $this->agent();
		$this->upload( 'dismissal of Mr Q.pdf' );
		$agent->lease( 0 );
		$fields = apply_filters( 'debug_information', array() )['ai-doc-pipeline']['fields'];
		self::assertSame( array( 1, 1, 1 ), array( $fields['agents']['value'], $fields['online']['value'], $fields['jobs_queued']['value'] ) );
		foreach ( array( 'dismissal', $agent->keyId, base64_encode( $agent->secret ) ) as $private ) {
			self::assertStringNotContainsString( $private, (string) wp_json_encode( $fields ) );
		}
	}
}
