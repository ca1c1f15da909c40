<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\Sanitizer;

/** What a save makes of a summary's text, for any user who saves. */
final class SanitizerTest extends TestCase {

	/** @return array<string,array{0:string,1?:string}> What is saved, and what is stored where it differs. */
	public function texts(): array {
		$p = static fn( string $html ): string => "<!-- wp:paragraph -->\n<p>$html</p>\n<!-- /wp:paragraph -->";
		return array(
			// What people do stays as they did it.
			'bold and links'       => array( $p( 'Some <strong>bold</strong>, <em>it</em>, <mark style="background-color:#fff" class="has-inline-color">marked</mark> and <a href="https://example.org/?a=1&amp;b=2" target="_blank" rel="noreferrer noopener">a link</a>.' ) ),
			'heading with class'   => array( "<!-- wp:heading {\"level\":3,\"className\":\"is-style-x\"} -->\n<h3 class=\"wp-block-heading is-style-x\">Part</h3>\n<!-- /wp:heading -->" ),
			'list and table'       => array( "<!-- wp:list -->\n<ul class=\"wp-block-list\"><!-- wp:list-item -->\n<li>one</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->\n\n<!-- wp:table {\"hasFixedLayout\":false} -->\n<figure class=\"wp-block-table\"><table><tbody><tr><td class=\"has-text-align-right\" data-align=\"right\" colspan=\"2\">1</td></tr></tbody></table></figure>\n<!-- /wp:table -->" ),
			'picture'              => array( "<!-- wp:image {\"id\":5,\"sizeSlug\":\"large\"} -->\n<figure class=\"wp-block-image size-large\"><img src=\"https://e.org/a.png\" alt=\"A &amp; B\" class=\"wp-image-5\" /><figcaption class=\"wp-element-caption\">C</figcaption></figure>\n<!-- /wp:image -->" ),
			'columns'              => array( "<!-- wp:columns -->\n<div class=\"wp-block-columns\"><!-- wp:column {\"width\":\"50%\"} -->\n<div class=\"wp-block-column\" style=\"flex-basis:50%\">{$p( 'x' )}</div>\n<!-- /wp:column --></div>\n<!-- /wp:columns -->" ),
			'more'                 => array( "<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->\n\n<!-- wp:nextpage -->\n<!--nextpage-->\n<!-- /wp:nextpage -->" ),
			'entities'             => array( $p( 'A &amp; B &lt;b&gt; &#091;x] &#038;#60; "q" \'q\' C:\\temp' ) ),
			'classic text'         => array( "<p>One</p>\n<p>Two<br />three</p>" ),
			'nothing'              => array( '' ),
			// What calls or runs something does not.
			'shortcode'            => array( $p( 'see [gallery ids="1"] [/x]' ), $p( 'see &#091;gallery ids="1"] &#091;/x]' ) ),
			'shortcode in a link'  => array( $p( '<a href="[x]" title="[y]">z</a>' ), $p( '<a href="&#091;x]" title="&#091;y]">z</a>' ) ),
			'shortcode block'      => array( "<!-- wp:shortcode -->\n[gallery]\n<!-- /wp:shortcode -->", $p( '&#091;gallery]' ) ),
			'address alone'        => array( $p( 'https://10.0.0.1/' ), $p( 'https&#058;//10.0.0.1/' ) ),
			'address in a line'    => array( "<!-- wp:code -->\n<pre class=\"wp-block-code\"><code>a\nhttp://10.0.0.1/\nb</code></pre>\n<!-- /wp:code -->", "<!-- wp:code -->\n<pre class=\"wp-block-code\"><code>a\nhttp&#058;//10.0.0.1/\nb</code></pre>\n<!-- /wp:code -->" ),
			'address of a link'    => array( $p( '<a href="https://e.org/">https://e.org/</a>' ), $p( '<a href="https://e.org/">https&#058;//e.org/</a>' ) ),
			'embed'                => array( "<!-- wp:embed {\"url\":\"https://e.org/?v=1\\u0026w=2\",\"type\":\"video\"} -->\n<figure class=\"wp-block-embed\"><div class=\"wp-block-embed__wrapper\">\nhttps://e.org/?v=1&amp;w=2\n</div></figure>\n<!-- /wp:embed -->", $p( 'https&#058;//e.org/?v=1&amp;w=2' ) ),
			'older embed'          => array( '<!-- wp:core-embed/youtube {"url":"https://e.org/"} --><figure>https://e.org/</figure><!-- /wp:core-embed/youtube -->', $p( 'https&#058;//e.org/' ) ),
			'embed in a group'     => array( "<!-- wp:group -->\n<div class=\"wp-block-group\"><!-- wp:embed {\"url\":\"https://e.org/\"} /--></div>\n<!-- /wp:group -->", "<!-- wp:group -->\n<div class=\"wp-block-group\">{$p( 'https&#058;//e.org/' )}</div>\n<!-- /wp:group -->" ),
			'feed reader'          => array( $p( 'a' ) . '<!-- wp:rss {"feedURL":"https://10.0.0.1/"} /-->', $p( 'a' ) ),
			'other block'          => array( '<!-- wp:vendor/box {"a":1} --><div class="box">' . $p( 'kept' ) . '</div><!-- /wp:vendor/box -->', '<div class="box">' . $p( 'kept' ) . '</div>' ),
			'html block'           => array( '<!-- wp:html --><script>x()</script><iframe src="//e.org"></iframe><b onclick="x()">b</b><!-- /wp:html -->', 'x()<b>b</b>' ),
			'script'               => array( $p( 'a<script src="https://e.org/x.js"></script><img src="x" onerror="x()"><svg onload="x()"></svg>' ), $p( 'a<img src="x">' ) ), // phpcs:ignore WordPress.WP.EnqueuedResources.NonEnqueuedScript -- what must not get through.
			'javascript link'      => array( $p( '<a href="javascript:x()">a</a><a href="data:text/html,x">b</a>' ), $p( '<a href="x()">a</a><a href="text/html,x">b</a>' ) ),
			'form'                 => array( '<form action="https://e.org"><input name="p"><button>Go</button></form><object data="x"></object><video src="x"></video>', 'Go' ),
			'interactivity'        => array( $p( '<span data-wp-interactive="x" data-wp-on--click="y">z</span>' ), $p( '<span>z</span>' ) ),
			'other comments'       => array( "<p>a</p><!--\nhttps://10.0.0.1/\n--><!--[if IE]><b>x</b><![endif]-->", '<p>a</p>' ),
		);
	}

	/** @dataProvider texts */
	public function test_a_save_stores( string $saved, ?string $stored = null ): void {
		$once = Sanitizer::content( $saved );
		self::assertSame( $stored ?? $saved, trim( $once ) );
		self::assertSame( $once, Sanitizer::content( $once ), 'Saved again it is the same.' );
	}

	public function test_titles_and_excerpts_are_one_line_of_text(): void {
		self::assertSame( 'A <strong>b</strong> &#091;x] https&#058;//e.org x()', Sanitizer::line( 'A <strong>b</strong> [x] https://e.org <script>x()</script>' ) );
	}

	public function test_a_site_may_allow_further_blocks(): void {
		$allow = static fn( array $blocks ): array => array_merge( $blocks, array( 'vendor/box' ) );
		add_filter( 'aidoc_summary_blocks', $allow );
		$html  = '<!-- wp:vendor/box {"a":1} --><div class="box">[x]</div><!-- /wp:vendor/box -->';
		$kept  = Sanitizer::content( $html );
		remove_filter( 'aidoc_summary_blocks', $allow );
		self::assertSame( str_replace( '[', '&#091;', $html ), $kept );
		self::assertStringNotContainsString( 'wp:vendor', Sanitizer::content( $html ) );
	}

	/** Pieces that mean something to one of the readers involved, in any order: nothing gets together that each alone could not. */
	public function test_no_mixture_calls_or_fetches_anything(): void {
		$pieces = array( '<!-- wp:paragraph -->', '<!-- /wp:paragraph -->', '<!-- wp:embed {"url":"https://a.b/"} /-->', '<!-- wp:html -->', '<!-- /wp:html -->', '<!--', '-->', '--->', '<', '>', '"', "'", '=', '&', ';', '#091', '#91;', '[', ']', '[embed]', '[/embed]', '[aidoc_evil]', 'http', 's', '://', 'https://a.b/c', "\n", "\r\n", ' ', "\t", '<p>', '</p>', '<p class="x">', '<a href="', '<iframe src="https://a.b/">', '<script>', '</script>', '<![CDATA[', ']]>', '<img src=x onerror=', '&lt;', '<br', '/', '\\', "\0", 'é', '<!-- wp:shortcode -->', '{"url":"', '<?php ', '?>' );
		mt_srand( 20_261_126 );
		$evil = 0;
		add_shortcode(
			'aidoc_evil',
			static function () use ( &$evil ): string {
				++$evil;
				return '';
			}
		);
		$fetched = array();
		$catch   = static function ( $answer, $args, $url ) use ( &$fetched ) {
			$fetched[] = $url;
			return new \WP_Error( 'caught', $url );
		};
		add_filter( 'pre_http_request', $catch, 10, 3 );
		for ( $i = 0; $i < 3000; $i++ ) {
			$text = '';
			for ( $n = mt_rand( 1, 14 ); $n > 0; $n-- ) {
				$text .= $pieces[ mt_rand( 0, count( $pieces ) - 1 ) ];
			}
			$safe = Sanitizer::content( $text );
			// Without the second layer: a theme that shows the text by ways of its own.
			$html = do_shortcode( $GLOBALS['wp_embed']->autoembed( $GLOBALS['wp_embed']->run_shortcode( $safe ) ) );
			do_blocks( $safe );
			self::assertSame( array( 0, array() ), array( $evil, $fetched ), wp_json_encode( array( $text, $safe ) ) );
			self::assertDoesNotMatchRegularExpression( '~<(script|iframe|svg|object|form)\b|<[a-z][^>]*\son[a-z]+\s*=~i', $html, wp_json_encode( array( $text, $safe ) ) );
			self::assertSame( $safe, Sanitizer::content( $safe ), wp_json_encode( $text ) );
		}
		remove_filter( 'pre_http_request', $catch );
		remove_shortcode( 'aidoc_evil' );
	}
}
