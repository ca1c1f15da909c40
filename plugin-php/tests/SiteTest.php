<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Queue\Cron;
use AIDoc\Queue\Doorbell;
use AIDoc\Lifecycle;
use AIDoc\Media\Presence;
use AIDoc\Schema;
use AIDoc\SchemaLock;

/** The plugin on a site: tables, schedule, doorbell, health, uninstall. */
final class SiteTest extends TestCase {

	private static function tables(): array {
		return array_filter( Database::TABLES, static fn( $name ) => null !== $GLOBALS['wpdb']->get_var( $GLOBALS['wpdb']->prepare( 'SHOW TABLES LIKE %s', Database::table( $name ) ) ) );
	}

	public function test_the_schema_can_be_made_twice_and_keeps_its_rows(): void {
		$id = $this->job_of( $this->upload() )->id;
		require_once ABSPATH . 'wp-admin/includes/upgrade.php';
		Schema::create_tables();
		self::assertNotNull( $this->plugin()->jobs()->find( $id ) );
		self::assertSame( '', $GLOBALS['wpdb']->last_error );
	}

	public function test_an_up_to_date_schema_costs_one_look(): void {
		Schema::maybe_upgrade();
		$before = $GLOBALS['wpdb']->num_queries;
		Schema::maybe_upgrade();
		self::assertLessThanOrEqual( 1, $GLOBALS['wpdb']->num_queries - $before );
	}

	public function test_one_request_at_a_time_upgrades(): void {
		$newest = (int) get_option( Schema::OPTION );
		update_option( Schema::OPTION, $newest - 1, true );
		self::assertTrue( SchemaLock::take() );
		Schema::maybe_upgrade( 1 );
		self::assertSame( $newest - 1, (int) get_option( Schema::OPTION ), 'another request is at it' );

		Database::write( 'UPDATE ' . Database::wpdb()->options . ' SET option_value = %s WHERE option_name = %s', (string) ( time() - 3600 ), SchemaLock::OPTION );
		Schema::maybe_upgrade( 1 );
		self::assertSame( $newest, (int) get_option( Schema::OPTION ), 'that one was killed an hour ago' );
		self::assertTrue( SchemaLock::take(), 'it is given back' );
		SchemaLock::release();
	}

	public function test_what_another_request_has_upgraded_is_not_done_again(): void {
		$newest = (int) get_option( Schema::OPTION );
		update_option( Schema::OPTION, $newest - 1, true );
		get_option( Schema::OPTION ); // What this request has read.
		Database::write( 'UPDATE ' . Database::wpdb()->options . ' SET option_value = %s WHERE option_name = %s', (string) $newest, Schema::OPTION );
		$altered = 0;
		$spy     = static function ( $sql ) use ( &$altered ) {
			$altered += (int) preg_match( '/^\s*(ALTER|CREATE) /i', $sql );
			return $sql;
		};
		add_filter( 'query', $spy );
		Schema::maybe_upgrade();
		remove_filter( 'query', $spy );
		self::assertSame( 0, $altered );
	}

	/** @dataProvider claims */
	public function test_the_claim_uses_its_index_and_does_not_sort( bool $local_only, bool $no_other, string $index ): void {
		if ( Database::is_sqlite() ) {
			self::assertTrue( true, 'The drop-in has no EXPLAIN.' );
			return;
		}
		for ( $i = 0; $i < 30; $i++ ) {
			Database::write( 'INSERT INTO ' . Database::table( 'jobs' ) . " (attachment_id, source_sha256, state, mime) VALUES (%d, '', 'queued', 'a/b')", 1_000_000 + $i );
		}
		$queries = array();
		$spy     = static function ( $sql ) use ( &$queries ) {
			$queries[] = $sql;
			return $sql;
		};
		add_filter( 'query', $spy );
		$this->plugin()->candidates()->page( array( '*/*' ), 0, 5, $local_only, $no_other );
		remove_filter( 'query', $spy );
		$plan = Database::row( 'EXPLAIN ' . end( $queries ) );
		self::assertSame( $index, $plan['key'] );
		self::assertStringNotContainsString( 'filesort', (string) $plan['Extra'] );
	}

	public function claims(): array {
		return array(
			'of an agent that keeps documents' => array( true, false, 'claim' ),
			'of any other'                     => array( false, false, 'claim_open' ),
			'of one whose model is away'       => array( true, true, 'claim_open' ),
		);
	}

	public function test_the_doorbell_changes_size_each_time_and_tells_nothing(): void {
		$bell = new Doorbell();
		$path = str_replace( wp_upload_dir()['baseurl'], wp_upload_dir()['basedir'], $bell->url() );
		self::assertMatchesRegularExpression( '#/aidoc-doorbell/[0-9a-f]{32}\.txt$#', $path );
		self::assertFileExists( dirname( $path ) . '/index.html' );
		for ( $i = 0; $i < 100; $i++ ) {
			$before = array( filesize( $path ), file_get_contents( $path ) );
			$bell->ring();
			clearstatcache();
			self::assertNotSame( $before[0], filesize( $path ), 'Two rings in one second must have two ETags.' );
			self::assertMatchesRegularExpression( '/^[0-9a-f]+\n$/', file_get_contents( $path ) );
			self::assertLessThanOrEqual( 64, filesize( $path ) );
		}
		self::assertCount( 2, glob( dirname( $path ) . '/*' ), 'No temporary file stays behind.' );
	}

	/** @dataProvider people */
	public function test_who_opens_the_library_after_a_silence_rings( string $role, int $silent, bool $rings ): void {
		$path = str_replace( wp_upload_dir()['baseurl'], wp_upload_dir()['basedir'], ( new Doorbell() )->url() );
		touch( $path, time() - $silent );
		clearstatcache();
		$before = file_get_contents( $path );
		wp_set_current_user( wp_insert_user( array( 'user_login' => 'someone-' . wp_rand(), 'user_pass' => 'x', 'role' => $role ) ) );
		$presence = new Presence( new Doorbell() );
		$presence->seen();
		$after = file_get_contents( $path );
		self::assertSame( $rings, $before !== $after );
		$presence->seen();
		self::assertSame( $after, file_get_contents( $path ), 'not at each look' );
	}

	public static function people(): array {
		return array(
			'an author, a day after the last'     => array( 'author', 86_400, true ),
			'an author, minutes after the last'   => array( 'author', 600, false ),
			'somebody who may not upload'         => array( 'subscriber', 86_400, false ),
		);
	}

	public function test_housekeeping_puts_back_leases_and_forgets_old_events(): void {
		$id = $this->upload();
		self::assertCount( 1, $this->agent()->lease() );
		$this->clock()->advance( 121_000 );
		do_action( Cron::HOOK );
		self::assertSame( 'queued', $this->job_of( $id )->state->value );
		self::assertNotSame( array(), $this->plugin()->events()->recent( array() ) );
		$this->clock()->advance( 31 * 86_400_000 );
		do_action( Cron::HOOK );
		self::assertSame( array(), $this->plugin()->events()->recent( array() ) );
	}

	public function test_uninstall_removes_everything_but_peoples_text(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$post  = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		$this->plugin()->settings()->update( array( 'max_attempts' => 5 ) );
		$this->plugin()->settings()->set_legacy_secret( 'a-long-shared-secret' );
		set_transient( 'aidoc_something', 1, 60 );
		Cron::schedule();
		$folder = wp_upload_dir()['basedir'] . '/aidoc-doorbell';
		self::assertDirectoryExists( $folder );

		$this->uninstall();

		self::assertSame( array(), self::tables() );
		self::assertSame( array(), Database::rows( 'SELECT option_name FROM ' . Database::wpdb()->options . " WHERE option_name LIKE '%aidoc\\_%'" ) );
		self::assertFalse( wp_next_scheduled( Cron::HOOK ) );
		self::assertDirectoryDoesNotExist( $folder );
		self::assertSame( 'draft', get_post_status( $post ) );
		self::assertSame( 'attachment', get_post_type( $id ) );
		Lifecycle::activate();
		self::assertCount( count( Database::TABLES ), self::tables() );
		self::assertNotFalse( wp_next_scheduled( Cron::HOOK ) );
		wp_delete_post( $post, true );
	}

	public function test_uninstall_removes_summaries_too_when_asked_to(): void {
		$this->upload();
		$agent = $this->agent();
		$post  = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		$this->plugin()->settings()->update( array( 'delete_data_on_uninstall' => true ) );
		$this->uninstall();
		self::assertNull( get_post( $post ) );
		self::assertSame( array(), $this->summaries() );
		Lifecycle::activate();
	}

	private function uninstall(): void {
		defined( 'WP_UNINSTALL_PLUGIN' ) || define( 'WP_UNINSTALL_PLUGIN', 'ai-doc-pipeline/ai-doc-pipeline.php' );
		require dirname( __DIR__ ) . '/uninstall.php';
		wp_cache_flush();
	}

	public function test_a_network_drops_our_tables_with_a_blog(): void {
		self::assertContains( Database::table( 'jobs' ), Lifecycle::on_drop_tables( array() ) );
	}
}
