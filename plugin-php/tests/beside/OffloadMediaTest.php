<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Beside;

use DeliciousBrains\WP_Offload_Media\Items\Media_Library_Item;

require_once __DIR__ . '/BesideTestCase.php';

/** WP Offload Media itself: its own rows, its own addresses. No bucket is asked: what it would upload is written as a row, as it does after an upload. */
final class OffloadMediaTest extends BesideTestCase {

	protected function tearDown(): void {
		remove_all_filters( 'as3cf_setting_access-key-id' );
		parent::tearDown();
	}

	private function offload( int $id, bool $private_object ): void {
		$file = get_attached_file( $id, true );
		$path = 'wp-content/uploads/' . get_post_meta( $id, '_wp_attached_file', true );
		$item = new Media_Library_Item( 'aws', 'eu-west-1', 'acme-media', $path, $private_object, $id, $file, wp_basename( $file ) );
		self::assertNotFalse( $item->save() );
		unlink( $file );
	}

	public function test_a_public_object_is_read_by_its_address(): void {
		$id = $this->upload( 'a.pdf', '%PDF a' );
		$this->offload( $id, false );
		$lease = $this->agent()->lease()[0];
		self::assertSame( 'url', $lease['source']['kind'] );
		self::assertMatchesRegularExpression( '#^https?://acme-media\.s3\.eu-west-1\.amazonaws\.com/wp-content/uploads/.*/a(-\d+)?\.pdf$#', $lease['source']['url'] );
		self::assertSame( hash( 'sha256', '%PDF a' ), $lease['sha256'] );
	}

	public function test_a_private_object_without_keys_of_the_site_is_read_with_the_agents(): void {
		$id = $this->upload( 'b.pdf', '%PDF b' );
		$this->offload( $id, true );
		$source = $this->agent()->lease()[0]['source'];
		self::assertSame( array( 's3', 'acme-media', 'eu-west-1' ), array( $source['kind'], $source['bucket'], $source['region'] ) );
		self::assertMatchesRegularExpression( '#^(.*/)?wp-content/uploads/.*/b(-\d+)?\.pdf$#', $source['key'] );
	}
}
