<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\PostType;

/** Text that came out of a document stays text: for every user and way of saving, and wherever it is shown. */
final class SummaryTextTest extends SummaryTestCase {

	/** As the model may write it. Nothing listens on these addresses, and nobody asks them. */
	private const TEXT = "Before [aidoc_evil] and [embed]http://10.255.0.1/e[/embed].\n\nhttp://10.255.0.1/paragraph\n\n```\nhttp://10.255.0.1/line\n[aidoc_evil]\n```\n\n- http://10.255.0.1/item\n\n> http://10.255.0.1/quote\n\n|a|\n|-|\n|http://10.255.0.1/cell|";

	/** What only a person, or one who took their session, could add. */
	private const WORSE = "\n\n<!-- wp:embed {\"url\":\"http://10.255.0.1/embed\"} -->\n<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttp://10.255.0.1/embed\n</div></figure>\n<!-- /wp:embed -->\n\n<!-- wp:rss {\"feedURL\":\"http://10.255.0.1/feed\"} /-->\n\n<!-- wp:html -->\n<iframe src=\"http://10.255.0.1/\"></iframe><script>x()</script><b onclick=\"x()\">b</b>\n<!-- /wp:html -->\n\n<!-- wp:shortcode -->\n[aidoc_evil]\n<!-- /wp:shortcode -->";

	/** @var string[] */
	private array $fetched = array();

	private int $called = 0;

	protected function setUp(): void {
		parent::setUp();
		$this->fetched = array();
		$this->called  = 0;
		add_filter( 'pre_http_request', array( $this, 'catch' ), 10, 3 );
		add_shortcode( 'aidoc_evil', array( $this, 'called' ) );
	}

	protected function tearDown(): void {
		remove_filter( 'pre_http_request', array( $this, 'catch' ) );
		remove_shortcode( 'aidoc_evil' );
		parent::tearDown();
	}

	public function catch( $answer, $args, $url ) {
		if ( ! str_contains( $url, '10.255.0.1' ) ) {
			return $answer;
		}
		$this->fetched[] = $url;
		return new \WP_Error( 'caught', $url );
	}

	public function called(): string {
		++$this->called;
		return 'EVIL';
	}

	private function assertHarmless( string $where ): void {
		self::assertSame( array( array(), 0 ), array( $this->fetched, $this->called ), $where );
	}

	/** What the block editor sends when a person has changed a word: it reads entities as the characters they stand for. */
	private static function as_the_editor_sends( string $content ): string {
		return str_replace( array( '&#091;', '&#058;' ), array( '[', ':' ), $content );
	}

	/** Every place of core that shows the text of a post, or looks through it for things to fetch. */
	private function show_everywhere( int $id, string $text ): void {
		$post            = get_post( $id );
		$GLOBALS['post'] = $post;
		setup_postdata( $post );
		apply_filters( 'the_content', $text );
		$this->assertHarmless( 'the_content' );
		apply_filters( 'the_content', get_the_content( null, false, $post ) );
		get_the_excerpt( $post );
		apply_filters( 'the_content_feed', $text, 'rss2' );
		$GLOBALS['wp_embed']->cache_oembed( $id );
		$this->assertHarmless( 'when opened in the older editor' );
		do_enclose( $text, $id );
		pingback( $text, $id );
		wp_reset_postdata();
		unset( $GLOBALS['post'] );
		$this->assertHarmless( 'enclosures and pings' );
	}

	/** A theme or plugin that shows text without core's filters has no second layer; what is stored holds by itself. */
	private function assertStoredHarmless( string $text, string $where ): void {
		do_shortcode( $text );
		$GLOBALS['wp_embed']->autoembed( $text );
		$GLOBALS['wp_embed']->run_shortcode( $text );
		$html = do_blocks( $text );
		$this->assertHarmless( "$where: $text" );
		self::assertDoesNotMatchRegularExpression( '~<iframe|<script|onclick|wp:(embed|rss|html|shortcode)~', $text . $html, $where );
		$plain = html_entity_decode( wp_strip_all_tags( $text ), ENT_QUOTES, 'UTF-8' );
		self::assertStringContainsString( 'Before [aidoc_evil] and [embed]http://10.255.0.1/e[/embed].', $plain, 'Nothing of the text is lost.' );
		self::assertStringContainsString( "http://10.255.0.1/line\n[aidoc_evil]", $plain, $where );
	}

	public function test_what_the_agent_sends_is_harmless_as_it_is_stored(): void {
		$post = $this->summarised( 'unattached', 'publish', self::TEXT );
		$this->assertStoredHarmless( get_post( $post )->post_content, 'draft' );
		$this->show_everywhere( $post, get_post( $post )->post_content );
	}

	/** The form in which an agent sends its results: blocks of which one is nothing but an address. */
	public function test_a_block_that_is_only_an_address_is_neither_fetched_nor_embedded(): void {
		$url    = 'http://10.255.0.1/video';
		$run    = array( array( 'text' => $url ) );
		$blocks = array(
			array( 'type' => 'paragraph', 'runs' => $run ),
			array( 'type' => 'paragraph', 'runs' => array( array( 'text' => $url, 'page' => 3 ) ) ),
			array( 'type' => 'paragraph', 'runs' => array( array( 'text' => "\n$url\n" ) ) ),
			array( 'type' => 'heading', 'level' => 2, 'runs' => $run ),
			array( 'type' => 'list', 'items' => array( $run ) ),
			array( 'type' => 'quote', 'runs' => $run ),
			array( 'type' => 'code', 'text' => "a\n$url\nb" ),
			array( 'type' => 'table', 'header' => array( $run ), 'rows' => array( array( $run ) ) ),
		);
		$this->upload();
		$agent = $this->agent( 'urls-' . wp_rand() );
		$id    = $agent->result( $agent->lease()[0], array( 'title' => $url, 'summary_blocks' => $blocks ) )->get_data()['post_id'];
		$this->assertHarmless( 'when the result is stored' );
		$this->log_in( 'editor' );
		self::rest( 'POST', "/wp/v2/aidoc-summaries/$id", array(), array( 'content' => self::as_the_editor_sends( get_post( $id )->post_content ) . ' ', 'status' => 'publish' ) );
		$this->assertHarmless( 'when a person saves it' );
		$text = get_post( $id )->post_content;
		$this->show_everywhere( $id, $text );
		self::visit( (string) wp_parse_url( (string) get_permalink( $id ), PHP_URL_PATH ) );
		$GLOBALS['wp_embed']->autoembed( $text );
		$this->assertHarmless( 'as it is stored' );
		self::assertSame( count( $blocks ) + 1, substr_count( html_entity_decode( $text ), $url ), 'The address is there as text.' );
	}

	/** @return array<string,array{0:string,1:string}> */
	public function saves(): array {
		$all = array();
		foreach ( array( 'editor', 'administrator' ) as $role ) {
			foreach ( array( 'REST', 'autosave', 'post.php', 'XML-RPC', 'wp_update_post' ) as $way ) {
				$all[ "$role, $way" ] = array( $role, $way );
			}
		}
		return $all;
	}

	/** @dataProvider saves */
	public function test_it_is_harmless_after_a_person_has_saved_it( string $role, string $way ): void {
		$post = $this->summarised( 'unattached', 'publish', self::TEXT );
		$this->log_in( $role );
		kses_init();
		self::assertSame( 'administrator' === $role || 'editor' === $role, current_user_can( 'unfiltered_html' ) );
		$content = self::as_the_editor_sends( get_post( $post )->post_content ) . self::WORSE;
		match ( $way ) {
			'REST'           => self::rest( 'POST', "/wp/v2/aidoc-summaries/$post", array(), array( 'content' => $content, 'title' => 'A [aidoc_evil]<script>x()</script>' ) ),
			'autosave'       => wp_create_post_autosave( wp_slash( array( 'post_ID' => $post, 'post_type' => PostType::NAME, 'content' => $content, 'post_title' => 'A [aidoc_evil]' ) ) ),
			'post.php'       => $this->post_php( $post, $content ),
			'XML-RPC'        => $this->xmlrpc( 'wp_editPost', $role, array( 1 ), $post, array( 'post_content' => $content, 'post_excerpt' => '[aidoc_evil] http://10.255.0.1/' ) ),
			'wp_update_post' => wp_update_post( wp_slash( array( 'ID' => $post, 'post_content' => $content ) ) ),
		};
		$this->assertHarmless( 'saving' );
		$texts = array( $way => 'autosave' === $way ? wp_get_post_autosave( $post ) : get_post( $post ) ) + wp_get_post_revisions( $post );
		self::assertGreaterThan( 1, count( $texts ) );
		$saved = 0;
		foreach ( $texts as $where => $text ) {
			$saved += (int) str_contains( $text->post_content, '10.255.0.1/embed' );
			$this->assertStoredHarmless( $text->post_content, "$where" );
			self::assertStringNotContainsString( '[', $text->post_title . $text->post_excerpt );
			self::assertStringNotContainsString( '<script', $text->post_title );
			$this->show_everywhere( $text->ID, $text->post_content );
		}
		self::assertGreaterThan( 0, $saved, 'It was saved, the embed as text.' );
		foreach ( array( "/$post", "/$post/revisions", "/$post/autosaves" ) as $route ) {
			foreach ( array( 'view', 'edit' ) as $context ) {
				self::assertSame( 200, self::rest( 'GET', "/wp/v2/aidoc-summaries$route", array( 'context' => $context ) )->get_status() );
			}
		}
		$this->assertHarmless( 'REST' );
		kses_remove_filters();
	}

	private function post_php( int $post, string $content ): void {
		$_POST = wp_slash( array( 'post_ID' => $post, 'post_type' => PostType::NAME, 'content' => $content, 'post_title' => 'A [aidoc_evil]' ) );
		edit_post();
		$_POST = array();
	}

	/** Texts of before this was so, and rows that something wrote past WordPress. */
	public function test_what_is_stored_otherwise_is_harmless_when_shown(): void {
		$post     = $this->summarised( 'unattached', 'publish', self::TEXT );
		$revision = _wp_put_post_revision( get_post( $post, ARRAY_A ) );
		$raw      = self::as_the_editor_sends( get_post( $post )->post_content );
		foreach ( array( $post, $revision ) as $id ) {
			$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->posts, array( 'post_content' => $raw ), array( 'ID' => $id ) );
			clean_post_cache( $id );
			$this->show_everywhere( $id, $raw );
			$this->log_in( 'administrator' );
			self::rest( 'GET', "/wp/v2/aidoc-summaries/$post" );
			self::rest( 'GET', "/wp/v2/aidoc-summaries/$post/revisions/$id" );
			$this->assertHarmless( "REST, $id" );
		}
	}

	/** The same text in a post is embedded: what is tested above can happen. */
	public function test_elsewhere_wordpress_embeds_and_calls(): void {
		$post            = $this->page( 'publish' );
		$GLOBALS['post'] = get_post( $post );
		setup_postdata( $GLOBALS['post'] );
		apply_filters( 'the_content', "<p>http://10.255.0.1/paragraph</p>\n[aidoc_evil]" );
		wp_reset_postdata();
		unset( $GLOBALS['post'] );
		self::assertNotSame( array(), $this->fetched );
		self::assertSame( 1, $this->called );
	}

	public function test_the_editor_offers_what_a_save_keeps(): void {
		$post    = $this->summarised();
		$offered = get_allowed_block_types( new \WP_Block_Editor_Context( array( 'post' => get_post( $post ) ) ) );
		self::assertContains( 'core/table', $offered );
		self::assertNotContains( 'core/embed', $offered );
		self::assertTrue( get_allowed_block_types( new \WP_Block_Editor_Context( array( 'post' => get_post( $this->page( 'draft' ) ) ) ) ) );
	}

	public function test_text_that_a_person_added_stays_theirs_when_a_new_result_comes(): void {
		$post = $this->summarised( 'unattached', 'draft', 'The word.' );
		$this->log_in( 'editor' );
		self::rest( 'POST', "/wp/v2/aidoc-summaries/$post", array(), array( 'content' => "<!-- wp:paragraph -->\n<p>Mine, <strong>bold</strong>, <a href=\"https://example.org/\">linked</a> [1].</p>\n<!-- /wp:paragraph -->" ) );
		wp_set_current_user( 0 );
		$document = $this->plugin()->links()->document_of( $post );
		$this->plugin()->job_manager()->enqueue( $document, true );
		$agent = $this->agent( 'next-' . wp_rand() );
		self::assertSame( $post, $agent->result( $agent->lease()[0], array( 'summary_markdown' => 'New [aidoc_evil] text.' ) )->get_data()['post_id'] );
		self::assertSame( "<!-- wp:paragraph -->\n<p>Mine, <strong>bold</strong>, <a href=\"https://example.org/\">linked</a> &#091;1].</p>\n<!-- /wp:paragraph -->", get_post( $post )->post_content );
		self::assertCount( 1, array_filter( wp_get_post_revisions( $post ), static fn( \WP_Post $revision ): bool => str_contains( $revision->post_content, 'New &#091;aidoc_evil] text.' ) ) );
	}
}
