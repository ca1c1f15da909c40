<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Admin\Module;
use AIDoc\Auth\KeyStore;
use AIDoc\Auth\RootKeys;
use AIDoc\Database;
use AIDoc\Front\Module as Front;
use AIDoc\Jobs\Job;
use AIDoc\Plugin;
use AIDoc\Schema;
use AIDoc\Settings;
use AIDoc\Summaries\PostType;

/** Each test starts with empty tables and the real clock. */
abstract class TestCase extends \PHPUnit\Framework\TestCase {

	/** @var int[] */
	private array $attachments = array();

	protected function setUp(): void {
		parent::setUp();
		FakeClock::get()->reset();
		Schema::maybe_upgrade();
		foreach ( Database::TABLES as $table ) {
			Database::write( 'DELETE FROM ' . Database::table( $table ) );
		}
		$this->plugin()->links()->forget();
		delete_option( Settings::OPTION );
		delete_option( Settings::LEGACY_SECRET );
		foreach ( $this->summaries() as $post ) {
			wp_delete_post( $post->ID, true );
		}
		unset( $GLOBALS['post'] );
		wp_set_current_user( 0 );
	}

	protected function tearDown(): void {
		foreach ( $this->attachments as $id ) {
			$summary = $this->plugin()->links()->summary_of( $id );
			if ( $summary ) {
				wp_delete_post( $summary, true );
			}
			wp_delete_attachment( $id, true );
		}
		$this->attachments = array();
		wp_set_current_user( 0 );
		parent::tearDown();
	}

	protected function plugin(): Plugin {
		return Plugin::instance();
	}

	/** The pages of wp-admin. */
	protected function screens(): Module {
		return new Module( $this->plugin() );
	}

	/** What pages of the site show, as at the beginning of a request. */
	protected static function front(): Front {
		return new Front( Plugin::instance() );
	}

	protected function clock(): FakeClock {
		return FakeClock::get();
	}

	/** Uploads as the media library does: the file in place, the attachment inserted, the hooks run. */
	protected function upload( string $name = 'minutes.pdf', string $bytes = "%PDF-1.4\nhello", string $mime = 'application/pdf', int $author = 1 ): int {
		$dir  = wp_upload_dir();
		$path = $dir['path'] . '/' . wp_unique_filename( $dir['path'], $name );
		file_put_contents( $path, $bytes );
		$id                  = wp_insert_attachment( array( 'post_mime_type' => $mime, 'post_title' => preg_replace( '/\.[^.]+$/', '', $name ), 'post_author' => $author, 'post_status' => 'inherit' ), $path );
		$this->attachments[] = $id;
		return $id;
	}

	protected function job_of( int $attachment_id ): ?Job {
		return $this->plugin()->jobs()->latest_for_attachments( array( $attachment_id ) )[ $attachment_id ] ?? null;
	}

	/** An agent that has joined, with its key. */
	protected function agent( string $name = 'scan-1' ): TestAgent {
		$made                    = $this->plugin()->agent_manager()->create( $name );
		list( $key_id, $secret ) = $this->plugin()->key_ring()->issue_key( $made['agent']->id );
		$this->plugin()->agents()->set_state( $made['agent']->id, 'active' );
		return new TestAgent( $this->plugin()->agents()->find( $made['agent']->id ), $key_id, $secret );
	}

	protected static function assertRefused( string $code, int $status, \WP_REST_Response $answer ): void {
		self::assertSame( $code, $answer->get_data()['code'] ?? 'no code: ' . wp_json_encode( $answer->get_data() ) );
		self::assertSame( $status, $answer->get_status() );
		self::assertSame( $status, $answer->get_data()['data']['status'] );
		self::assertMatchesRegularExpression( '/\.$/', $answer->get_data()['message'], 'A refusal is a sentence.' );
	}

	/** What a site's wp-config.php defines, as the root keys see it; wp_salt() gives $wordpress. */
	protected static function roots( array $constants, string $wordpress = 'what WordPress keeps in the database, unsound' ): RootKeys {
		return new RootKeys( static fn( string $name ): mixed => $constants[ $name ] ?? null, static fn(): string => $wordpress );
	}

	protected static function store( string $own ): KeyStore {
		return new KeyStore( self::roots( array( RootKeys::CONSTANT => $own ) ) );
	}

	protected function summaries(): array {
		return get_posts( array( 'post_type' => PostType::NAME, 'post_status' => 'any', 'numberposts' => -1 ) );
	}
}
