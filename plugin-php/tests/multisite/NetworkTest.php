<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Multisite;

use AIDoc\Database;
use AIDoc\Queue\Cron;
use AIDoc\Lifecycle;
use AIDoc\Schema;

require_once __DIR__ . '/NetworkTestCase.php';

/** Sites that come and go, and the plugin that comes and goes. */
final class NetworkTest extends NetworkTestCase {

	private const PLUGIN = 'ai-doc-pipeline/ai-doc-pipeline.php';

	public function test_a_new_site_gets_tables_and_a_schedule_and_loses_all_with_its_end(): void {
		$blog = $this->new_site();
		self::assertEqualsCanonicalizing( Database::TABLES, $this->tables( $blog ) );
		self::assertNotFalse( $this->on( $blog, static fn() => wp_next_scheduled( Cron::HOOK ) ) );
		$folder = $this->on(
			$blog,
			function (): string {
				$this->attach( 'a document' );
				return wp_upload_dir()['basedir'];
			}
		);
		self::assertDirectoryExists( "$folder/aidoc-doorbell" );
		wp_delete_site( $blog );
		self::assertSame( array(), $this->tables( $blog ) );
		self::assertDirectoryDoesNotExist( "$folder/aidoc-doorbell" );
		$this->end_request(); // What was touched there is past.
		self::assertSame( array(), $this->tables( $blog ) );
		self::assertSame( Database::TABLES, array_values( array_intersect( Database::TABLES, $this->tables( get_current_blog_id() ) ) ), 'This site keeps its own.' );
	}

	public function test_a_site_without_the_plugin_stays_without_it(): void {
		$network = get_site_option( 'active_sitewide_plugins' );
		$active  = get_option( 'active_plugins' );
		update_site_option( 'active_sitewide_plugins', array() );
		update_option( 'active_plugins', array( self::PLUGIN ) );
		try {
			$blog = $this->new_site();
			self::assertSame( array(), $this->tables( $blog ) );
			$id = $this->on( $blog, fn() => $this->attach( 'a document' ) );
			$this->on( $blog, static fn() => wp_update_attachment_metadata( $id, array( 'filesize' => 1 ) ) );
			$this->end_request();
			$this->on( $blog, static fn() => wp_delete_attachment( $id, true ) );
			self::assertSame( array(), $this->tables( $blog ), 'A request of a site that has the plugin makes no tables elsewhere.' );
			$this->on( $blog, static fn() => update_option( 'active_plugins', array( self::PLUGIN ) ) );
			$this->on( $blog, fn() => $this->attach( 'another document' ) );
			self::assertSame( array( 'queued' ), array_values( $this->jobs( $blog ) ), 'Active on that site alone is active there.' );
		} finally {
			update_site_option( 'active_sitewide_plugins', $network );
			update_option( 'active_plugins', $active );
		}
	}

	public function test_every_site_is_reached_however_many_and_whatever_its_state(): void {
		$rows = implode( ',', array_map( static fn( int $i ) => "('host.invalid','/many-$i/',1)", range( 1, 120 ) ) );
		Database::write( "INSERT INTO {$GLOBALS['wpdb']->blogs} (domain, path, site_id) VALUES $rows" );
		Database::write( "UPDATE {$GLOBALS['wpdb']->blogs} SET archived = 1 WHERE path = '/many-1/'" );
		Database::write( "UPDATE {$GLOBALS['wpdb']->blogs} SET spam = 1, deleted = 1 WHERE path = '/many-2/'" );
		wp_cache_flush();
		$seen  = array();
		$quiet = $GLOBALS['wpdb']->suppress_errors(); // They have no tables, which WordPress misses.
		try {
			Lifecycle::each_site(
				true,
				static function () use ( &$seen ): void {
					$seen[] = get_current_blog_id();
				}
			);
		} finally {
			$all = array_map( 'intval', array_column( Database::rows( "SELECT blog_id FROM {$GLOBALS['wpdb']->blogs}" ), 'blog_id' ) );
			Database::write( "DELETE FROM {$GLOBALS['wpdb']->blogs} WHERE domain = 'host.invalid'" );
			wp_cache_flush();
			$GLOBALS['wpdb']->suppress_errors( $quiet );
		}
		self::assertGreaterThan( 120, count( $all ) );
		self::assertEqualsCanonicalizing( $all, $seen );
		self::assertFalse( ms_is_switched() );
	}

	public function test_an_error_on_one_site_leaves_nobody_on_it(): void {
		try {
			Lifecycle::on_site( $this->two, static fn() => throw new \RuntimeException( 'x' ) );
			self::fail( 'The error is passed on.' );
		} catch ( \RuntimeException $error ) {
			self::assertFalse( ms_is_switched() );
		}
	}

	public function test_deactivation_ends_the_schedule_on_every_site(): void {
		Lifecycle::deactivate( true );
		self::assertSame( array( false, false ), array( wp_next_scheduled( Cron::HOOK ), $this->on( $this->two, static fn() => wp_next_scheduled( Cron::HOOK ) ) ) );
		Lifecycle::activate( true );
		self::assertNotContains( false, array( wp_next_scheduled( Cron::HOOK ), $this->on( $this->two, static fn() => wp_next_scheduled( Cron::HOOK ) ) ) );
	}

	public function test_each_site_upgrades_itself_when_it_is_used(): void {
		$this->on( $this->two, array( Schema::class, 'drop' ) );
		self::assertSame( array(), $this->tables( $this->two ) );
		self::assertNotSame( array(), $this->tables( get_current_blog_id() ) );
		$this->on( $this->two, fn() => $this->attach( 'a document' ) );
		self::assertSame( array( 'queued' ), array_values( $this->jobs( $this->two ) ) );
	}

	public function test_uninstall_cleans_every_site_and_keeps_peoples_text(): void {
		$third = $this->new_site();
		update_blog_status( $third, 'archived', 1 );
		$sites = array( get_current_blog_id(), $this->two, $third );
		$posts = array();
		foreach ( $sites as $blog ) {
			$posts[ $blog ] = $this->on(
				$blog,
				function (): int {
					$this->attach( 'a document' );
					$this->plugin()->settings()->update( array( 'max_attempts' => 5 ) );
					set_transient( 'aidoc_something', 1, 60 );
					return (int) wp_insert_post( array( 'post_type' => \AIDoc\Summaries\PostType::NAME, 'post_status' => 'draft', 'post_title' => 'A summary', 'post_content' => 'Text' ) );
				}
			);
		}
		$this->on( $this->two, fn() => $this->plugin()->settings()->update( array( 'delete_data_on_uninstall' => true ) ) );
		defined( 'WP_UNINSTALL_PLUGIN' ) || define( 'WP_UNINSTALL_PLUGIN', self::PLUGIN );
		require dirname( __DIR__, 2 ) . '/uninstall.php';
		wp_cache_flush();
		$left = array();
		foreach ( $sites as $blog ) {
			$left[ $blog ] = $this->on( $blog, fn() => array( $this->tables( $blog ), Database::rows( 'SELECT option_name FROM ' . Database::wpdb()->options . " WHERE option_name LIKE '%aidoc\\_%'" ), wp_next_scheduled( Cron::HOOK ), is_dir( wp_upload_dir()['basedir'] . '/aidoc-doorbell' ) ) );
		}
		$kept = array_map( fn( int $blog ) => $this->on( $blog, static fn() => get_post_status( $posts[ $blog ] ) ), $sites );
		Lifecycle::activate( true );
		foreach ( $sites as $blog ) {
			self::assertSame( array( array(), array(), false, false ), $left[ $blog ], "Site $blog" );
		}
		self::assertSame( array( 'draft', false, 'draft' ), $kept, 'The setting is each site’s own.' );
	}
}
