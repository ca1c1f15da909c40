<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;

/** Documents whose files other plugins keep in a bucket: agents are told where, and nothing is read twice. */
final class OffloadTest extends TestCase {

	/** @var int[] Attachments whose files this server never had. */
	private array $elsewhere = array();

	public static function setUpBeforeClass(): void {
		parent::setUpBeforeClass();
		foreach ( array( 'OffloadMediaItem' => 'DeliciousBrains\WP_Offload_Media\Items\Media_Library_Item', 'S3UploadsSettings' => 'S3_Uploads\Plugin', 'NamedStream' => '' ) as $stand_in => $real ) {
			require_once __DIR__ . "/$stand_in.php";
			if ( '' !== $real && ! class_exists( $real, false ) ) {
				class_alias( __NAMESPACE__ . "\\$stand_in", $real );
			}
		}
		defined( 'S3_UPLOADS_BUCKET' ) || define( 'S3_UPLOADS_BUCKET', 'acme-bucket' );
		OffloadMediaItem::install();
	}

	public static function tearDownAfterClass(): void {
		OffloadMediaItem::drop();
		parent::tearDownAfterClass();
	}

	protected function setUp(): void {
		parent::setUp();
		$this->offload_media_has_keys( true );
	}

	protected function tearDown(): void {
		S3UploadsSettings::get_instance()->tear_down();
		unset( $GLOBALS['as3cf'] );
		array_map( 'wp_delete_attachment', $this->elsewhere );
		$this->elsewhere = array();
		parent::tearDown();
	}

	private function offload_media_has_keys( bool $has ): void {
		$GLOBALS['as3cf'] = new class( $has ) {
			public function __construct( private readonly bool $has ) {}

			public function get_storage_provider(): self {
				return $this;
			}

			public function needs_access_keys(): bool {
				return ! $this->has;
			}
		};
	}

	public function test_a_file_moved_to_a_bucket_while_it_waited_is_read_there(): void {
		$id     = $this->upload( 'a.pdf', '%PDF the bytes' );
		$digest = $this->job_of( $id )->sourceSha256;
		OffloadMediaItem::offload( $id );
		$lease = $this->agent()->lease()[0];
		$key   = 'wp-content/uploads/' . get_post_meta( $id, '_wp_attached_file', true );
		self::assertSame( array( 'kind' => 'url', 'url' => "https://acme-media.s3.eu-west-1.amazonaws.com/$key" ), $lease['source'] );
		self::assertSame( $digest, $lease['sha256'], 'What the site hashed is what the agent has to find.' );
		self::assertSame( 1, $this->plugin()->jobs()->query( array() )['total'] );
	}

	public function test_a_file_moved_after_the_lease_comes_again_with_its_place(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		OffloadMediaItem::offload( $id );
		$answer = $agent->send( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) );
		self::assertRefused( 'aidoc_lease_lost', 409, $answer );
		$again = $agent->lease()[0];
		self::assertSame( array( 'url', 1 ), array( $again['source']['kind'], $again['attempt'] ), 'That was nobody’s fault.' );
	}

	public function test_a_private_object_gets_an_address_that_ends(): void {
		$id = $this->upload();
		OffloadMediaItem::offload( $id, true );
		$url = $this->agent()->lease()[0]['source']['url'];
		self::assertStringContainsString( '/private/wp-content/uploads/', $url );
		self::assertStringContainsString( 'X-Amz-Expires=3600', $url );
		self::assertStringNotContainsString( 'Signature', (string) wp_json_encode( $this->job_of( $id ) ), 'An address that opens the document is kept nowhere.' );
	}

	public function test_where_the_site_has_no_keys_the_agent_reads_the_bucket_with_its_own(): void {
		$this->offload_media_has_keys( false );
		$id = $this->upload();
		OffloadMediaItem::offload( $id, true );
		$key = 'private/wp-content/uploads/' . get_post_meta( $id, '_wp_attached_file', true );
		self::assertSame( array( 'kind' => 's3', 'bucket' => 'acme-media', 'key' => $key, 'region' => 'eu-west-1' ), $this->agent()->lease()[0]['source'] );
	}

	public function test_the_site_may_choose_the_bucket(): void {
		$id = $this->upload();
		OffloadMediaItem::offload( $id );
		$place  = static fn( array $spec, int $of, array $place ) => $of === $id ? $place : $spec;
		add_filter( 'aidoc_lease_source', $place, 10, 3 );
		$source = $this->agent()->lease()[0]['source'];
		remove_filter( 'aidoc_lease_source', $place );
		self::assertSame( array( 's3', 'acme-media' ), array( $source['kind'], $source['bucket'] ) );
		self::assertArrayNotHasKey( 'by', $source );
	}

	public function test_a_summary_stays_when_its_file_is_moved(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		self::assertSame( 200, $agent->result( $agent->lease()[0] )->get_status() );
		OffloadMediaItem::offload( $id );
		$this->plugin()->job_manager()->attachment_changed( $id );
		self::assertSame( array( State::Done, 1 ), array( $this->job_of( $id )->state, $this->plugin()->jobs()->query( array() )['total'] ) );
		self::assertSame( array(), $agent->lease(), 'Nothing is read again.' );
	}

	public function test_redo_reads_the_bucket_and_keeps_the_row(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$agent->result( $agent->lease()[0] );
		OffloadMediaItem::offload( $id );
		$job = $this->job_of( $id );
		self::assertSame( $job->id, $this->plugin()->job_manager()->retry( $job->id )->id );
		$lease = $agent->lease()[0];
		self::assertSame( array( 'url', $job->sourceSha256 ), array( $lease['source']['kind'], $lease['sha256'] ) );
	}

	public function test_a_backfill_finds_what_is_in_the_bucket(): void {
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
		$id = $this->upload();
		OffloadMediaItem::offload( $id );
		$this->plugin()->job_manager()->enqueue( $id );
		$lease = $this->agent()->lease()[0];
		self::assertSame( array( 'url', '' ), array( $lease['source']['kind'], $lease['sha256'] ) );
		self::assertGreaterThan( 0, $lease['bytes'] );
	}

	public function test_a_stream_of_uploads_is_a_bucket(): void {
		S3UploadsSettings::get_instance()->setup();
		$id = $this->streamed( '2026/11/minutes of May.pdf' );
		$this->plugin()->job_manager()->enqueue( $id );
		self::assertSame( array( 'kind' => 's3', 'bucket' => 'acme-bucket', 'key' => 'uploads/2026/11/minutes of May.pdf', 'region' => 'eu-north-1', 'by' => 's3-uploads' ), $this->job_of( $id )->source_spec() );
		self::assertMatchesRegularExpression( '#^https://acme-bucket\.s3\.eu-north-1\.amazonaws\.com/uploads/2026/11/.*X-Amz-Expires=3600#', $this->agent()->lease()[0]['source']['url'] );
	}

	public function test_a_stream_without_keys_is_read_with_the_agents(): void {
		S3UploadsSettings::get_instance()->setup();
		S3UploadsSettings::get_instance()->has_keys = false;
		$id = $this->streamed( '2026/11/a.pdf' );
		$this->plugin()->job_manager()->enqueue( $id );
		self::assertSame( 's3', $this->agent()->lease()[0]['source']['kind'] );
	}

	/** @dataProvider ways_out */
	public function test_an_attachment_names_no_object_beside_the_uploads( string $file ): void {
		S3UploadsSettings::get_instance()->setup();
		$id = $this->streamed( $file );
		$this->plugin()->job_manager()->enqueue( $id );
		self::assertSame( array( State::Failed, 'aidoc_file_missing' ), array( $this->job_of( $id )->state, $this->job_of( $id )->errorCode ) );
	}

	public function ways_out(): array {
		return array(
			'up'       => array( '../backups/site.sql' ),
			'within'   => array( '2026/../../backups/site.sql' ),
			'absolute' => array( '/etc/passwd' ),
		);
	}

	public function test_media_cloud_notes_the_object_in_the_metadata(): void {
		defined( 'MEDIA_CLOUD_VERSION' ) || define( 'MEDIA_CLOUD_VERSION', '4.6.0' );
		$id = $this->streamed( '2026/11/a.pdf' );
		wp_update_attachment_metadata( $id, array( 'filesize' => 700, 's3' => array( 'bucket' => 'mc', 'key' => 'up/a.pdf', 'privacy' => 'authenticated-read', 'url' => 'https://mc.example.org/up/a.pdf' ) ) );
		$signed = static fn( $url, $of ) => $of === $id ? 'https://mc.example.org/up/a.pdf?Signature=f00d' : $url;
		add_filter( 'wp_get_attachment_url', $signed, 10, 2 );
		$this->plugin()->job_manager()->enqueue( $id );
		$lease = $this->agent()->lease()[0];
		remove_filter( 'wp_get_attachment_url', $signed );
		self::assertSame( array( 'https://mc.example.org/up/a.pdf?Signature=f00d', 700 ), array( $lease['source']['url'], $lease['bytes'] ) );
	}

	public function test_a_host_with_a_stream_of_its_own_gives_the_attachments_address(): void {
		$vip = static fn( array $dirs ) => array_map( static fn( $dir ) => is_string( $dir ) ? str_replace( WP_CONTENT_DIR, 'vip://wp-content', $dir ) : $dir, $dirs );
		stream_wrapper_register( 'vip', NamedStream::class );
		add_filter( 'upload_dir', $vip );
		$id = $this->streamed( '2026/11/a.pdf' );
		$this->plugin()->job_manager()->enqueue( $id );
		$source = $this->agent()->lease()[0]['source'];
		remove_filter( 'upload_dir', $vip );
		stream_wrapper_unregister( 'vip' );
		self::assertSame( array( 'kind' => 'url', 'url' => wp_get_attachment_url( $id ) ), $source );
	}

	public function test_no_bell_is_rung_in_a_bucket(): void {
		S3UploadsSettings::get_instance()->setup();
		$this->plugin()->doorbell()->ring();
		self::assertNull( $this->plugin()->doorbell()->url() );
	}

	public function test_a_file_that_nobody_keeps_is_missing(): void {
		$id = $this->streamed( '2026/11/gone.pdf' );
		$this->plugin()->job_manager()->enqueue( $id );
		self::assertSame( 'aidoc_file_missing', $this->job_of( $id )->errorCode );
	}

	/** An attachment whose file this server does not have. */
	private function streamed( string $file ): int {
		$this->plugin()->settings()->update( array( 'enqueue_on_upload' => false ) );
		$id                = wp_insert_attachment( array( 'post_title' => 'a', 'post_mime_type' => 'application/pdf' ) );
		$this->elsewhere[] = $id;
		update_post_meta( $id, '_wp_attached_file', $file );
		return $id;
	}
}
