<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Backfill\Filter;
use AIDoc\Backfill\Run;
use AIDoc\Backfill\Runner;
use AIDoc\Backfill\Tally;
use AIDoc\Database;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Priority;
use AIDoc\Jobs\State;

/** A library that is read for the first time. */
final class BackfillTest extends TestCase {

	private SeededLibrary $library;

	protected function setUp(): void {
		parent::setUp();
		SeededLibrary::clear();
		$this->library = new SeededLibrary();
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
	}

	protected function tearDown(): void {
		$this->library->remove();
		parent::tearDown();
	}

	/**
	 * Attachments without files: a backfill opens none.
	 *
	 * @return int[]
	 */
	private function library( int $number, string $mime = 'application/pdf', int $bytes = 1000, string $date = '2024-05-05 12:00:00' ): array {
		return $this->library->add( $number, array( 'mime' => $mime, 'bytes' => $bytes, 'date' => $date ) );
	}

	private function filter( array $given = array() ): Filter {
		$filter = Filter::from( $given );
		self::assertInstanceOf( Filter::class, $filter );
		return $filter;
	}

	private function start( array $given = array(), bool $dry = false ): Run {
		$run = $this->plugin()->backfill_manager()->start( $this->filter( $given ), $dry );
		self::assertInstanceOf( Run::class, $run );
		return $run;
	}

	private function finish( Run $run ): Run {
		return $this->plugin()->backfill_runner()->run( $run->id );
	}

	private function queued(): int {
		return $this->plugin()->jobs()->counts()['queued'];
	}

	public function test_it_queues_what_has_no_job_once_and_says_what_it_left_out(): void {
		$done = $this->upload( 'done.pdf', 'done' );
		$this->plugin()->job_manager()->enqueue( $done );
		$empty = $this->upload( 'empty.pdf', '' );
		$ids   = $this->library( 3 );
		$this->library( 1, 'application/pdf', 2 * GB_IN_BYTES );
		$videos = $this->library( 2, 'video/mp4' );
		$run  = $this->finish( $this->start() );
		self::assertSame( array( Run::DONE, 100 ), array( $run->state, $run->percent() ) );
		self::assertSame( array( 1, 1 ), array( $run->tally->refused['aidoc_file_empty']['n'], $run->tally->refused['aidoc_file_too_large']['n'] ) );
		self::assertStringContainsString( 'This file is empty', $run->tally->refused['aidoc_file_empty']['sentence'] );
		$jobs = $this->plugin()->jobs()->latest_for_attachments( array_merge( $ids, $videos, array( $empty ) ) );
		self::assertSame( $ids, array_keys( $jobs ) );
		self::assertSame( array( State::Queued, 1000, "a$ids[0].pdf", 'enqueued' ), array( $jobs[ $ids[0] ]->state, $jobs[ $ids[0] ]->bytes, $jobs[ $ids[0] ]->filename, $this->plugin()->events()->for_job( $jobs[ $ids[0] ]->id )[0]['kind'] ) );
		$again = $this->finish( $this->start() );
		self::assertSame( 0, $again->tally->queued );
		self::assertSame( 2, $again->tally->refusals() );
	}

	public function test_today_s_upload_is_leased_before_five_thousand_that_wait(): void {
		$this->library( 5_000 );
		$this->finish( $this->start() );
		self::assertSame( 5_000, $this->queued() );
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => true ) );
		$today = $this->upload( 'today.pdf', 'today' );
		self::assertSame( array( $today ), array_column( $this->agent()->lease(), 'attachment_id' ) );
		$text = $this->upload( 'today.txt', 'today', 'text/plain' );
		self::assertSame( array( $text ), array_column( $this->agent( 'texts' )->lease( 1, array( 'text/plain', 'image/png' ) ), 'attachment_id' ), 'Also by type, past a head of the queue that is for others.' );
		self::assertSame( array( Priority::BACKFILL => 5_000 ), array_map( 'intval', array_column( Database::rows( 'SELECT priority, COUNT(*) AS n FROM ' . Database::table( 'jobs' ) . " WHERE state = 'queued' GROUP BY priority" ), 'n', 'priority' ) ) );
	}

	public function test_many_in_bounded_memory(): void {
		$this->library( 25_000 ); // make bench-plugin does 100,000.
		$memory = memory_get_usage();
		$most   = 0;
		$run    = $this->plugin()->backfill_runner()->run(
			$this->start()->id,
			INF,
			static function () use ( &$most ): void {
				$most = max( $most, memory_get_usage() );
			}
		);
		self::assertSame( array( 25_000, 25_000 ), array( $run->tally->queued, $this->queued() ) );
		self::assertLessThan( 6 * MB_IN_BYTES, $most - $memory );
	}

	public function test_two_runners_make_each_job_once_and_count_it_once(): void {
		$this->library( Runner::BATCH * 3 );
		$run = $this->start();
		$own = $this->plugin()->backfills()->find( $run->id );
		$this->plugin()->backfill_runner()->run( $run->id, 0 );
		// The other one has read the run before, and comes to write now.
		self::assertFalse( $this->plugin()->backfills()->advance( $own, $own->upto, true ) );
		$done = $this->finish( $run );
		self::assertSame( array( Runner::BATCH * 3, Runner::BATCH * 3 ), array( $done->tally->queued, $this->queued() ) );
	}

	public function test_runners_in_several_processes(): void {
		$ids = $this->library( Runner::BATCH * 12 );
		$run = $this->start();
		$all = array();
		for ( $i = 0; $i < 3; $i++ ) {
			$all[] = proc_open( array( PHP_BINARY, __DIR__ . '/backfiller.php', (string) $run->id ), array( 1 => array( 'pipe', 'w' ), 2 => array( 'pipe', 'w' ) ), $pipes[ $i ] );
		}
		$said = array_map( static fn( array $pipe ): string => stream_get_contents( $pipe[1] ) . stream_get_contents( $pipe[2] ), $pipes );
		array_map( 'proc_close', $all );
		wp_cache_flush();
		$done = $this->plugin()->backfills()->find( $run->id );
		self::assertSame( array( 'done', count( $ids ), count( $ids ) ), array( $done->state, $done->tally->queued, $this->queued() ), implode( "\n", $said ) );
		self::assertSame( count( $ids ), (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . Database::table( 'events' ) . " WHERE kind = 'enqueued'" )['n'] );
	}

	public function test_a_runner_that_dies_in_the_middle_of_a_page_leaves_it_whole_to_the_next(): void {
		$this->library( Runner::BATCH + 1 );
		$run  = $this->start();
		$dies = static function ( string $sql ): string {
			if ( str_contains( $sql, 'aidoc_events' ) && str_contains( $sql, 'INSERT' ) ) {
				throw new \RuntimeException( 'killed' );
			}
			return $sql;
		};
		add_filter( 'query', $dies );
		try {
			$this->plugin()->backfill_runner()->run( $run->id );
			self::fail( 'Nothing died.' );
		} catch ( \RuntimeException $error ) {
			self::assertSame( 'killed', $error->getMessage() );
		} finally {
			remove_filter( 'query', $dies );
		}
		self::assertSame( array( 0, 0 ), array( $this->queued(), $this->plugin()->backfills()->find( $run->id )->cursor ) );
		self::assertSame( Runner::BATCH + 1, $this->finish( $run )->tally->queued );
		self::assertSame( Runner::BATCH + 1, $this->queued() );
	}

	public function test_pause_resume_and_stop(): void {
		$manager = $this->plugin()->backfill_manager();
		self::assertSame( 'aidoc_no_backfill', $manager->pause()->get_error_code() );
		$this->library( Runner::BATCH * 2 );
		$run = $this->start();
		$this->plugin()->backfill_runner()->run( $run->id, 0 );
		self::assertSame( 'aidoc_backfill_open', $manager->start( $this->filter(), false )->get_error_code() );
		self::assertSame( Run::PAUSED, $manager->pause()->state );
		self::assertSame( Runner::BATCH, $this->finish( $run )->tally->queued, 'A pause is heeded.' );
		self::assertSame( Run::RUNNING, $manager->resume()->state );
		self::assertSame( 'aidoc_no_backfill', $manager->resume()->get_error_code() );
		self::assertSame( Run::STOPPED, $manager->stop()->state );
		self::assertSame( array( Run::STOPPED, Runner::BATCH ), array( $this->finish( $run )->state, $this->queued() ) );
		self::assertSame( Run::RUNNING, $this->start()->state, 'Another may begin.' );
	}

	public function test_a_dry_run_counts_and_queues_nothing(): void {
		$this->library( 2, 'application/pdf', 3000 );
		$this->library( 1, 'text/plain', 10 );
		$run = $this->finish( $this->start( array(), true ) );
		self::assertSame( array( true, 3, 6010, 0 ), array( $run->dry, $run->tally->queued, $run->tally->bytes, $this->queued() ) );
		self::assertEquals( $run->tally, $this->plugin()->backfill_runner()->count( $this->filter() ), 'The same in memory.' );
		self::assertSame( array( 'application/pdf' => 2, 'text/plain' => 1 ), $run->tally->mimes );
	}

	public function test_what_it_will_cost_goes_by_the_type_of_what_was_read(): void {
		self::assertNull( $this->plugin()->backfill_estimate()->of( new Tally( mimes: array( 'application/pdf' => 1 ) ) ) );
		foreach ( array( 'a.pdf' => array( 'application/pdf', 0.04 ), 'b.pdf' => array( 'application/pdf', 0.02 ), 'c.txt' => array( 'text/plain', 0.0 ) ) as $name => list( $mime, $usd ) ) {
			$this->plugin()->job_manager()->enqueue( $this->upload( $name, $name, $mime ) );
			$agent ??= $this->agent();
			$agent->result( $agent->lease()[0], array( 'cost_usd' => $usd ) );
		}
		$estimate = $this->plugin()->backfill_estimate();
		self::assertEqualsWithDelta( 0.30, $estimate->of( new Tally( mimes: array( 'application/pdf' => 10 ) ) )['usd'], 1e-9 );
		self::assertEqualsWithDelta( 0.0, $estimate->of( new Tally( mimes: array( 'text/plain' => 10 ) ) )['usd'], 1e-9 );
		self::assertEqualsWithDelta( 0.20, $estimate->of( new Tally( mimes: array( 'application/msword' => 10 ) ) )['usd'], 1e-9, 'A type that was never read: the mean of all.' );
	}

	/** @dataProvider filters */
	public function test_a_filter( array $given, int $expected ): void {
		$this->library( 1, 'application/pdf', 5_000, '2023-12-31 23:59:59' );
		$this->library( 2, 'text/plain', 100, '2024-01-01 00:00:00' );
		$this->library( 4, 'application/pdf', 9_000, '2024-02-02 10:00:00' );
		$run = $this->finish( $this->start( $given ) );
		self::assertSame( $expected, $run->tally->queued );
		self::assertSame( $expected, $this->queued() );
	}

	public function filters(): array {
		return array(
			'none'         => array( array(), 7 ),
			'from'         => array( array( 'from' => '2024-01-01' ), 6 ),
			'to'           => array( array( 'to' => '2023-12-31' ), 1 ),
			'both'         => array( array( 'from' => '2023-12-31', 'to' => '2024-01-01' ), 3 ),
			'type'         => array( array( 'types' => 'text' ), 2 ),
			'types'        => array( array( 'types' => array( 'text', 'pdf' ) ), 7 ),
			'small'        => array( array( 'max_bytes' => '1 KB' ), 2 ),
			'large'        => array( array( 'min_bytes' => '8K' ), 4 ),
			'between'      => array( array( 'min_bytes' => '101', 'max_bytes' => '5000' ), 1 ),
			'unattached'   => array( array( 'parent' => '-' ), 7 ),
			'of pages'     => array( array( 'parent' => 'page' ), 0 ),
		);
	}

	public function test_filters_by_parent_and_by_folder(): void {
		register_taxonomy( 'aidoc_test_folder', 'attachment', array( 'hierarchical' => true ) );
		$all  = $this->library( 3 );
		$page = wp_insert_post( array( 'post_type' => 'page', 'post_title' => 'p', 'post_status' => 'publish' ) );
		Database::wpdb()->update( Database::wpdb()->posts, array( 'post_parent' => $page ), array( 'ID' => $all[0] ) );
		$top   = wp_insert_term( 'top-' . wp_rand(), 'aidoc_test_folder' )['term_id'];
		$below = wp_insert_term( 'below-' . wp_rand(), 'aidoc_test_folder', array( 'parent' => $top ) )['term_id'];
		wp_set_object_terms( $all[1], $below, 'aidoc_test_folder' );
		$runner = $this->plugin()->backfill_runner();
		self::assertSame( 1, $runner->count( $this->filter( array( 'parent' => 'page' ) ) )->queued );
		self::assertSame( 2, $runner->count( $this->filter( array( 'parent' => '-' ) ) )->queued );
		self::assertSame( 1, $runner->count( $this->filter( array( 'taxonomy' => 'aidoc_test_folder', 'term' => get_term( $top )->slug ) ) )->queued, 'With the folders below.' );
		$run = $this->start( array( 'taxonomy' => 'aidoc_test_folder', 'term' => (string) $below ) );
		wp_delete_term( $below, 'aidoc_test_folder' );
		$stopped = $this->finish( $run );
		self::assertSame( array( Run::STOPPED, 0 ), array( $stopped->state, $stopped->tally->queued ), 'A folder that is gone is not the whole library.' );
		wp_delete_term( $top, 'aidoc_test_folder' );
		wp_delete_post( $page, true );
		unregister_taxonomy( 'aidoc_test_folder' );
		delete_option( 'aidoc_test_folder_children' );
	}

	/** @dataProvider nonsense */
	public function test_what_makes_no_sense_is_refused_with_its_field( array $given, string $field ): void {
		$error = Filter::from( $given );
		self::assertInstanceOf( \WP_Error::class, $error );
		self::assertSame( $field, $error->get_error_data()['field'] );
		self::assertMatchesRegularExpression( '/\.$/', $error->get_error_message() );
	}

	public function nonsense(): array {
		return array(
			array( array( 'which' => 'some' ), 'which' ),
			array( array( 'types' => 'pdf,zip' ), 'types' ),
			array( array( 'types' => array( array() ) ), 'types' ),
			array( array( 'from' => '2024-02-30' ), 'from' ),
			array( array( 'to' => "2024-02-20' OR 1" ), 'to' ),
			array( array( 'from' => '2024-02-02', 'to' => '2024-02-01' ), 'to' ),
			array( array( 'min_bytes' => 'much' ), 'min_bytes' ),
			array( array( 'max_bytes' => '-1' ), 'max_bytes' ),
			array( array( 'min_bytes' => '2 MB', 'max_bytes' => '1 MB' ), 'max_bytes' ),
			array( array( 'taxonomy' => 'category' ), 'taxonomy' ),
			array( array( 'term' => '12' ), 'term' ),
			array( array( 'parent' => 'nothing' ), 'parent' ),
		);
	}

	public function test_unfinished_and_all_queue_again_what_ended(): void {
		$failed = $this->upload( 'f.pdf', 'f' );
		$read   = $this->upload( 'r.pdf', 'r' );
		$agent  = $this->agent();
		$this->plugin()->job_manager()->enqueue( $read );
		$agent->result( $agent->lease()[0] );
		$this->plugin()->jobs()->cancel( $this->plugin()->job_manager()->enqueue( $failed )->id, 'x', 'x' );
		self::assertSame( 0, $this->finish( $this->start() )->tally->queued );
		self::assertSame( 1, $this->finish( $this->start( array( 'which' => 'unfinished' ) ) )->tally->queued );
		self::assertSame( array( State::Queued, State::Done ), array( $this->job_of( $failed )->state, $this->job_of( $read )->state ) );
		$run = $this->finish( $this->start( array( 'which' => 'all' ) ) );
		self::assertSame( array( 1, 12, 1 ), array( $run->tally->queued, $run->tally->pages, $run->tally->paged ), 'Pages are known of what was read before; what waits is not queued twice.' );
		self::assertSame( array( State::Queued, 2 ), array( $this->job_of( $read )->state, $this->plugin()->jobs()->query( array() )['total'] ) );
	}

	public function test_photographs_are_spared_unless_pictures_are_asked_for(): void {
		$scan  = $this->library( 1, 'image/jpeg' )[0];
		$badge = $this->library( 1, 'image/png' )[0];
		foreach ( array( $scan => 2000, $badge => 100 ) as $id => $side ) {
			wp_update_attachment_metadata( $id, array( 'filesize' => 1000, 'width' => $side, 'height' => $side ) );
		}
		$runner = $this->plugin()->backfill_runner();
		self::assertEquals( array( 1, 1 ), array( $runner->count( $this->filter() )->queued, $runner->count( $this->filter() )->skipped ) );
		self::assertSame( 2, $runner->count( $this->filter( array( 'types' => 'images' ) ) )->queued );
	}

	public function test_other_plugins_can_leave_documents_out(): void {
		$ids    = $this->library( 2 );
		$filter = static fn( bool $should, int $id ): bool => $should && $id !== $ids[0];
		add_filter( 'aidoc_should_enqueue', $filter, 10, 2 );
		$run    = $this->finish( $this->start() );
		remove_filter( 'aidoc_should_enqueue', $filter, 10 );
		self::assertSame( array( 1, 1 ), array( $run->tally->queued, $run->tally->refused['aidoc_not_wanted']['n'] ) );
	}

	public function test_what_is_uploaded_meanwhile_is_not_looked_at(): void {
		$this->library( 1 );
		$run = $this->start();
		$this->library( 1 );
		self::assertSame( 1, $this->finish( $run )->tally->seen );
	}

	public function test_cron_drives_it_and_orders_the_next_tick_when_one_has_died(): void {
		$this->library( 2 );
		$run      = $this->start();
		$schedule = $this->plugin()->backfill_schedule();
		self::assertNotFalse( wp_next_scheduled( 'aidoc_backfill' ) );
		wp_clear_scheduled_hook( 'aidoc_backfill' );
		$this->plugin()->housekeeping()->run();
		self::assertFalse( wp_next_scheduled( 'aidoc_backfill' ), 'It was heard of a moment ago.' );
		$this->clock()->advance( 61_000 );
		$this->plugin()->housekeeping()->run();
		self::assertNotFalse( wp_next_scheduled( 'aidoc_backfill' ) );
		do_action( 'aidoc_backfill' );
		self::assertSame( Run::DONE, $this->plugin()->backfills()->find( $run->id )->state );
		$schedule->tick();
		wp_clear_scheduled_hook( 'aidoc_backfill' );
	}

	public function test_where_cron_is_off_requests_of_agents_drive_it(): void {
		$this->library( 2 );
		$run = $this->start();
		$this->plugin()->housekeeping()->slice();
		self::assertSame( 0, $this->queued(), 'Somebody works on it.' );
		$this->clock()->advance( 11_000 );
		$this->plugin()->housekeeping()->slice();
		self::assertSame( array( Run::DONE, 2 ), array( $this->plugin()->backfills()->find( $run->id )->state, $this->queued() ) );
	}

	public function test_old_runs_are_forgotten(): void {
		for ( $i = 0; $i < 25; $i++ ) {
			$this->finish( $this->start() );
		}
		self::assertSame( 21, (int) Database::row( 'SELECT COUNT(*) AS n FROM ' . Database::table( 'backfills' ) )['n'] );
	}
}
