<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\Uploads;

/** Which uploaded pictures are read by themselves. */
final class PicturesTest extends TestCase {

	/** What WordPress notes of a photograph. */
	private const CAMERA = array( 'camera' => 'Pixel 8', 'aperture' => '1.7', 'iso' => '50', 'focal_length' => '6.9', 'orientation' => '1' );

	/** As the media library does: WordPress notes what the picture is like after it was added, in the same request. */
	private function picture( string $name, string $mime, int $width, int $height, array $meta = array(), string $context = '' ): bool {
		$uploads = new Uploads( $this->plugin()->job_manager( ... ) );
		$id      = $this->upload( $name, "bytes of $name", $mime );
		if ( '' !== $context ) {
			update_post_meta( $id, '_wp_attachment_context', $context );
		}
		wp_update_attachment_metadata( $id, array( 'width' => $width, 'height' => $height, 'file' => $name, 'image_meta' => $meta ) );
		$uploads->on_add( $id );
		self::assertNull( $this->job_of( $id ), 'Not before the request ends.' );
		$uploads->settle();
		return null !== $this->job_of( $id );
	}

	/** @return array<string,array{0:bool,1:list<mixed>}> */
	public static function pictures(): array {
		return array(
			'a scan'                       => array( true, array( 'scan0001.png', 'image/png', 2480, 3508 ) ),
			'a fax, narrow and low'        => array( true, array( 'fax.tif', 'image/tiff', 800, 300 ) ),
			'a letter by phone'            => array( true, array( 'IMG_0001.jpg', 'image/jpeg', 3024, 4032, self::CAMERA ) ),
			'a holiday by phone'           => array( true, array( 'IMG_0002.jpg', 'image/jpeg', 4032, 3024, self::CAMERA ) ),
			'a screenshot'                 => array( true, array( 'Screenshot 1.png', 'image/png', 1280, 800 ) ),
			'a long receipt'               => array( true, array( 'IMG_3.jpg', 'image/jpeg', 600, 3000 ) ),
			'a size that nobody knows'     => array( true, array( 'photo.heic', 'image/heic', 0, 0 ) ),
			'a small invoice'              => array( true, array( 'rechnung-12.png', 'image/png', 300, 400 ) ),
			'an icon'                      => array( false, array( 'phone.png', 'image/png', 64, 64 ) ),
			'a thumbnail'                  => array( false, array( 'IMG_0003.jpg', 'image/jpeg', 640, 480 ) ),
			'a banner'                     => array( false, array( 'banner.jpg', 'image/jpeg', 2400, 600 ) ),
			'a large logo of the site'     => array( false, array( 'logo.png', 'image/png', 2000, 2000, array(), 'custom-logo' ) ),
			'scandal is no scan'           => array( false, array( 'scandal.jpg', 'image/jpeg', 300, 300 ) ),
		);
	}

	/** @dataProvider pictures */
	public function test_what_surely_is_no_document_is_left_alone( bool $read, array $picture ): void {
		self::assertSame( $read, $this->picture( ...$picture ) );
	}

	public function test_all_or_none_by_the_setting(): void {
		$this->plugin()->settings()->update( array( 'images' => 'all' ) );
		self::assertTrue( $this->picture( 'icon.png', 'image/png', 64, 64 ) );
		$this->plugin()->settings()->update( array( 'images' => 'none' ) );
		self::assertFalse( $this->picture( 'scan.png', 'image/png', 2480, 3508 ) );
		self::assertNotNull( $this->job_of( $this->upload( 'a.pdf' ) ), 'Of pictures only.' );
	}

	public function test_what_a_person_asks_for_is_read_and_so_is_its_next_file(): void {
		$this->plugin()->settings()->update( array( 'images' => 'none' ) );
		$id = $this->upload( 'icon.png', 'icon', 'image/png' );
		( new Uploads( $this->plugin()->job_manager( ... ) ) )->settle();
		self::assertNull( $this->job_of( $id ) );
		$job = $this->plugin()->job_manager()->enqueue( $id );
		self::assertSame( $job->id, $this->job_of( $id )->id );
		file_put_contents( get_attached_file( $id ), 'another' );
		$this->plugin()->job_manager()->attachment_changed( $id );
		self::assertNotSame( $job->id, $this->job_of( $id )->id );
	}

	public function test_another_plugin_may_know_better(): void {
		add_filter( 'aidoc_read_picture', '__return_false' );
		self::assertFalse( $this->picture( 'scan.png', 'image/png', 2480, 3508 ) );
		remove_filter( 'aidoc_read_picture', '__return_false' );
	}
}
