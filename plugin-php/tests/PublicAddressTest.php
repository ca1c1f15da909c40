<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** Where an agent may read a document as anybody can. */
final class PublicAddressTest extends TestCase {

	private function source(): array {
		return $this->agent()->lease()[0]['source'];
	}

	public function test_a_lease_names_the_address_of_an_upload(): void {
		$id     = $this->upload( 'minutes.pdf' );
		$source = $this->source();
		self::assertSame( array( 'kind' => 'site', 'url' => wp_get_attachment_url( $id ) ), $source );
	}

	/** WordPress itself cleans names of uploads; imports and other plugins do not. */
	public function test_a_name_of_any_characters_is_one_segment_of_the_address(): void {
		$id   = $this->upload( 'a.pdf' );
		$path = dirname( get_attached_file( $id ) ) . '/Übersicht 50% #1?.pdf';
		rename( get_attached_file( $id ), $path );
		update_attached_file( $id, $path );
		$this->plugin()->job_manager()->enqueue( $id );
		self::assertStringEndsWith( '/%C3%9Cbersicht%2050%25%20%231%3F.pdf', $this->source()['url'] );
		unlink( $path );
	}

	public function test_of_a_scaled_photo_it_is_the_originals(): void {
		$id = $this->upload( 'photo.jpg', 'the smaller one', 'image/jpeg' );
		file_put_contents( dirname( get_attached_file( $id ) ) . '/photo-original.jpg', 'the original' );
		wp_update_attachment_metadata( $id, array( 'original_image' => 'photo-original.jpg' ) );
		$this->plugin()->job_manager()->enqueue( $id );
		$lease = $this->agent()->lease()[0];
		self::assertSame( hash( 'sha256', 'the original' ), $lease['sha256'] );
		self::assertStringEndsWith( '/photo-original.jpg', $lease['source']['url'] );
	}

	public function test_what_is_local_only_has_none(): void {
		$id = $this->upload();
		$this->plugin()->job_manager()->mark_local_only( $id, true );
		$body                               = TestAgent::lease_body();
		$body['capabilities']['local_only'] = true;
		self::assertSame( array( 'kind' => 'site' ), $this->agent()->send( 'POST', '/aidoc/v1/lease', $body )->get_data()['leases'][0]['source'] );
	}

	public function test_a_document_outside_the_uploads_folder_has_none(): void {
		$folder = sys_get_temp_dir() . '/' . wp_generate_password( 12, false );
		wp_mkdir_p( $folder );
		file_put_contents( "$folder/a.pdf", '%PDF' );
		$more = static fn( array $folders ): array => array( ...$folders, $folder );
		add_filter( 'aidoc_document_folders', $more );
		$id = $this->upload( 'a.pdf' );
		update_post_meta( $id, '_wp_attached_file', "$folder/a.pdf" );
		$this->plugin()->job_manager()->enqueue( $id );
		$source = $this->source();
		remove_filter( 'aidoc_document_folders', $more );
		self::assertSame( array( 'kind' => 'site' ), $source );
	}

	public function test_a_stored_path_that_climbs_has_none(): void {
		$id   = $this->upload( 'a.pdf', '%PDF' );
		$path = get_attached_file( $id );
		update_post_meta( $id, '_wp_attached_file', '../uploads/' . get_post_meta( $id, '_wp_attached_file', true ) );
		self::assertNotSame( $path, get_attached_file( $id ) );
		$this->plugin()->job_manager()->enqueue( $id );
		self::assertSame( array( 'kind' => 'site' ), $this->source() );
	}

	public function test_a_site_can_have_agents_use_its_own_route_only(): void {
		$this->upload();
		add_filter( 'aidoc_document_address', '__return_empty_string' );
		$source = $this->source();
		remove_filter( 'aidoc_document_address', '__return_empty_string' );
		self::assertSame( array( 'kind' => 'site' ), $source );
	}
}
