<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Multisite;

use AIDoc\Backfill\Filter;
use AIDoc\Backfill\Run;
use AIDoc\Database;

require_once __DIR__ . '/NetworkTestCase.php';

/** Each site of a network has its own backfill. */
final class BackfillNetworkTest extends NetworkTestCase {

	public function test_each_site_reads_its_own_library(): void {
		$manager = $this->plugin()->backfill_manager();
		Database::write( 'DELETE FROM ' . Database::wpdb()->posts . " WHERE post_type = 'attachment'" );
		$this->on( $this->two, static fn() => Database::write( 'DELETE FROM ' . Database::wpdb()->posts . " WHERE post_type = 'attachment'" ) );
		$this->old_document();
		$this->on( $this->two, fn() => array( $this->old_document(), $this->old_document() ) );
		$one = $manager->start( new Filter(), false );
		$two = $this->on( $this->two, static fn() => $manager->start( new Filter(), false ) );
		self::assertInstanceOf( Run::class, $two, 'That one site has one open is nothing to the other.' );
		$runner = $this->plugin()->backfill_runner();
		self::assertSame( 2, $this->on( $this->two, static fn() => $runner->run( $two->id ) )->tally->queued );
		self::assertSame( Run::RUNNING, $this->plugin()->backfills()->find( $one->id )->state );
		self::assertSame( 1, $runner->run( $one->id )->tally->queued );
		self::assertSame( array( 1, 2 ), array( $this->plugin()->jobs()->counts()['queued'], $this->on( $this->two, fn() => $this->plugin()->jobs()->counts()['queued'] ) ) );
		foreach ( array( get_current_blog_id(), $this->two ) as $blog ) {
			$this->on( $blog, static fn() => wp_clear_scheduled_hook( 'aidoc_backfill' ) );
		}
	}
}
