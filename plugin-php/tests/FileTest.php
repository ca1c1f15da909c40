<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\UploadedFile;
use AIDoc\REST\Agent\ByteRange;
use AIDoc\REST\Agent\FileAnswer;

final class FileTest extends TestCase {

	private const BYTES = "0123456789abcdef\x00\xff";

	private function get( array $headers = array(), string $method = 'GET' ): \WP_REST_Response {
		$this->upload( 'a.pdf', self::BYTES );
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		return $agent->send( $method, "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array_merge( array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ), $headers ) );
	}

	private static function bytes( \WP_REST_Response $answer ): string {
		self::assertInstanceOf( FileAnswer::class, $answer );
		ob_start();
		$answer->stream();
		return (string) ob_get_clean();
	}

	public function test_the_whole_file(): void {
		$answer = $this->get();
		self::assertSame( 200, $answer->get_status() );
		self::assertSame( self::BYTES, self::bytes( $answer ) );
		$headers = $answer->get_headers();
		self::assertSame( array( '18', 'bytes', 'application/octet-stream', '"' . hash( 'sha256', self::BYTES ) . '"' ), array( $headers['Content-Length'], $headers['Accept-Ranges'], $headers['Content-Type'], $headers['ETag'] ) );
		self::assertSame( base64_encode( hash( 'sha256', self::BYTES, true ) ), $answer->digest );
	}

	/** @dataProvider ranges */
	public function test_a_range( string $range, int $status, string $bytes, string $content_range ): void {
		$answer = $this->get( array( 'Range' => $range ) );
		self::assertSame( $status, $answer->get_status() );
		self::assertSame( $content_range, $answer->get_headers()['Content-Range'] ?? '' );
		if ( 416 === $status ) {
			self::assertRefused( 'aidoc_range_not_satisfiable', 416, $answer );
			return;
		}
		self::assertSame( $bytes, self::bytes( $answer ) );
		self::assertSame( (string) strlen( $bytes ), $answer->get_headers()['Content-Length'] );
	}

	public function ranges(): array {
		return array(
			'middle'          => array( 'bytes=2-4', 206, '234', 'bytes 2-4/18' ),
			'to the end'      => array( 'bytes=16-', 206, "\x00\xff", 'bytes 16-17/18' ),
			'past the end'    => array( 'bytes=16-999', 206, "\x00\xff", 'bytes 16-17/18' ),
			'last two'        => array( 'bytes=-2', 206, "\x00\xff", 'bytes 16-17/18' ),
			'last thousand'   => array( 'bytes=-1000', 206, self::BYTES, 'bytes 0-17/18' ),
			'first byte'      => array( 'bytes=0-0', 206, '0', 'bytes 0-0/18' ),
			'outside'         => array( 'bytes=18-', 416, '', 'bytes */18' ),
			'last none'       => array( 'bytes=-0', 416, '', 'bytes */18' ),
			'two ranges'      => array( 'bytes=0-1,3-4', 200, self::BYTES, '' ),
			'backwards'       => array( 'bytes=4-2', 200, self::BYTES, '' ),
			'another unit'    => array( 'lines=0-1', 200, self::BYTES, '' ),
			'nothing'         => array( 'bytes=-', 200, self::BYTES, '' ),
			'overlong number' => array( 'bytes=99999999999999999999-', 200, self::BYTES, '' ),
		);
	}

	public function test_if_range_on_another_file_gives_the_whole(): void {
		self::assertSame( 200, $this->get( array( 'Range' => 'bytes=2-4', 'If-Range' => '"other"' ) )->get_status() );
	}

	public function test_if_range_on_this_file_gives_the_part(): void {
		self::assertSame( 206, $this->get( array( 'Range' => 'bytes=2-4', 'If-Range' => '"' . hash( 'sha256', self::BYTES ) . '"' ) )->get_status() );
	}

	public function test_head_is_signed_as_head(): void {
		self::assertSame( 200, $this->get( array(), 'HEAD' )->get_status() );
	}

	/** @dataProvider bad_leases */
	public function test_without_the_lease_nothing( ?string $header, string $code, int $status ): void {
		self::assertRefused( $code, $status, $this->get( array( 'X-Aidoc-Lease' => $header ) ) );
	}

	public function bad_leases(): array {
		return array(
			'another token' => array( '1:AAAAAAAAAAAAAAAAAAAAAA', 'aidoc_lease_lost', 409 ),
			'no token'      => array( '1:', 'aidoc_invalid_field', 400 ),
			'no header'     => array( null, 'aidoc_invalid_field', 400 ),
		);
	}

	public function test_a_missing_file_is_said(): void {
		$id    = $this->upload( 'a.pdf', self::BYTES );
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		unlink( get_attached_file( $id ) );
		self::assertRefused( 'aidoc_file_missing', 404, $agent->send( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) ) );
	}

	public function test_a_file_replaced_behind_wordpress_back_is_noticed_and_queued(): void {
		$id    = $this->upload( 'a.pdf', self::BYTES );
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		file_put_contents( get_attached_file( $id ), 'sent by FTP' );
		self::assertRefused( 'aidoc_source_changed', 409, $agent->send( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) ) );
		self::assertSame( hash( 'sha256', 'sent by FTP' ), $agent->lease()[0]['sha256'] );
	}

	public function test_a_touched_file_is_the_same_file(): void {
		$id    = $this->upload( 'a.pdf', self::BYTES );
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		touch( get_attached_file( $id ), time() - 1000 );
		self::assertSame( 200, $agent->send( 'GET', "/aidoc/v1/jobs/{$lease['job_id']}/file", null, array( 'X-Aidoc-Lease' => "{$lease['epoch']}:{$lease['lease_token']}" ) )->get_status() );
	}

	public function test_a_big_file_streams_in_constant_memory(): void {
		$path = wp_upload_dir()['basedir'] . '/aidoc-big';
		$file = fopen( $path, 'wb' );
		ftruncate( $file, 64 * MB_IN_BYTES );
		fclose( $file );
		$sent   = 0;
		$before = memory_get_usage();
		$peak   = 0;
		ob_start(
			static function ( string $chunk ) use ( &$sent, &$peak ): string {
				$sent += strlen( $chunk );
				$peak  = max( $peak, memory_get_usage() );
				return '';
			},
			65_536
		);
		( new FileAnswer( UploadedFile::open( $path ), ByteRange::whole( 64 * MB_IN_BYTES ), '' ) )->stream();
		ob_end_clean();
		unlink( $path );
		self::assertGreaterThan( 60 * MB_IN_BYTES, $sent );
		self::assertLessThan( 2 * MB_IN_BYTES, $peak - $before );
	}
}
