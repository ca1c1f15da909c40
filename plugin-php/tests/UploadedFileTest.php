<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;
use AIDoc\Jobs\UploadedFile;

/** What an attachment points at is data: nothing outside the uploads folder is read, hashed or sized, whatever it says. */
final class UploadedFileTest extends TestCase {

	private const SECRET = 'the password of the database';

	private string $outside;

	/** @var string[] */
	private array $made = array();

	protected function setUp(): void {
		parent::setUp();
		$folder        = get_temp_dir() . 'aidoc-outside-' . wp_rand();
		$this->outside = "$folder/secret.txt";
		mkdir( $folder );
		file_put_contents( $this->outside, self::SECRET );
		array_push( $this->made, $folder, $this->outside );
	}

	protected function tearDown(): void {
		foreach ( array_reverse( $this->made ) as $path ) {
			is_dir( $path ) && ! is_link( $path ) ? rmdir( $path ) : unlink( $path );
		}
		$this->made = array();
		parent::tearDown();
	}

	private function inside( string $name ): string {
		return wp_upload_dir()['basedir'] . '/' . $name;
	}

	private function link( string $target, string $name ): string {
		symlink( $target, $this->inside( $name ) );
		$this->made[] = $this->inside( $name );
		return $name;
	}

	/** @return string What `_wp_attached_file` says. */
	private function hostile( string $how ): string {
		switch ( $how ) {
			case 'an absolute path':
				return $this->outside;
			case 'a way up':
				return '../../wp-config.php';
			case 'a link to a file':
				return $this->link( $this->outside, 'aidoc-link.txt' );
			case 'a link to a folder':
				return $this->link( dirname( $this->outside ), 'aidoc-folder' ) . '/' . basename( $this->outside );
			case 'a folder with a longer name':
				$folder = untrailingslashit( wp_upload_dir()['basedir'] ) . '-private';
				mkdir( $folder );
				file_put_contents( "$folder/a.txt", self::SECRET );
				array_push( $this->made, $folder, "$folder/a.txt" );
				return '../' . basename( $folder ) . '/a.txt';
			case 'a wrapper':
				return 'data://text/plain,' . rawurlencode( self::SECRET );
			case 'a wrapper around a file':
				return 'file://' . $this->inside( 'aidoc-link.txt' );
			case 'a folder':
				return 'aidoc-doorbell';
			case 'a pipe':
				posix_mkfifo( $this->inside( 'aidoc-pipe.txt' ), 0600 );
				$this->made[] = $this->inside( 'aidoc-pipe.txt' );
				return 'aidoc-pipe.txt';
		}
		throw new \LogicException( $how );
	}

	public function ways_out(): array {
		$ways = array( 'an absolute path', 'a way up', 'a link to a file', 'a link to a folder', 'a folder with a longer name', 'a wrapper', 'a wrapper around a file', 'a folder', 'a pipe' );
		return array_combine( $ways, array_map( static fn( $way ) => array( $way ), $ways ) );
	}

	/** @dataProvider ways_out */
	public function test_nothing_outside_is_queued_hashed_or_sized( string $how ): void {
		$id = $this->upload( 'a.txt', 'harmless', 'text/plain' );
		update_post_meta( $id, '_wp_attached_file', wp_slash( $this->hostile( $how ) ) );
		$job = $this->plugin()->job_manager()->enqueue( $id );
		self::assertSame( array( State::Failed, 'aidoc_file_missing', '', 0, '' ), array( $job->state, $job->errorCode, $job->sourceSha256, $job->bytes, $job->fingerprint ) );
		self::assertMatchesRegularExpression( '/uploads folder.*Upload it again\.$/', $job->errorMessage );
		self::assertSame( array(), $this->agent()->lease() );
	}

	/** @dataProvider ways_out */
	public function test_nothing_outside_is_served_to_who_holds_the_lease( string $how ): void {
		$id    = $this->upload( 'a.txt', self::SECRET, 'text/plain' );
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		update_post_meta( $id, '_wp_attached_file', wp_slash( $this->hostile( $how ) ) );
		self::assertRefused( 'aidoc_file_missing', 404, self::fetch( $agent, $lease ) );
	}

	private static function fetch( TestAgent $agent, array $lease ): \WP_REST_Response {
		return $agent->send( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) );
	}

	public function test_the_name_of_an_original_image_leads_nowhere_else(): void {
		$id = $this->upload( 'a.jpg', 'small copy', 'image/jpeg' );
		wp_update_attachment_metadata( $id, array( 'original_image' => $this->outside ) );
		self::assertSame( $this->outside, wp_get_original_image_path( $id ), 'WordPress itself would go there.' );
		self::assertSame( hash( 'sha256', 'small copy' ), UploadedFile::of( $id )->sha256() );
	}

	public function test_a_link_that_is_laid_between_the_look_and_the_opening_is_noticed(): void {
		$id   = $this->upload( 'a.txt', 'harmless', 'text/plain' );
		$path = get_attached_file( $id );
		$swap = function ( array $folders ) use ( $path, &$swap ): array {
			remove_filter( 'aidoc_document_folders', $swap );
			unlink( $path );
			symlink( $this->outside, $path ); // The name was looked up by now, and is opened next.
			return $folders;
		};
		add_filter( 'aidoc_document_folders', $swap );
		self::assertNull( UploadedFile::open( $path ) );
		unlink( $path );
	}

	public function test_what_was_opened_is_what_is_sent(): void {
		$id    = $this->upload( 'a.txt', 'harmless', 'text/plain' );
		$agent = $this->agent();
		$file  = self::fetch( $agent, $agent->lease()[0] );
		$path  = get_attached_file( $id );
		unlink( $path );
		symlink( $this->outside, $path );
		ob_start();
		$file->stream();
		self::assertSame( 'harmless', ob_get_clean() );
		unlink( $path );
	}

	public function test_links_that_stay_inside_and_an_uploads_folder_that_is_a_link_work(): void {
		$id = $this->upload( 'a.txt', 'harmless', 'text/plain' );
		$this->link( get_attached_file( $id ), 'aidoc-inner.txt' );
		self::assertSame( 8, UploadedFile::open( $this->inside( 'aidoc-inner.txt' ) )->bytes() );
		$alias = get_temp_dir() . 'aidoc-alias-' . wp_rand();
		symlink( wp_upload_dir()['basedir'], $alias );
		$this->made[] = $alias;
		$real         = wp_upload_dir()['basedir'];
		$filter       = static fn( array $dir ): array => array_merge( $dir, array( 'basedir' => $alias ) );
		add_filter( 'upload_dir', $filter );
		$opened       = UploadedFile::of( $id );
		$direct       = UploadedFile::open( "$real/" . get_post_meta( $id, '_wp_attached_file', true ) );
		remove_filter( 'upload_dir', $filter );
		self::assertSame( 'harmless', file_get_contents( $opened->path ) );
		self::assertNotNull( $direct );
	}

	public function test_code_may_name_another_folder_and_an_attachment_may_not(): void {
		$id = $this->upload( 'a.txt', 'harmless', 'text/plain' );
		update_post_meta( $id, '_wp_attached_file', $this->outside );
		$folder = fn( array $folders ): array => array( ...$folders, dirname( $this->outside ) );
		add_filter( 'aidoc_document_folders', $folder );
		$opened = UploadedFile::of( $id );
		remove_filter( 'aidoc_document_folders', $folder );
		self::assertSame( strlen( self::SECRET ), $opened->bytes() );
		self::assertNull( UploadedFile::of( $id ) );
	}

	/** @dataProvider wide_folders */
	public function test_an_uploads_folder_that_holds_wordpress_is_none( string $folder ): void {
		$wide   = static fn( array $dir ): array => array_merge( $dir, array( 'basedir' => $folder ) );
		add_filter( 'upload_dir', $wide );
		$opened = array( UploadedFile::open( ABSPATH . 'wp-config.php' ), UploadedFile::open( AIDOC_FILE ) );
		remove_filter( 'upload_dir', $wide );
		self::assertSame( array( null, null ), $opened );
	}

	public function wide_folders(): array {
		return array( 'the root' => array( '/' ), 'WordPress' => array( ABSPATH ), 'its content' => array( WP_CONTENT_DIR ) );
	}
}
