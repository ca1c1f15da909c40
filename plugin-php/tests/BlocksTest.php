<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\BlockBuilder;
use AIDoc\Summaries\MarkdownBlocks;

final class BlocksTest extends TestCase {

	private static function render( string $markdown, string $version = '6.8' ): string {
		return ( new BlockBuilder( $version ) )->render( MarkdownBlocks::parse( $markdown ) );
	}

	/** @dataProvider documents */
	public function test_markdown( string $markdown, string $html ): void {
		self::assertSame( $html, preg_replace( '/<!--.*?-->|\n+(?=<|$)|(?<=>)\n+| class="[^"]*"/', '', self::render( $markdown ) ) );
	}

	public function documents(): array {
		return array(
			'paragraphs'          => array( "one\ntwo\n\nthree", '<p>one two</p><p>three</p>' ),
			'headings are 2 to 4' => array( "# a\n### b\n###### c #", '<h2>a</h2><h3>b</h3><h4>c</h4>' ),
			'marks'               => array( 'a **bold** and *it* and ***both*** and `co**de`', '<p>a <strong>bold</strong> and <em>it</em> and <strong><em>both</em></strong> and <code>co**de</code></p>' ),
			'underscores'         => array( 'file_name_here and _it_ and __bold__', '<p>file_name_here and <em>it</em> and <strong>bold</strong></p>' ),
			'lone asterisks'      => array( '2 * 3 * 4 and 5* and **open', '<p>2 * 3 * 4 and 5* and **open</p>' ),
			'escapes'             => array( '\\*not\\* \\# 1\\. a', '<p>*not* # 1. a</p>' ),
			'links are text'      => array( '[text](http://evil "t") ![alt](x.png) <https://example.org/>', '<p>text alt https://example.org/</p>' ),
			'javascript link'     => array( '[x](javascript:alert(1))', '<p>&#091;x](javascript:alert(1))</p>' ),
			'list'                => array( "- a\n- **b**\n  more\n\n- c\n\nend", '<ul><li>a</li><li><strong>b</strong> more</li><li>c</li></ul><p>end</p>' ),
			'ordered list'        => array( "1. a\n2) b", '<ol><li>a</li><li>b</li></ol>' ),
			'nested lists flatten' => array( "- a\n    - b\n- c", '<ul><li>a</li><li>b</li><li>c</li></ul>' ),
			'quote'               => array( "> a\n> b", '<blockquote><p>a<br>b</p></blockquote>' ),
			'fence'               => array( "```go\nfunc <x>() {\n\n}\n```\nafter", "<pre><code>func &lt;x&gt;() {\n\n}</code></pre><p>after</p>" ),
			'open fence'          => array( "~~~\ncode", '<pre><code>code</code></pre>' ),
			'table'               => array( "| a | b |\n|---|:-:|\n| 1 | `2` |\n| 3 |", '<figure><table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><code>2</code></td></tr><tr><td>3</td><td></td></tr></tbody></table></figure>' ),
			'rule'                => array( "a\n\n---\n\n* * *\n\nb", '<p>a</p><p>b</p>' ),
			'HTML'                => array( '<div onclick="x">hi</div>', '<p>&lt;div onclick="x"&gt;hi&lt;/div&gt;</p>' ),
			'nothing'             => array( " \n\n", '' ),
			'windows lines'       => array( "a\r\n\r\nb", '<p>a</p><p>b</p>' ),
			'control characters'  => array( "a\x00\x08b", '<p>ab</p>' ),
		);
	}

	/** @dataProvider versions */
	public function test_markup_is_what_the_editor_of_that_version_saves( string $version, string $heading, string $list ): void {
		$html = self::render( "## h\n\n- a\n- b", $version );
		self::assertSame( "<!-- wp:heading -->\n$heading\n<!-- /wp:heading -->\n\n<!-- wp:list -->\n$list<!-- wp:list-item -->\n<li>a</li>\n<!-- /wp:list-item -->\n\n<!-- wp:list-item -->\n<li>b</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->", $html );
	}

	public function versions(): array {
		return array(
			'6.1' => array( '6.1.9', '<h2>h</h2>', '<ul>' ),
			'6.3' => array( '6.3', '<h2 class="wp-block-heading">h</h2>', '<ul>' ),
			'7.1' => array( '7.1.4', '<h2 class="wp-block-heading">h</h2>', '<ul class="wp-block-list">' ),
		);
	}

	public function test_hostile_markdown_is_read_in_linear_time(): void {
		$start = microtime( true );
		foreach ( array( '[', '*', '_', '`', '> ', '- ', '|', "\\", '![](', '**a', '<http://', "1. \n", '`a``b', ' ' ) as $piece ) {
			MarkdownBlocks::parse( str_repeat( $piece, intdiv( 200_000, strlen( $piece ) ) ) );
			MarkdownBlocks::parse( "|\n|-|\n" . str_repeat( $piece . '|', 20_000 ) );
		}
		self::assertLessThan( 20.0, microtime( true ) - $start );
	}

	public function test_at_most_500_blocks(): void {
		self::assertCount( 500, MarkdownBlocks::parse( str_repeat( "a\n\n", 2000 ) ) );
	}

	public function test_the_source_link_is_escaped(): void {
		$html = ( new BlockBuilder( '6.8' ) )->source( 'Source:', '"><script>.pdf', 'https://e.org/a.pdf?x="><script>' );
		self::assertStringNotContainsString( '<script', $html );
		self::assertStringNotContainsString( 'javascript:', ( new BlockBuilder( '6.8' ) )->source( 'S', 'a', 'javascript:alert(1)' ) );
	}
}
