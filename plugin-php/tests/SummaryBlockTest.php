<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Front\HtmlCache;

/** The block and the shortcode of one summary: what they show, and in which form. */
final class SummaryBlockTest extends FrontTestCase {

	public function test_the_block_shows_a_published_summary_below_its_title(): void {
		$post = $this->summarised( 'public', 'publish', self::TEXT );
		$html = self::block( $this->document_of( $post ) );
		self::assertMatchesRegularExpression( '~^<section class="[^"]*\bwp-block-aidoc-document-summary\b[^"]*" aria-labelledby="(aidoc-summary-\d+)">\s*<h2 class="aidoc-summary__title" id="\1">About zanzibar-public-publish</h2>~', $html );
		self::assertMatchesRegularExpression( '~<h3[^>]*>Key points</h3>.*<strong>point</strong>.*<h4[^>]*>Detail</h4>~s', $html );
		self::assertSame( 1, substr_count( $html, 'Source document:' ), 'The line of the text itself is left out.' );
		self::assertStringContainsString( '<a href="' . wp_get_attachment_url( $this->document_of( $post ) ) . '"><bdi>zanzibar-public-publish', $html );
		self::assertStringContainsString( 'The word is zanzibar.', $this->visited_page( '<!-- wp:aidoc/document-summary {"attachmentId":' . $this->document_of( $post ) . '} /-->' ) );
	}

	public function test_attributes_choose_what_is_shown(): void {
		$document = $this->document_of( $this->summarised( 'public', 'publish', self::TEXT ) );
		$short    = self::block( $document, array( 'show' => 'abstract', 'showTitle' => false, 'sourceLink' => false ) );
		self::assertMatchesRegularExpression( '~aria-label="Summary of zanzibar-public-publish[^"]*"~', $short );
		foreach ( array( 'Key points', 'More of it', '<h2', 'Source document' ) as $left_out ) {
			self::assertStringNotContainsString( $left_out, $short );
		}
		self::assertStringContainsString( 'It comes twice.', $short );
		self::assertMatchesRegularExpression( '~<h5 class="aidoc-summary__title".*<h6[^>]*>Key points.*<h6[^>]*>Detail~s', self::block( $document, array( 'headingLevel' => 5 ) ), 'There is no seventh level.' );
		self::assertMatchesRegularExpression( '~<h3[^>]*>Key points.*<h4[^>]*>Detail~s', self::block( $document, array( 'headingLevel' => 3, 'showTitle' => false ) ) );
		foreach ( array( -1, 1, 7, 99 ) as $level ) {
			self::assertMatchesRegularExpression( '~<h[26] class="aidoc-summary__title"~', self::block( $document, array( 'headingLevel' => $level ) ) );
		}
	}

	public function test_the_shortcode_shows_the_same(): void {
		$document = $this->document_of( $this->summarised( 'public', 'publish', self::TEXT ) );
		$strip    = static fn( string $html ): string => (string) preg_replace( array( '~aidoc-summary-\d+~', '~ wp-block-aidoc-document-summary~' ), array( 'ID', '' ), trim( $html ) );
		self::assertSame( $strip( self::block( $document ) ), $strip( do_shortcode( "[document_summary id=\"$document\"]" ) ) );
		self::assertSame( $strip( self::block( $document, array( 'show' => 'abstract', 'showTitle' => false, 'pageLinks' => false, 'sourceLink' => false, 'headingLevel' => 4 ) ) ), $strip( do_shortcode( "[document_summary id=$document show=abstract title=no pages=no source=no heading=4]" ) ) );
		foreach ( array( '[document_summary id="-1"]', '[document_summary id="0x1"]', "[document_summary id='1 OR 1=1']", '[document_summary]', '[document_summary id=999999999]' ) as $odd ) {
			self::assertSame( '', trim( do_shortcode( $odd ) ), $odd );
		}
	}

	public function test_without_an_id_it_is_the_current_attachment(): void {
		$document        = $this->document_of( $this->summarised( 'public', 'publish', self::TEXT ) );
		$GLOBALS['post'] = get_post( $document );
		self::assertStringContainsString( 'The word is zanzibar.', do_shortcode( '[document_summary]' ) );
		$GLOBALS['post'] = get_post( $this->page( 'publish' ) );
		self::assertSame( '', do_shortcode( '[document_summary]' ) );
	}

	public function test_page_links_can_be_left_out(): void {
		$post     = $this->summarised( 'public', 'publish' );
		$document = $this->document_of( $post );
		$url      = wp_get_attachment_url( $document );
		wp_update_post( array( 'ID' => $post, 'post_content' => wp_slash( "<!-- wp:paragraph -->\n<p>On <a href=\"$url#page=3\">p. 3</a> and <a href=\"https://example.org/\">there</a>.</p>\n<!-- /wp:paragraph -->" ) ) );
		self::assertStringContainsString( "<a href=\"$url#page=3\">p. 3</a>", self::block( $document ) );
		$without = self::block( $document, array( 'pageLinks' => false ) );
		self::assertStringContainsString( 'On p. 3 and <a href="https://example.org/">there</a>', $without );
	}

	public function test_what_the_classic_editor_saved_is_shown_too(): void {
		$post = $this->summarised( 'public', 'publish' );
		wp_update_post( array( 'ID' => $post, 'post_content' => wp_slash( "First line.\n\nSecond.\n<h2>More</h2>\nThird." ) ) );
		$html = self::block( $this->document_of( $post ) );
		self::assertMatchesRegularExpression( '~<p>First line.</p>\s*<p>Second.</p>\s*<h3>More</h3>\s*<p>Third.</p>~', $html );
		$short = self::block( $this->document_of( $post ), array( 'show' => 'abstract' ) );
		self::assertStringContainsString( 'Second.', $short );
		self::assertStringNotContainsString( 'Third.', $short );
	}

	/** Text of a document stays text wherever it comes out, also in a page whose own shortcodes and embeds run. */
	public function test_a_document_runs_nothing_on_the_page(): void {
		$post    = $this->summarised( 'public', 'publish', "Evil [aidoc_evil] and <script>x()</script>.\n\nhttp://10.255.0.1/embed\n\n- [document_summary id=1]" );
		$fetched = array();
		$called  = 0;
		$spy     = static function ( $answer, $args, $url ) use ( &$fetched ) {
			$fetched[] = $url;
			return new \WP_Error( 'caught', $url );
		};
		add_filter( 'pre_http_request', $spy, 10, 3 );
		$evil = static function () use ( &$called ): string {
			++$called;
			return 'RAN';
		};
		add_shortcode( 'aidoc_evil', $evil );
		$document = $this->document_of( $post );
		$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->posts, array( 'post_content' => get_post( $post )->post_content . '<img src=x onerror="x()"><p>[aidoc_evil]</p>' ), array( 'ID' => $post ) );
		clean_post_cache( $post );
		foreach ( array( '<!-- wp:aidoc/document-summary {"attachmentId":' . $document . '} /-->', "[document_summary id=\"$document\"]", "<!-- wp:shortcode -->\n[document_summary id=\"$document\"]\n<!-- /wp:shortcode -->", '[document_summaries show=whole]' ) as $content ) {
			$host            = $this->page( 'publish' );
			$GLOBALS['post'] = get_post( $host );
			$html            = apply_filters( 'the_content', $content );
			self::assertStringContainsString( 'Evil', $html, $content );
			self::assertStringNotContainsString( '<script', $html, $content );
			self::assertStringNotContainsString( 'onerror', $html, $content );
		}
		remove_filter( 'pre_http_request', $spy );
		remove_shortcode( 'aidoc_evil' );
		self::assertSame( array( array(), 0 ), array( $fetched, $called ) );
	}

	public function test_it_saves_nothing_but_its_comment_and_shows_nothing_without_the_plugin(): void {
		$document = $this->document_of( $this->summarised( 'public', 'publish', self::TEXT ) );
		$content  = '<!-- wp:aidoc/document-summary {"attachmentId":' . $document . '} /-->';
		$type     = \WP_Block_Type_Registry::get_instance()->unregister( 'aidoc/document-summary' );
		try {
			self::assertSame( '', trim( do_blocks( $content ) ) );
		} finally {
			\WP_Block_Type_Registry::get_instance()->register( $type );
		}
		self::assertStringContainsString( 'zanzibar', do_blocks( $content ) );
		self::assertSame( '', trim( wp_strip_all_tags( $content ) ) );
	}

	public function test_html_is_cached_until_the_summary_changes_and_goes_with_it(): void {
		$post     = $this->summarised( 'public', 'publish', self::TEXT );
		$document = $this->document_of( $post );
		self::block( $document );
		$kept = get_transient( "aidoc_html_$post" );
		self::assertCount( 1, $kept['forms'] );
		set_transient( "aidoc_html_$post", array( 'stamp' => $kept['stamp'], 'forms' => array_map( static fn() => '<p>From the cache.</p>', $kept['forms'] ) ), 60 );
		self::assertStringContainsString( 'From the cache.', self::block( $document ) );
		self::assertStringNotContainsString( 'From the cache.', self::block( $document, array( 'show' => 'abstract' ) ), 'Another form of it.' );
		$german = static fn(): string => 'de_DE';
		add_filter( 'pre_determine_locale', $german );
		self::assertStringNotContainsString( 'From the cache.', self::block( $document ), 'Quotation marks are those of the language.' );
		remove_filter( 'pre_determine_locale', $german );
		wp_update_post( array( 'ID' => $post, 'post_content' => 'Rewritten.' ) );
		self::assertStringContainsString( 'Rewritten.', self::block( $document ) );
		wp_update_post( array( 'ID' => $post, 'post_status' => 'draft' ) );
		self::assertSame( '', self::block( $document ), 'The right is asked each time.' );
		wp_delete_post( $post, true );
		self::assertFalse( get_transient( "aidoc_html_$post" ) );
	}

	public function test_the_cache_is_bounded(): void {
		$cache = new HtmlCache();
		for ( $i = 0; $i < 40; $i++ ) {
			$cache->get( 1, 'now', "form $i", static fn(): string => "html $i" );
		}
		self::assertCount( 12, get_transient( 'aidoc_html_1' )['forms'] );
		HtmlCache::forget( 1 );
	}
}
