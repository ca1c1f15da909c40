<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Queue\Housekeeping;

/** A site whose cron never runs (these tests run none): the requests of agents keep the tables small. */
final class HousekeepingTest extends TestCase {

	private static function rows( string $table ): int {
		return (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . Database::table( $table ) )['n'];
	}

	public function test_requests_alone_keep_nonces_bounded(): void {
		FakeClock::clean_in_one_of( Housekeeping::ONE_IN );
		$agent = $this->agent();
		$most  = 0;
		for ( $i = 0; $i < 600; $i++ ) {
			$agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array() ) );
			$this->clock()->advance( 10_000 );
			$most = max( $most, 0 === $i % 10 ? self::rows( 'nonces' ) : 0 );
		}
		FakeClock::clean_in_one_of( PHP_INT_MAX );
		// 66 live ones at this pace, and what comes before chance takes a slice: less than 400 in all but one of ten million runs.
		self::assertLessThan( 66 + 400, $most );
	}

	public function test_a_slice_is_bounded_and_slices_empty_a_table_that_grew_for_long(): void {
		for ( $i = 0; $i < 3; $i++ ) {
			$rows = implode( ',', array_map( static fn( int $n ) => "('ak_x','$n',$n)", range( 1000 * $i + 1, 1000 * $i + 1000 ) ) );
			Database::write( 'INSERT INTO ' . Database::table( 'nonces' ) . " (key_id, nonce, at_ms) VALUES $rows" );
		}
		Database::write( 'INSERT INTO ' . Database::table( 'nonces' ) . " (key_id, nonce, at_ms) VALUES ('legacy','a body',1)" );
		$this->plugin()->housekeeping()->slice();
		self::assertSame( 2501, self::rows( 'nonces' ) );
		for ( $i = 0; $i < 6; $i++ ) {
			$this->plugin()->housekeeping()->slice();
		}
		self::assertSame( 1, self::rows( 'nonces' ), 'A body of the legacy callback is replayable for ever.' );
	}

	public function test_old_events_and_revoked_keys_go_too(): void {
		$agent = $this->agent();
		$this->plugin()->key_ring()->rotate( $this->plugin()->key_ring()->find( $agent->keyId ) );
		$this->plugin()->key_ring()->revoke_all( $agent->agent->id );
		self::assertGreaterThan( 0, self::rows( 'events' ) );
		$this->clock()->advance( 91 * 86_400_000 );
		$this->plugin()->housekeeping()->slice();
		self::assertSame( array( 0, 0 ), array( self::rows( 'events' ), self::rows( 'keys' ) ) );
	}

	public function test_a_purge_that_the_database_refuses_does_not_fail_the_request_it_rides_on(): void {
		$break = static fn( string $sql ): string => str_starts_with( $sql, 'DELETE' ) && str_contains( $sql, 'nonces' ) ? 'DELETE FROM no_such_table' : $sql;
		$quiet = $GLOBALS['wpdb']->suppress_errors();
		$log   = ini_set( 'error_log', '/dev/null' );
		add_filter( 'query', $break );
		$this->plugin()->housekeeping()->slice();
		remove_filter( 'query', $break );
		ini_set( 'error_log', (string) $log );
		$GLOBALS['wpdb']->suppress_errors( $quiet );
		self::assertSame( 200, $this->agent()->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
	}
}
