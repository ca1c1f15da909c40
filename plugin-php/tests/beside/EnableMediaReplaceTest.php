<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Beside;

require_once __DIR__ . '/BesideTestCase.php';

/** A replaced file is a new revision of the document: it is read again, and until then the last summary stays. */
final class EnableMediaReplaceTest extends BesideTestCase {

	/** As its screen does with a file that was sent. */
	private function replace( int $id, string $name, string $bytes ): void {
		$new = wp_tempnam( $name );
		file_put_contents( $new, $bytes );
		$controller = new \EnableMediaReplace\Controller\ReplaceController( $id );
		$controller->setupParams( array( 'post_id' => $id, 'replace_type' => 'replace', 'timestamp_replace' => 1, 'new_date' => current_time( 'mysql' ), 'new_location' => false, 'location_dir' => null, 'is_custom_date' => false, 'new_filename' => $name, 'uploadFile' => $new ) );
		self::assertTrue( (bool) $controller->run() );
		$this->end_request();
	}

	public function test_the_new_file_is_read_and_the_summary_stays_until_then(): void {
		$id    = $this->upload( 'minutes.pdf', '%PDF one' );
		$agent = $this->agent();
		$post  = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		wp_set_current_user( 1 );
		$this->replace( $id, 'minutes.pdf', '%PDF another file' );
		$status = $this->plugin()->statuses()->status( $id );
		self::assertSame( array( 'queued', get_edit_post_link( $post, 'raw' ), 'The file is newer than this summary.' ), array( $status['state'], $status['link']['url'], $status['flag'] ) );
		$lease = $agent->lease()[0];
		self::assertSame( hash( 'sha256', '%PDF another file' ), $lease['sha256'] );
		self::assertSame( $post, $agent->result( $lease )->get_data()['post_id'], 'The same post, not a second one.' );
	}

	public function test_the_same_file_again_is_read_no_second_time(): void {
		$id    = $this->upload( 'minutes.pdf', '%PDF one' );
		$agent = $this->agent();
		$agent->result( $agent->lease()[0] );
		wp_set_current_user( 1 );
		$this->replace( $id, 'minutes.pdf', '%PDF one' );
		self::assertSame( 'done', $this->plugin()->statuses()->status( $id )['state'] );
		self::assertSame( array(), $agent->lease() );
	}
}
