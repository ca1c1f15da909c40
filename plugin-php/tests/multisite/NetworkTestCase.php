<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Multisite;

use AIDoc\Database;
use AIDoc\Jobs\Uploads;
use AIDoc\Lifecycle;
use AIDoc\Settings;
use AIDoc\Tests\TestCase;

/** Inside a real network of two sites, with the plugin active on all of them. */
abstract class NetworkTestCase extends TestCase {

	protected int $two;

	/** @var int[] Sites made by a test. */
	private array $made = array();

	/** @var list<array{0:int,1:int}> Blog and id of each attachment. */
	private array $attached = array();

	protected function setUp(): void {
		if ( ! is_multisite() ) {
			self::markTestSkipped( 'This WordPress is no network; see scripts/wp/up.sh --multisite.' );
		}
		parent::setUp();
		$_SERVER['REMOTE_ADDR'] = '127.0.0.1'; // WordPress logs who makes a site.
		$this->two              = (int) get_site_by_path( get_network()->domain, '/two/' )->blog_id;
		Lifecycle::activate( true );
		$this->on(
			$this->two,
			static function (): void {
				foreach ( Database::TABLES as $table ) {
					Database::write( 'DELETE FROM ' . Database::table( $table ) );
				}
				delete_option( Settings::OPTION );
			}
		);
	}

	protected function tearDown(): void {
		while ( ms_is_switched() ) {
			restore_current_blog();
		}
		foreach ( $this->attached as list( $blog, $id ) ) {
			Lifecycle::on_site( $blog, static fn() => wp_delete_attachment( $id, true ) );
		}
		$this->end_request();
		foreach ( $this->made as $blog ) {
			if ( get_site( $blog ) ) {
				wp_delete_site( $blog );
			}
		}
		parent::tearDown();
	}

	/**
	 * @template T
	 * @param callable():T $work
	 * @return T
	 */
	protected function on( int $blog, callable $work ): mixed {
		switch_to_blog( $blog );
		try {
			return $work();
		} finally {
			restore_current_blog();
		}
	}

	protected function new_site(): int {
		$blog = wp_insert_site( array( 'domain' => get_network()->domain, 'path' => '/t' . wp_rand() . '/', 'network_id' => get_current_network_id(), 'user_id' => 1, 'title' => 'Another' ) );
		self::assertIsInt( $blog );
		$this->made[] = $blog;
		return $blog;
	}

	/** An attachment of the current blog, with an id of our choice: ids of two blogs are often the same. */
	protected function attach( string $bytes, int $id = 0 ): int {
		$dir  = wp_upload_dir();
		$path = $dir['path'] . '/' . wp_unique_filename( $dir['path'], 'a.txt' );
		file_put_contents( $path, $bytes );
		$id               = wp_insert_attachment( array( 'import_id' => $id ?: self::unused_id(), 'post_mime_type' => 'text/plain', 'post_title' => 'a', 'post_status' => 'inherit' ), $path );
		$this->attached[] = array( get_current_blog_id(), $id );
		return $id;
	}

	/** On no site. */
	private static function unused_id(): int {
		static $last = 0;

		$last = max( $last + 1, time() );
		return $last;
	}

	/** Documents of the library from before the plugin: nobody asked to have them read. */
	protected function old_document(): int {
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
		$id = $this->attach( 'An old document.' );
		$this->end_request();
		delete_option( Settings::OPTION );
		return $id;
	}

	protected function end_request(): void {
		foreach ( $GLOBALS['wp_filter']['shutdown'][5] ?? array() as $hook ) {
			if ( is_array( $hook['function'] ) && $hook['function'][0] instanceof Uploads ) {
				$hook['function'][0]->settle();
			}
		}
	}

	/** @return array<string,string> Hash of the file → state. */
	protected function jobs( int $blog ): array {
		return $this->on( $blog, static fn() => array_column( Database::rows( 'SELECT source_sha256, state FROM ' . Database::table( 'jobs' ) . ' ORDER BY id' ), 'state', 'source_sha256' ) );
	}

	/** @return string[] Names of our tables that the blog has. */
	protected function tables( int $blog ): array {
		$prefix = $GLOBALS['wpdb']->get_blog_prefix( $blog ) . 'aidoc_';
		return array_map( static fn( array $row ) => substr( (string) current( $row ), strlen( $prefix ) ), Database::rows( 'SHOW TABLES LIKE %s', $GLOBALS['wpdb']->esc_like( $prefix ) . '%' ) );
	}
}
