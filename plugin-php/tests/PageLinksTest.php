<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\BlockBuilder;
use AIDoc\Summaries\Blocks;

/** A run that refers to a page of a PDF leads there. */
final class PageLinksTest extends SummaryTestCase {

	private const RUN = array( 'text' => 'p. 12', 'page' => 12 );

	/** @return array{0:int,1:int} The document and its summary. */
	private function summary_of( string $name, string $mime ): array {
		$document = $this->upload( $name, 'bytes of ' . $name, $mime );
		$agent    = $this->agent( 'pages-' . wp_rand() );
		$blocks   = array(
			array( 'type' => 'list', 'items' => array( array( array( 'text' => 'Sales grew (' ), self::RUN, array( 'text' => ').' ) ) ) ),
			array( 'type' => 'table', 'header' => array( array( self::RUN + array( 'bold' => true ) ) ), 'rows' => array( array( null ) ) ),
			array( 'type' => 'heading', 'level' => 3, 'runs' => array( self::RUN ) ),
		);
		$answer   = $agent->result( $agent->lease()[0], array( 'summary_blocks' => $blocks ) );
		self::assertSame( 'accepted', $answer->get_data()['status'] ?? wp_json_encode( $answer->get_data() ) );
		return array( $document, $answer->get_data()['post_id'] );
	}

	public function test_in_a_pdf_it_is_a_link_that_opens_the_page(): void {
		list( $document, $post ) = $this->summary_of( 'report.pdf', 'application/pdf' );
		$link                    = '<a href="' . wp_get_attachment_url( $document ) . '#page=12">';
		$content                 = get_post( $post )->post_content;
		self::assertStringContainsString( "<li>Sales grew ({$link}p. 12</a>).</li>", $content );
		self::assertStringContainsString( "<th>$link<strong>p. 12</strong></a></th>", $content );
		self::assertSame( 3, substr_count( $content, '#page=12' ) );
		self::assertStringContainsString( "{$link}p. 12</a>", apply_filters( 'the_content', $content ) );
	}

	public function test_in_another_type_it_is_text(): void {
		list( , $post ) = $this->summary_of( 'report.txt', 'text/plain' );
		self::assertStringContainsString( '<li>Sales grew (p. 12).</li>', get_post( $post )->post_content );
		self::assertStringNotContainsString( '#page', get_post( $post )->post_content );
	}

	/** @dataProvider roles */
	public function test_it_is_the_same_after_a_person_has_saved_the_draft( string $role ): void {
		list( , $post ) = $this->summary_of( 'report.pdf', 'application/pdf' );
		$before         = get_post( $post )->post_content;
		$this->log_in( $role );
		kses_init();
		$changed = str_replace( 'Sales grew', 'Sales have grown', $before );
		self::rest( 'POST', "/wp/v2/aidoc-summaries/$post", array(), array( 'content' => $changed ) );
		kses_remove_filters();
		self::assertSame( $changed, get_post( $post )->post_content );
	}

	public function roles(): array {
		return array( array( 'editor' ), array( 'administrator' ) );
	}

	/** @dataProvider hostile */
	public function test_what_is_no_page_is_text( mixed $page ): void {
		$blocks = Blocks::read( json_decode( (string) wp_json_encode( array( array( 'type' => 'paragraph', 'runs' => array( array( 'text' => 'p. 12', 'page' => $page ) ) ) ) ) ) );
		$html   = ( new BlockBuilder( '6.8', 'https://e.org/a.pdf' ) )->render( $blocks );
		self::assertSame( "<!-- wp:paragraph -->\n<p>p. 12</p>\n<!-- /wp:paragraph -->", $html );
	}

	public function hostile(): array {
		return array_map(
			static fn( mixed $page ): array => array( $page ),
			array( 'text' => '12', 'markup' => '12"><script>x()</script>', 'zero' => 0, 'negative' => -1, 'a fraction' => 1.5, 'huge' => 10 ** 15, 'list' => array( 12 ), 'object' => array( 'a' => 1 ), 'true' => true, 'null' => null )
		);
	}

	public function test_the_text_of_a_link_and_its_address_are_escaped(): void {
		$blocks = Blocks::read( json_decode( '[{"type":"paragraph","runs":[{"text":"<b>\"p\" [x]</a>","page":3}]}]' ) );
		self::assertSame( '<p><a href="https://e.org/a%22b.pdf?x=%3Cy%3E&#038;z=1#page=3">&lt;b&gt;"p" &#091;x]&lt;/a&gt;</a></p>', trim( (string) preg_replace( '/<!--.*?-->/', '', ( new BlockBuilder( '6.8', 'https://e.org/a%22b.pdf?x=%3Cy%3E&z=1' ) )->render( $blocks ) ) ) );
		self::assertStringNotContainsString( 'javascript', ( new BlockBuilder( '6.8', 'javascript:x()' ) )->render( $blocks ) );
	}
}
