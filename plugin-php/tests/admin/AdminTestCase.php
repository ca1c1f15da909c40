<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\Module;
use AIDoc\Jobs\Job;
use AIDoc\Plugin;
use AIDoc\REST\ItemsController;
use PHPUnit\Framework\TestCase;

/** Redirects and wp_die() end a request; here they become exceptions that a test can look at. */
final class Redirected extends \Exception {}

final class Died extends \Exception {}

/**
 * Runs inside a real WordPress. Each test is one database transaction that is rolled back.
 */
abstract class AdminTestCase extends TestCase {

	protected Plugin $plugin;

	protected function setUp(): void {
		parent::setUp();
		global $wpdb;
		require_once ABSPATH . 'wp-admin/includes/admin.php';
		$wpdb->query( 'START TRANSACTION' );
		wp_cache_flush();
		foreach ( \AIDoc\Database::TABLES as $table ) {
			$wpdb->query( "DELETE FROM {$wpdb->prefix}aidoc_$table" );
		}
		delete_option( 'aidoc_settings' );
		delete_option( 'aidoc_legacy_secret' );
		$this->plugin = Plugin::instance();
		$_GET         = array();
		$_POST        = array();
		$_REQUEST     = array();
		add_filter( 'wp_redirect', array( self::class, 'throw_redirect' ) );
		add_filter( 'wp_die_handler', array( self::class, 'die_handler' ), PHP_INT_MAX );
		add_filter( 'wp_die_ajax_handler', array( self::class, 'die_handler' ), PHP_INT_MAX );
	}

	protected function screens(): Module {
		return new Module( $this->plugin );
	}

	protected function items(): ItemsController {
		return ( new \AIDoc\REST\Module( $this->plugin ) )->items();
	}

	protected function tearDown(): void {
		global $wpdb;
		remove_filter( 'wp_redirect', array( self::class, 'throw_redirect' ) );
		remove_filter( 'wp_die_handler', array( self::class, 'die_handler' ), PHP_INT_MAX );
		remove_filter( 'wp_die_ajax_handler', array( self::class, 'die_handler' ), PHP_INT_MAX );
		wp_set_current_user( 0 );
		$wpdb->query( 'ROLLBACK' );
		wp_cache_flush();
		parent::tearDown();
	}

	public static function throw_redirect( string $location ): string {
		throw new Redirected( $location );
	}

	public static function die_handler(): callable {
		return static function ( $message, $title = '', $args = array() ): void {
			throw new Died( is_wp_error( $message ) ? $message->get_error_message() : (string) $message, (int) ( is_array( $args ) ? $args['response'] ?? 500 : $args ) );
		};
	}

	/** Makes a user of that role and logs them in. */
	protected function log_in( string $role ): int {
		$id = wp_insert_user(
			array(
				'user_login' => $role . '-' . wp_generate_password( 8, false ),
				'user_pass'  => wp_generate_password(),
				'role'       => $role,
			)
		);
		$this->assertIsInt( $id );
		wp_set_current_user( $id );
		return $id;
	}

	/** A real small file of its own content, never enqueued. */
	protected function attachment( string $name = 'paper.txt', array $post = array() ): int {
		$file = wp_upload_bits( $name, null, 'Content of ' . $name . ' ' . wp_generate_password( 12, false ) );
		$this->assertFalse( $file['error'], (string) $file['error'] );
		$type = wp_check_filetype( $file['file'] );
		$id   = wp_insert_attachment(
			$post + array(
				'post_title'     => pathinfo( $name, PATHINFO_FILENAME ),
				'post_mime_type' => $type['type'],
				'post_status'    => 'inherit',
				'post_author'    => get_current_user_id(),
			),
			$file['file']
		);
		$this->drop_jobs( $id );
		return $id;
	}

	/** A job of that attachment in the state that the test is about. */
	protected function job( int $attachment_id, array $columns = array() ): Job {
		$job = $this->plugin->job_manager()->enqueue( $attachment_id );
		$this->assertInstanceOf( Job::class, $job );
		if ( $columns ) {
			$this->set( 'jobs', $job->id, $columns );
		}
		return $this->plugin->jobs()->find( $job->id );
	}

	protected function set( string $table, int $id, array $columns ): void {
		global $wpdb;
		$this->assertNotFalse( $wpdb->update( $wpdb->prefix . 'aidoc_' . $table, $columns, array( 'id' => $id ) ), $wpdb->last_error );
	}

	protected function now(): int {
		return $this->plugin->clock()->now_ms();
	}

	private function drop_jobs( int $attachment_id ): void {
		global $wpdb;
		$wpdb->delete( $wpdb->prefix . 'aidoc_jobs', array( 'attachment_id' => $attachment_id ) );
	}
}
