<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\RolledBack;

/** Two connections, a real deadlock: this test's connection is the one that the database rolls back. */
final class DeadlockTest extends TestCase {

	private \wpdb $other;
	private bool $waiting = false;

	protected function setUp(): void {
		parent::setUp();
		if ( Database::is_sqlite() ) {
			$this->markTestSkipped( 'SQLite lets one transaction write at a time: there are no deadlocks.' );
		}
		$this->other = new \wpdb( DB_USER, DB_PASSWORD, DB_NAME, DB_HOST );
		foreach ( array( 'mine', 'theirs', 'trace' ) as $name ) {
			update_option( "aidoc_test_$name", '0', false );
		}
	}

	protected function tearDown(): void {
		$this->other->close();
		foreach ( array( 'mine', 'theirs', 'trace' ) as $name ) {
			delete_option( "aidoc_test_$name" );
		}
		parent::tearDown();
	}

	public function test_a_transaction_that_was_rolled_back_is_run_again(): void {
		$runs  = 0;
		$value = Database::transaction(
			function () use ( &$runs ): string {
				if ( 1 === ++$runs ) {
					$this->collide( fn() => $this->set( 'theirs', 'ours' ) );
				} else {
					$this->set( 'theirs', 'ours' );
				}
				return 'done';
			},
			fn() => $this->let_the_other_finish()
		);
		$this->assertSame( array( 'done', 2, 'ours' ), array( $value, $runs, $this->get( 'theirs' ) ) );
		$this->assertSame( '1', $GLOBALS['wpdb']->get_var( 'SELECT @@autocommit' ) );
	}

	public function test_what_follows_a_roll_back_that_nobody_noticed_does_not_stay(): void {
		try {
			Database::transaction(
				function (): void {
					// As core's functions do it: false is not looked at.
					$this->collide( fn() => $GLOBALS['wpdb']->query( $this->sql( 'theirs', 'ours' ) ) );
					$this->set( 'trace', 'half of a whole' );
					throw new RolledBack( 'noticed at the end' );
				},
				fn() => $this->let_the_other_finish()
			);
			$this->fail( 'the transaction ended well' );
		} catch ( RolledBack $error ) {
			$this->assertSame( '0', $this->get( 'trace' ) );
			$this->assertSame( 'other', $this->get( 'mine' ) );
		}
	}

	public function test_the_sites_log_tells_of_what_failed_and_not_of_what_is_run_again(): void {
		$log  = (string) tempnam( sys_get_temp_dir(), 'aidoc' );
		$was  = ini_set( 'error_log', $log );
		$show = $GLOBALS['wpdb']->hide_errors();
		$mute = $GLOBALS['wpdb']->suppress_errors( false );
		$runs = 0;
		Database::transaction(
			function () use ( &$runs ): void {
				if ( 1 === ++$runs ) {
					$this->collide( fn() => $this->set( 'theirs', 'ours' ), false );
				}
			},
			fn() => $this->let_the_other_finish()
		);
		$quiet = (string) file_get_contents( $log );
		try {
			Database::transaction( fn() => Database::write( 'UPDATE aidoc_no_such_table SET a = 1' ) );
		} catch ( \AIDoc\DatabaseError ) {
			$told = (string) file_get_contents( $log );
		}
		ini_set( 'error_log', (string) $was );
		$GLOBALS['wpdb']->show_errors( $show );
		$GLOBALS['wpdb']->suppress_errors( $mute );
		unlink( $log );
		$this->assertSame( array( 2, '' ), array( $runs, $quiet ) );
		$this->assertStringContainsString( 'aidoc_no_such_table', $told );
	}

	/** Each holds what the other wants next; the other has written more, so that this one is taken back. */
	private function collide( callable $write, bool $quiet = true ): void {
		if ( $this->waiting ) {
			$write();
			return;
		}
		$show = $GLOBALS['wpdb']->suppress_errors( $quiet );
		try {
			$this->set( 'mine', 'ours' );
			$this->other->query( 'START TRANSACTION' );
			$this->other->query( "INSERT INTO {$GLOBALS['wpdb']->postmeta} (post_id, meta_key, meta_value) SELECT 0, 'aidoc_test', 'x' FROM {$this->options()} LIMIT 50" );
			$this->other->query( $this->sql( 'theirs', 'other' ) );
			$this->other->dbh->query( $this->sql( 'mine', 'other' ), MYSQLI_ASYNC );
			$this->waiting = true;
			$this->wait_until_it_waits();
			$write();
		} finally {
			$GLOBALS['wpdb']->suppress_errors( $show );
		}
	}

	/** InnoDB shows the state of a moment for as long as it is looked at more often than ten times a second. */
	private function wait_until_it_waits(): void {
		for ( $i = 0; $i < 50; $i++ ) {
			if ( (int) $GLOBALS['wpdb']->get_var( "SELECT COUNT(*) FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'" ) > 0 ) {
				return;
			}
			usleep( 200_000 );
		}
		$this->fail( 'the other connection did not wait' );
	}

	private function let_the_other_finish(): void {
		if ( $this->waiting ) {
			$this->waiting = false;
			$this->other->dbh->reap_async_query();
			$this->other->query( "DELETE FROM {$GLOBALS['wpdb']->postmeta} WHERE meta_key = 'aidoc_test'" );
			$this->other->query( 'COMMIT' );
		}
	}

	private function options(): string {
		return $GLOBALS['wpdb']->options;
	}

	private function sql( string $name, string $value ): string {
		return "UPDATE {$this->options()} SET option_value = '$value' WHERE option_name = 'aidoc_test_$name'";
	}

	private function set( string $name, string $value ): void {
		Database::write( $this->sql( $name, $value ) );
	}

	private function get( string $name ): string {
		return (string) $GLOBALS['wpdb']->get_var( "SELECT option_value FROM {$this->options()} WHERE option_name = 'aidoc_test_$name'" );
	}
}
