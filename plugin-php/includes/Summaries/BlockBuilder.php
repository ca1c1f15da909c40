<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Text;

/**
 * Makes block editor markup, exactly as the editor's own blocks would save it, out of plain text with marks.
 * Every character of the text is escaped here; it can neither become HTML nor end a block nor call a shortcode.
 */
final class BlockBuilder {

	/** The marks of a run of text, the innermost first. */
	private const TAGS = array(
		'code'   => 'code',
		'italic' => 'em',
		'bold'   => 'strong',
	);

	/**
	 * @param string $wp_version Blocks save different class names in different versions.
	 * @param string $pages_of   Address of the document whose pages are referred to; '' where none can be opened at a page.
	 */
	public function __construct(
		private readonly string $wp_version,
		private readonly string $pages_of = '',
	) {}

	/** @param list<array<string,mixed>> $blocks As Blocks::read() or MarkdownBlocks::parse() give them. */
	public function render( array $blocks ): string {
		return implode( "\n\n", array_filter( array_map( array( $this, 'block' ), $blocks ) ) );
	}

	/** The first paragraph of each summary: which document it is of. */
	public function source( string $label, string $filename, string $url ): string {
		$name = self::escape( $filename );
		$link = '' === $url ? $name : '<a href="' . esc_url( $url ) . '">' . $name . '</a>';
		return self::wrap( 'paragraph', array(), '<p><em>' . self::escape( $label ) . '</em> ' . $link . '</p>' );
	}

	private function block( array $block ): string {
		return match ( $block['type'] ) {
			'heading'   => $this->heading( $block['level'], $block['runs'] ),
			'paragraph' => $this->paragraph( $block['runs'] ),
			'list'      => $this->list( ! empty( $block['ordered'] ), $block['items'] ),
			'quote'     => $this->quote( $block['runs'] ),
			'code'      => $this->code( $block['text'] ),
			'table'     => $this->table( $block['header'] ?? array(), $block['rows'] ?? array() ),
			default     => '',
		};
	}

	private function heading( int $level, array $runs ): string {
		$html  = str_replace( '<br>', ' ', $this->runs( $runs ) );
		$class = $this->since( '6.2' ) ? ' class="wp-block-heading"' : '';
		return '' === $html ? '' : self::wrap( 'heading', 2 === $level ? array() : array( 'level' => $level ), "<h$level$class>$html</h$level>" );
	}

	private function paragraph( array $runs ): string {
		$html = $this->runs( $runs );
		return '' === $html ? '' : self::wrap( 'paragraph', array(), "<p>$html</p>" );
	}

	private function list( bool $ordered, array $items ): string {
		$inner = array_map( fn( array $runs ) => self::wrap( 'list-item', array(), '<li>' . $this->runs( $runs ) . '</li>' ), $items );
		$tag   = $ordered ? 'ol' : 'ul';
		$class = $this->since( '6.6' ) ? ' class="wp-block-list"' : '';
		return $inner ? self::wrap( 'list', $ordered ? array( 'ordered' => true ) : array(), "<$tag$class>" . implode( "\n\n", $inner ) . "</$tag>" ) : '';
	}

	private function quote( array $runs ): string {
		$inner = $this->paragraph( $runs );
		return '' === $inner ? '' : self::wrap( 'quote', array(), "<blockquote class=\"wp-block-quote\">$inner</blockquote>" );
	}

	private function code( string $text ): string {
		$text = trim( Text::lines( $text ), "\n" );
		return '' === $text ? '' : self::wrap( 'code', array(), '<pre class="wp-block-code"><code>' . self::escape( $text ) . '</code></pre>' );
	}

	private function table( array $header, array $rows ): string {
		$width = max( 0, count( $header ), ...array_map( 'count', $rows ) );
		if ( 0 === $width ) {
			return '';
		}
		$row  = fn( array $cells, string $tag ) => '<tr>' . implode( '', array_map( fn( array $runs ) => "<$tag>" . $this->runs( $runs ) . "</$tag>", array_pad( $cells, $width, array() ) ) ) . '</tr>';
		$head = $header ? '<thead>' . $row( $header, 'th' ) . '</thead>' : '';
		$body = $rows ? '<tbody>' . implode( '', array_map( fn( array $cells ) => $row( $cells, 'td' ), $rows ) ) . '</tbody>' : '';
		// Said plainly, because what is the default differs between versions.
		return self::wrap( 'table', array( 'hasFixedLayout' => false ), "<figure class=\"wp-block-table\"><table>$head$body</table></figure>" );
	}

	/** @param list<array{text:string,bold?:bool,italic?:bool,code?:bool,page?:int}> $runs */
	private function runs( array $runs ): string {
		$html = '';
		foreach ( $runs as $run ) {
			$text = self::escape( Text::lines( $run['text'] ) );
			if ( '' === $text ) {
				continue;
			}
			foreach ( self::TAGS as $mark => $tag ) {
				$text = empty( $run[ $mark ] ) ? $text : "<$tag>$text</$tag>";
			}
			$html .= $this->page( $text, $run['page'] ?? 0 );
		}
		return str_replace( "\n", '<br>', trim( $html ) );
	}

	/** What refers to a page leads there. The address is the site's own, the number is one: nothing of it is text of the document. */
	private function page( string $html, int $page ): string {
		return $page < 1 || '' === $this->pages_of ? $html : '<a href="' . esc_url( $this->pages_of ) . "#page=$page\">$html</a>";
	}

	/**
	 * Text as HTML that kses leaves as it is: it would write `&#91;` as `&#091;`, and unescape `&amp;#60;` to `&#60;`.
	 * An escaped bracket calls no shortcode.
	 */
	public static function escape( string $text ): string {
		return strtr(
			htmlspecialchars( $text, ENT_NOQUOTES | ENT_SUBSTITUTE, 'UTF-8' ),
			array(
				'['      => '&#091;',
				'&amp;#' => '&#038;#',
			)
		);
	}

	private static function wrap( string $name, array $attributes, string $html ): string {
		return get_comment_delimited_block_content( "core/$name", $attributes, "\n$html\n" );
	}

	private function since( string $version ): bool {
		return version_compare( $this->wp_version, $version, '>=' );
	}
}
