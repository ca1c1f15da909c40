<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/** What is shown of one summary: the attributes of the block, and those of the shortcode, which has shorter names for them. */
final class Shown {

	/** @param int $level Of the title, 2 to 6. */
	private function __construct(
		public readonly int $attachmentId,
		public readonly bool $whole,
		public readonly bool $title,
		public readonly bool $pageLinks,
		public readonly bool $sourceLink,
		public readonly int $level,
	) {}

	/** @param array<string,mixed> $attributes As assets/blocks/document-summary/block.json has them; what is missing is its default there. */
	public static function of_block( array $attributes ): self {
		return new self(
			max( 0, (int) ( $attributes['attachmentId'] ?? 0 ) ),
			'abstract' !== ( $attributes['show'] ?? '' ),
			(bool) ( $attributes['showTitle'] ?? true ),
			(bool) ( $attributes['pageLinks'] ?? true ),
			(bool) ( $attributes['sourceLink'] ?? true ),
			self::level( $attributes['headingLevel'] ?? 2 ),
		);
	}

	/** @param array<string,string>|string $given What WordPress hands to a shortcode: '' where nothing is written. */
	public static function of_shortcode( array|string $given ): self {
		$given = shortcode_atts(
			array(
				'id'      => '0',
				'show'    => 'whole',
				'title'   => 'yes',
				'pages'   => 'yes',
				'source'  => 'yes',
				'heading' => '2',
			),
			(array) $given,
			'document_summary'
		);
		return new self( absint( $given['id'] ), 'abstract' !== $given['show'], self::yes( $given['title'] ), self::yes( $given['pages'] ), self::yes( $given['source'] ), self::level( $given['heading'] ) );
	}

	/** In a list, below a title of that level. */
	public static function in_list( int $attachment_id, bool $whole, int $level ): self {
		return new self( $attachment_id, $whole, true, $whole, true, $level );
	}

	/** The level of the first heading in the text. */
	public function text_level(): int {
		return min( 6, $this->level + (int) $this->title );
	}

	public static function level( mixed $given ): int {
		return max( 2, min( 6, (int) $given ) );
	}

	public static function yes( mixed $given ): bool {
		return ! in_array( strtolower( trim( (string) $given ) ), array( 'no', 'false', '0', 'off' ), true );
	}
}
