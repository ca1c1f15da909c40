<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\DocumentUrl;

/** A link to a document leads to that document, whatever its file is called. */
final class DocumentUrlTest extends SummaryTestCase {

	private function document( string $path ): int {
		$id = $this->upload( 'report.pdf', '%PDF ' . $path );
		update_post_meta( $id, '_wp_attached_file', $path );
		return $id;
	}

	/** @return list<array{0:string,1:string}> */
	public static function names(): array {
		return array(
			array( '2026/03/minutes.pdf', '2026/03/minutes.pdf' ),
			array( '2026/03/50%.pdf', '2026/03/50%25.pdf' ),
			array( '50%25.pdf', '50%2525.pdf' ),
			array( 'Agenda #7.pdf', 'Agenda%20%237.pdf' ),
			array( 'why?.pdf', 'why%3F.pdf' ),
			array( 'Ärger 🎉.pdf', '%C3%84rger%20%F0%9F%8E%89.pdf' ),
			array( 'a"><b>.pdf', 'a%22%3E%3Cb%3E.pdf' ),
			array( 'odd #folder/x.pdf', 'odd%20%23folder/x.pdf' ),
		);
	}

	/** @dataProvider names */
	public function test_each_segment_is_encoded( string $path, string $encoded ): void {
		self::assertSame( wp_upload_dir()['baseurl'] . '/' . $encoded, DocumentUrl::of( $this->document( $path ) ) );
	}

	/** @dataProvider names */
	public function test_so_are_the_links_of_a_summary( string $path, string $encoded ): void {
		$document = $this->document( $path );
		$agent    = $this->agent( 'url-' . wp_rand() );
		$blocks   = array( array( 'type' => 'paragraph', 'runs' => array( array( 'text' => 'p. 2', 'page' => 2 ) ) ) );
		$post     = $agent->result( $agent->lease()[0], array( 'summary_blocks' => $blocks ) )->get_data()['post_id'];
		$content  = get_post( $post )->post_content;
		self::assertStringContainsString( 'href="' . wp_upload_dir()['baseurl'] . '/' . $encoded . '"', $content );
		self::assertStringContainsString( 'href="' . wp_upload_dir()['baseurl'] . '/' . $encoded . '#page=2"', $content );
	}

	public function test_an_address_that_another_plugin_made_is_left_alone(): void {
		$id  = $this->document( 'a b.pdf' );
		$url = static fn(): string => 'https://cdn.example.org/x/a%20b.pdf?signature=1#t';
		add_filter( 'wp_get_attachment_url', $url );
		self::assertSame( $url(), DocumentUrl::of( $id ) );
		remove_filter( 'wp_get_attachment_url', $url );
	}
}
