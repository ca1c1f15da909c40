<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;

/** POST /results: each is taken or refused as if it had come alone. */
final class ResultsTest extends TestCase {

	/** @return array{0:TestAgent,1:list<array<string,mixed>>} An agent and its leases. */
	private function leased( int $n ): array {
		for ( $i = 0; $i < $n; $i++ ) {
			$this->upload( "doc$i.pdf", "%PDF $i" );
		}
		$agent = $this->agent();
		return array( $agent, $agent->lease( $n ) );
	}

	/** @param list<mixed> $results */
	private static function send( TestAgent $agent, array $results, array $other = array() ): \WP_REST_Response {
		return $agent->send( 'POST', '/aidoc/v1/results', array( 'results' => $results ) + $other );
	}

	public function test_several_at_once(): void {
		list( $agent, $leases ) = $this->leased( 3 );
		$bodies                 = array_map( array( TestAgent::class, 'result_body' ), $leases );
		$answer                 = self::send( $agent, $bodies );
		self::assertSame( 200, $answer->get_status() );
		$entries = $answer->get_data()['results'];
		self::assertSame( array_column( $bodies, 'result_id' ), array_column( $entries, 'result_id' ) );
		self::assertSame( array( 200, 200, 200 ), array_column( $entries, 'status' ) );
		foreach ( $entries as $i => $entry ) {
			self::assertSame( array( 'accepted', $leases[ $i ]['job_id'] ), array( $entry['body']['status'], $entry['body']['job_id'] ) );
			self::assertSame( State::Done, $this->plugin()->jobs()->find( $leases[ $i ]['job_id'] )->state );
		}
		self::assertCount( 3, array_unique( array_column( array_column( $entries, 'body' ), 'post_id' ) ) );
		self::assertSame( array( 'run', true ), array( $answer->get_data()['directive'], $answer->get_data()['server_now_ms'] > 0 ) );
	}

	/** What each further one adds is held, beside what the request costs. */
	public function test_what_each_costs_the_database(): void {
		foreach ( range( 1, 5 ) as $i ) {
			$this->upload( "cost-$i.pdf", "%PDF cost $i" );
		}
		$agent  = $this->agent();
		$leases = $agent->lease( 5 );
		$spent  = array();
		foreach ( array( array_slice( $leases, 0, 1 ), array_slice( $leases, 1 ) ) as $part ) {
			$before = $GLOBALS['wpdb']->num_queries;
			$answer = $agent->send( 'POST', '/aidoc/v1/results', array( 'results' => array_map( array( TestAgent::class, 'result_body' ), $part ), 'agent' => TestAgent::INFO ) );
			self::assertSame( array_fill( 0, count( $part ), 200 ), array_column( $answer->get_data()['results'], 'status' ) );
			$spent[] = $GLOBALS['wpdb']->num_queries - $before;
		}
		self::assertLessThanOrEqual( 21 * 3, $spent[1] - $spent[0] );
	}

	public function test_sites_say_that_they_take_them(): void {
		self::assertContains( 'results', $this->agent()->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data()['takes'] );
	}

	/** @dataProvider bad_entries */
	public function test_a_bad_one_loses_only_itself( callable $spoil, int $status, string $code ): void {
		list( $agent, $leases ) = $this->leased( 3 );
		$bodies                 = array_map( array( TestAgent::class, 'result_body' ), $leases );
		$bodies[1]              = $spoil( $bodies[1] );
		$entries                = self::send( $agent, $bodies )->get_data()['results'];
		self::assertSame( array( 200, $status, 200 ), array_column( $entries, 'status' ) );
		self::assertSame( $code, $entries[1]['body']['code'] );
		self::assertSame( State::Leased, $this->plugin()->jobs()->find( $leases[1]['job_id'] )->state );
	}

	public function bad_entries(): array {
		$with = static fn( array $change ) => static fn( array $body ) => $change + $body;
		return array(
			'another lease'    => array( $with( array( 'lease_token' => 'AAAAAAAAAAAAAAAAAAAAAA' ) ), 409, 'aidoc_lease_lost' ),
			'an earlier epoch' => array( $with( array( 'epoch' => 0 ) ), 409, 'aidoc_lease_lost' ),
			'no such job'      => array( $with( array( 'job_id' => 999_999 ) ), 404, 'aidoc_job_unknown' ),
			'other bytes'      => array( $with( array( 'source_sha256' => str_repeat( 'a', 64 ) ) ), 400, 'aidoc_invalid_field' ),
			'no id'            => array( $with( array( 'result_id' => 'x' ) ), 400, 'aidoc_invalid_field' ),
			'no summary'       => array( static fn( array $body ) => array_diff_key( $body, array( 'summary_blocks' => 1, 'summary_markdown' => 1 ) ), 400, 'aidoc_invalid_field' ),
			'no object'        => array( static fn() => 'text', 400, 'aidoc_invalid_field' ),
			'a list'           => array( static fn() => array( 1 ), 400, 'aidoc_invalid_field' ),
			'nothing'          => array( static fn() => null, 400, 'aidoc_invalid_field' ),
		);
	}

	public function test_one_twice_is_accepted_once(): void {
		list( $agent, $leases ) = $this->leased( 1 );
		$body                   = TestAgent::result_body( $leases[0] );
		$entries                = self::send( $agent, array( $body, $body ) )->get_data()['results'];
		self::assertSame( array( 'accepted', 'already_accepted' ), array_column( array_column( $entries, 'body' ), 'status' ) );
		self::assertSame( $entries[0]['body']['post_id'], $entries[1]['body']['post_id'] );
	}

	public function test_it_may_come_by_the_one_route_first_and_by_the_other_then(): void {
		list( $agent, $leases ) = $this->leased( 2 );
		$one                    = TestAgent::result_body( $leases[0] );
		$two                    = TestAgent::result_body( $leases[1] );
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/result', $one )->get_status() );
		$entries = self::send( $agent, array( $one, $two ) )->get_data()['results'];
		self::assertSame( array( 'already_accepted', 'accepted' ), array_column( array_column( $entries, 'body' ), 'status' ) );
		self::assertSame( 'already_accepted', $agent->send( 'POST', '/aidoc/v1/result', wp_json_encode( $two, JSON_PRETTY_PRINT | JSON_UNESCAPED_UNICODE ) )->get_data()['status'], 'Spaces and escapes are not content.' );
		$other = self::send( $agent, array( array( 'title' => 'Another' ) + $two ) )->get_data()['results'][0];
		self::assertSame( array( 422, 'aidoc_result_conflict' ), array( $other['status'], $other['body']['code'] ) );
	}

	public function test_a_cancelled_one_between_others(): void {
		list( $agent, $leases ) = $this->leased( 3 );
		$this->plugin()->job_manager()->cancel( $leases[1]['job_id'] );
		$entries = self::send( $agent, array_map( array( TestAgent::class, 'result_body' ), $leases ) )->get_data()['results'];
		self::assertSame( array( 200, 410, 200 ), array_column( $entries, 'status' ) );
	}

	public function test_a_database_that_fails_for_one_is_transient_for_it(): void {
		list( $agent, $leases ) = $this->leased( 3 );
		$second                 = $leases[1]['job_id'];
		$broken                 = static fn( string $query ) => str_contains( $query, "WHERE id = $second AND" ) && str_starts_with( $query, 'UPDATE' ) ? 'SELECT nothing_of_the_kind' : $query;
		add_filter( 'query', $broken );
		$GLOBALS['wpdb']->suppress_errors( true );
		$entries = self::send( $agent, array_map( array( TestAgent::class, 'result_body' ), $leases ) )->get_data()['results'];
		$GLOBALS['wpdb']->suppress_errors( false );
		remove_filter( 'query', $broken );
		self::assertSame( array( 200, 503, 200 ), array_column( $entries, 'status' ) );
		self::assertSame( 'aidoc_unavailable', $entries[1]['body']['code'] );
		self::assertSame( State::Leased, $this->plugin()->jobs()->find( $second )->state );
		self::assertSame( 0, $this->plugin()->links()->summary_of( $leases[1]['attachment_id'] ) );
	}

	/** @dataProvider refused_requests */
	public function test_a_request_that_is_none( array $body, string $code ): void {
		self::assertRefused( $code, 400, $this->agent()->send( 'POST', '/aidoc/v1/results', $body ) );
	}

	public function refused_requests(): array {
		return array(
			'no results'       => array( array( 'x' => 1 ), 'aidoc_unknown_field' ),
			'none'             => array( array( 'results' => array() ), 'aidoc_invalid_field' ),
			'seventeen'        => array( array( 'results' => array_fill( 0, 17, array( 'a' => 1 ) ) ), 'aidoc_invalid_field' ),
			'no list'          => array( array( 'results' => array( 'a' => 1 ) ), 'aidoc_invalid_field' ),
			'a field too many' => array( array( 'results' => array( array( 'a' => 1 ) ), 'more' => 1 ), 'aidoc_unknown_field' ),
		);
	}

	public function test_an_order_to_stop_is_told_to_who_says_its_age(): void {
		list( $agent, $leases ) = $this->leased( 2 );
		$this->plugin()->agent_manager()->set_directive( $agent->agent->id, 'stop' );
		$bodies = array_map( array( TestAgent::class, 'result_body' ), $leases );
		self::assertSame( 'run', self::send( $agent, array( $bodies[0] ) )->get_data()['directive'] );
		$process = array( 'version' => '1', 'host' => 'h', 'os' => 'linux', 'arch' => 'amd64', 'uptime_ms' => 3_600_000 );
		self::assertSame( 'stop', self::send( $agent, array( $bodies[1] ), array( 'agent' => $process ) )->get_data()['directive'] );
	}
}
