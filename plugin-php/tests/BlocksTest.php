<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\REST\Agent\Json;
use AIDoc\Summaries\Allowance;
use AIDoc\Summaries\BlockBuilder;
use AIDoc\Summaries\Blocks;
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
			'backticks in pairs'  => array( '``a`b`` ```a`` x', '<p><code>a`b</code> ```a`` x</p>' ),
			'code that opens a line' => array( "```a``` b\nc", '<p><code>a</code> b c</p>' ),
			'headings close'      => array( "# C#\n## a ## \n# #", '<h2>C#</h2><h2>a</h2><h2>#</h2>' ),
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
	public function test_markup_is_what_the_editor_of_that_version_saves( string $version, string $heading, string $opening ): void {
		$html = self::render( "## h\n\n- a\n- b", $version );
		self::assertSame( "<!-- wp:heading -->\n$heading\n<!-- /wp:heading -->\n\n<!-- wp:list -->\n$opening<!-- wp:list-item -->\n<li>a</li>\n<!-- /wp:list-item -->\n\n<!-- wp:list-item -->\n<li>b</li>\n<!-- /wp:list-item --></ul>\n<!-- /wp:list -->", $html );
	}

	public function versions(): array {
		return array(
			'6.1' => array( '6.1.9', '<h2>h</h2>', '<ul>' ),
			'6.3' => array( '6.3', '<h2 class="wp-block-heading">h</h2>', '<ul>' ),
			'7.1' => array( '7.1.4', '<h2 class="wp-block-heading">h</h2>', '<ul class="wp-block-list">' ),
		);
	}

	/** @dataProvider hostile */
	public function test_two_megabytes_of_hostile_markdown_take_little_time_and_memory( string $markdown ): void {
		$before = memory_get_usage();
		memory_reset_peak_usage();
		$start = microtime( true );
		$html  = self::render( $markdown );
		self::assertLessThan( 10.0, microtime( true ) - $start );
		self::assertLessThan( 48_000_000, memory_get_peak_usage() - $before );
		self::assertStringContainsString( 'longer than a post takes', substr( $html, -200 ), 'What is left out is said.' );
	}

	public function hostile(): array {
		$fill  = static fn( string $piece ): array => array( str_repeat( $piece, intdiv( 2_000_000, strlen( $piece ) ) ) );
		$ticks = '';
		for ( $i = 1; $i < 2000; ++$i ) {
			$ticks .= str_repeat( '`', $i ) . ' '; // Two million bytes in all.
		}
		$nested = '';
		for ( $i = 0; $i < 210_000; ++$i ) {
			$nested .= str_repeat( ' ', $i % 12 ) . "- a\n";
		}
		return array_map( $fill, array( 'escapes' => '\\*', 'links' => '[a](b) ', 'open links' => '[a](', 'brackets' => '[', 'titles' => '![a](b "', 'addresses' => '<https://a', 'code' => '`a``b', 'emphasis' => '*a* ', 'marks' => '**a', 'list' => "- a\n", 'bars' => '|', 'quotes' => "> a\n", 'one line' => 'a', 'lines' => "a\n", 'blocks' => "a\n\n", 'breaks' => ">\n" ) )
			+ array(
				'growing backticks'  => array( $ticks ),
				'falling backticks'  => array( 'a ' . strrev( $ticks ) ),
				'nested lists'       => array( $nested ),
				'a wide row'         => array( "a|b\n-|-\n" . str_repeat( '|', 1_999_000 ) ),
				'wide and long'      => array( str_repeat( 'a|', 2000 ) . "\n-|-\n" . str_repeat( "|\n", 500_000 ) ),
				'a rule that is not' => array( str_repeat( "a\n\n", 600 ) . str_repeat( '- ', 900_000 ) . 'x' ),
				'a long fence'       => array( str_repeat( '~', 70_000 ) . "\n" . str_repeat( "~~~ a\n", 320_000 ) ),
			);
	}

	public function test_at_most_500_blocks_and_a_word_about_the_rest(): void {
		$blocks = MarkdownBlocks::parse( str_repeat( "a\n\n", 2000 ) );
		self::assertCount( 501, $blocks );
		self::assertSame( Allowance::rest_left_out(), end( $blocks ) );
		self::assertCount( 500, MarkdownBlocks::parse( str_repeat( "a\n\n", 500 ) . "\n---\n\n" ), 'Nothing was left out.' );
	}

	public function test_where_the_allowance_ends_the_text_stays_and_its_marks_are_unread(): void {
		$runs = MarkdownBlocks::parse( str_repeat( '*a*b', Allowance::PIECES ) )[0]['runs'];
		self::assertCount( Allowance::PIECES + 1, $runs );
		self::assertSame( array( 'text' => 'a', 'italic' => true ), $runs[0] );
		self::assertSame( str_repeat( 'ab', Allowance::PIECES ), str_replace( '*', '', implode( '', array_column( $runs, 'text' ) ) ) );
	}

	public function test_blocks_of_an_agent_are_abridged_in_the_same_way(): void {
		$cell  = array( (object) array( 'text' => 'a' ) );
		$table = (object) array( 'type' => 'table', 'header' => array_fill( 0, 200, array() ), 'rows' => array_fill( 0, 5000, array( $cell ) ) );
		$text  = (object) array( 'type' => 'code', 'text' => str_repeat( 'é', 200_000 ) );
		foreach ( array( array( $table ), array_fill( 0, 4, $text ) ) as $list ) {
			$blocks = Blocks::read( $list );
			self::assertSame( Allowance::rest_left_out(), end( $blocks ) );
			self::assertLessThan( 1_300_000, strlen( ( new BlockBuilder( '6.8' ) )->render( $blocks ) ) );
		}
		self::assertSame( 'é', mb_substr( $blocks[2]['text'], -1, 1, 'UTF-8' ), 'No character is cut in two.' );
		self::assertCount( 2, Blocks::read( array( $text, $text ) ) );
	}

	/** @dataProvider bodies */
	public function test_a_body_is_decoded_only_where_memory_allows( string $piece, bool $taken ): void {
		memory_reset_peak_usage();
		$before = memory_get_usage();
		$body   = '{"a":[' . rtrim( str_repeat( $piece, intdiv( 4_000_000, strlen( $piece ) ) ), ',' ) . ']}';
		self::assertSame( $taken, null !== Json::read( $body ) );
		self::assertLessThan( 40_000_000, memory_get_peak_usage() - $before );
	}

	public function bodies(): array {
		return array(
			'empty objects'   => array( '{},', false ),
			'objects'         => array( '{"":0},', false ),
			'lists'           => array( '[0],', false ),
			'numbers'         => array( '0,', false ),
			'after a quote'   => array( '"\\"",{},', false ),
			'one long string' => array( '"' . str_repeat( '{\\"[,\\\\', 500_000 ) . '",', true ),
			'long runs'       => array( '{"text":"' . str_repeat( 'a, [b] ', 50 ) . '","bold":true},', true ),
			'no JSON'         => array( '"', false ),
		);
	}

	public function test_the_source_link_is_escaped(): void {
		$html = ( new BlockBuilder( '6.8' ) )->source( 'Source:', '"><script>.pdf', 'https://e.org/a.pdf?x="><script>' );
		self::assertStringNotContainsString( '<script', $html );
		self::assertStringNotContainsString( 'javascript:', ( new BlockBuilder( '6.8' ) )->source( 'S', 'a', 'javascript:alert(1)' ) );
	}
}
