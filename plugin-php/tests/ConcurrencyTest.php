<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;

/** Real processes race for the same rows. */
final class ConcurrencyTest extends TestCase {

	private const JOBS      = 120;
	private const PROCESSES = 3;

	public function test_racing_agents_share_all_jobs_and_do_none_twice(): void {
		$this->queue();
		$done = self::race( array_map( fn( int $i ) => array( (string) $this->agent( "racer $i" )->agent->id ), range( 1, self::PROCESSES ) ) );
		$all  = array_merge( ...$done );
		self::assertCount( self::JOBS, $all, 'None is lost, none is done twice.' );
		self::assertCount( self::JOBS, array_unique( $all ) );
		self::assertGreaterThan( 1, count( array_filter( $done ) ), 'It was a race.' );
		self::assertSame( self::JOBS, $this->plugin()->jobs()->counts()['done'] );
		$epochs = array_unique( array_column( Database::rows( 'SELECT epoch FROM ' . Database::table( 'jobs' ) ), 'epoch' ) );
		self::assertSame( array( '1' ), array_map( 'strval', $epochs ), 'Each was claimed once.' );
	}

	public function test_processes_with_one_key_together_hold_no_more_than_one_agent_may(): void {
		$this->queue();
		$this->plugin()->settings()->update( array( 'leases_per_agent' => 10 ) );
		$id   = $this->agent()->agent->id;
		$held = self::race( array_fill( 0, self::PROCESSES, array( (string) $id, 'hold' ) ) );
		self::assertGreaterThan( 0, $this->plugin()->leases()->held_by( $id ) );
		self::assertLessThanOrEqual( 10, $this->plugin()->leases()->held_by( $id ) );
		self::assertCount( $this->plugin()->leases()->held_by( $id ), array_unique( array_merge( ...$held ) ), 'What they were told is what they hold.' );
	}

	public function test_racing_agents_together_may_spend_the_cap_and_not_a_cent_more(): void {
		$this->queue();
		$this->plugin()->settings()->update( array( 'max_usd_month' => '3.10' ) );
		$may   = array_merge( ...self::race( array_map( fn( int $i ) => array( (string) $this->agent( "spender $i" )->agent->id, 'budget' ), range( 1, self::PROCESSES ) ) ) );
		$given = array_filter( $may );
		self::assertGreaterThan( 0, count( $may ) - count( $given ), 'There were more leases than the cap had shares.' );
		self::assertLessThanOrEqual( 3_100_000_000, array_sum( $may ) );
		self::assertGreaterThan( 3_085_000_000, array_sum( $may ), 'All of it was given.' );
	}

	private function queue(): void {
		for ( $i = 0; $i < self::JOBS; $i++ ) {
			Database::write( 'INSERT INTO ' . Database::table( 'jobs' ) . " (attachment_id, source_sha256, state, mime, available_at) VALUES (%d, '', 'queued', 'a/b', 1)", 1_000_000 + $i );
		}
	}

	/**
	 * @param list<string[]> $arguments Of each process.
	 * @return list<int[]> What each of them did.
	 */
	private static function race( array $arguments ): array {
		$start  = get_temp_dir() . 'aidoc-race-' . wp_rand();
		$racers = array();
		foreach ( $arguments as $mine ) {
			array_splice( $mine, 1, 0, $start );
			$process  = proc_open( array( PHP_BINARY, __DIR__ . '/claimer.php', ...$mine ), array( 1 => array( 'pipe', 'w' ), 2 => STDERR ), $pipes );
			$racers[] = array( $process, $pipes );
		}
		foreach ( $racers as list( , $pipes ) ) {
			self::assertSame( "ready\n", fgets( $pipes[1] ) );
		}
		touch( $start );
		$done = array();
		foreach ( $racers as list( $process, $pipes ) ) {
			$out = stream_get_contents( $pipes[1] );
			self::assertSame( 0, proc_close( $process ), $out );
			$mine = json_decode( trim( $out ), true );
			self::assertIsArray( $mine );
			$done[] = $mine;
		}
		unlink( $start );
		return $done;
	}

	public function test_of_two_claims_of_one_row_one_wins(): void {
		$this->upload();
		$leases = $this->plugin()->leases();
		$row    = $this->plugin()->candidates()->page( array( '*/*' ), 0, 1 )[0];
		self::assertTrue( $leases->claim( $row['id'], $row['epoch'], 1, 'a' ) );
		self::assertFalse( $leases->claim( $row['id'], $row['epoch'], 2, 'b' ) );
	}
}
