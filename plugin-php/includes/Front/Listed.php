<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Settings;

/** What the author of a page has fixed about a list: the attributes of the block and of the shortcode. */
final class Listed {

	private const MOST = 50;

	/**
	 * @param string $show     Of each summary: 'title', 'abstract' or 'whole'.
	 * @param string $type     One of Settings::type_groups(), '' for all.
	 * @param string $taxonomy Of folders, '' for none.
	 * @param string $folder   Slug of a term that all documents must be in, '' for none.
	 */
	private function __construct(
		public readonly string $show,
		public readonly string $type,
		public readonly string $taxonomy,
		public readonly string $folder,
		public readonly bool $attached,
		public readonly bool $search,
		public readonly bool $filters,
		public readonly string $order,
		public readonly int $perPage,
		public readonly int $level,
	) {}

	/** @param array<string,mixed> $attributes As assets/blocks/summary-list/block.json has them. */
	public static function of_block( array $attributes ): self {
		$text = static fn( string $name ): string => is_string( $attributes[ $name ] ?? null ) ? $attributes[ $name ] : '';
		return new self(
			in_array( $text( 'show' ), array( 'title', 'whole' ), true ) ? $text( 'show' ) : 'abstract',
			isset( Settings::type_groups()[ $text( 'type' ) ] ) ? $text( 'type' ) : '',
			is_object_in_taxonomy( 'attachment', $text( 'taxonomy' ) ) ? $text( 'taxonomy' ) : '',
			$text( 'folder' ),
			(bool) ( $attributes['attachedOnly'] ?? false ),
			(bool) ( $attributes['searchBox'] ?? true ),
			(bool) ( $attributes['filters'] ?? true ),
			'title' === $text( 'order' ) ? 'title' : 'date',
			max( 1, min( self::MOST, (int) ( $attributes['perPage'] ?? 10 ) ) ),
			Shown::level( $attributes['headingLevel'] ?? 2 ),
		);
	}

	/** @param array<string,string>|string $given */
	public static function of_shortcode( array|string $given ): self {
		$given = shortcode_atts(
			array(
				'show'     => 'abstract',
				'type'     => '',
				'taxonomy' => '',
				'folder'   => '',
				'attached' => 'no',
				'search'   => 'yes',
				'filters'  => 'yes',
				'order'    => 'date',
				'number'   => '10',
				'heading'  => '2',
			),
			(array) $given,
			'document_summaries'
		);
		return self::of_block(
			array(
				'attachedOnly' => Shown::yes( $given['attached'] ),
				'searchBox'    => Shown::yes( $given['search'] ),
				'filters'      => Shown::yes( $given['filters'] ),
				'perPage'      => $given['number'],
				'headingLevel' => $given['heading'],
			) + $given
		);
	}

	/** @param int $here The post that the list stands in. */
	public function wanted( ListRequest $request, int $here ): Wanted {
		$term = '' !== $this->taxonomy && '' !== $this->folder ? get_term_by( 'slug', $this->folder, $this->taxonomy ) : null;
		return new Wanted(
			words: $this->search ? $request->words() : array(),
			only: '' === $this->type ? null : Settings::mimes_of( array( $this->type ) ),
			mimes: $this->filters ? $request->mimes() : null,
			year: $this->filters ? $request->year : 0,
			attachedTo: $this->attached ? max( 1, $here ) : 0,
			within: '' === $this->folder || '' === $this->taxonomy ? null : self::below( $term ? $term->term_id : 0, $this->taxonomy ),
			terms: $this->filters && '' !== $this->taxonomy && $request->folder > 0 ? self::below( $request->folder, $this->taxonomy ) : null,
			taxonomy: $this->taxonomy,
			order: $this->order,
			perPage: $this->perPage,
			page: $request->page,
		);
	}

	/** @return int[] A folder and those in it; none where there is no such folder. */
	private static function below( int $term_id, string $taxonomy ): array {
		if ( $term_id < 1 || ! term_exists( $term_id, $taxonomy ) ) {
			return array();
		}
		$children = get_term_children( $term_id, $taxonomy );
		return array( $term_id, ...( is_array( $children ) ? array_map( 'intval', $children ) : array() ) );
	}
}
