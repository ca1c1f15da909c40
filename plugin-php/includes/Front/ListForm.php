<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Settings;

/** What the form above a list offers: only what there is for this visitor, and how much of it. */
final class ListForm {

	public function __construct( private readonly Catalogue $catalogue ) {}

	/** @return Choice[] */
	public function choices( Wanted $wanted, ListRequest $request ): array {
		$kinds   = $this->catalogue->kinds( $wanted, get_current_user_id() );
		$choices = array( self::types( $kinds, $request ), self::years( $kinds, $request ) );
		if ( '' !== $wanted->taxonomy ) {
			$choices[] = $this->folders( $wanted, $request );
		}
		return array_filter( $choices, static fn( Choice $choice ): bool => $choice->is_worth_it() );
	}

	/** The address of the page without what the reader has chosen. A form that is sent by GET loses its query: see hidden(). */
	public static function base(): string {
		if ( is_singular() ) {
			return (string) get_permalink( get_queried_object_id() );
		}
		return home_url( user_trailingslashit( (string) ( $GLOBALS['wp']->request ?? '' ) ) );
	}

	/** @return array<string,string> Parameters that name the page itself. */
	public static function hidden( string $base ): array {
		wp_parse_str( (string) wp_parse_url( $base, PHP_URL_QUERY ), $parameters );
		return array_filter( $parameters, 'is_string' );
	}

	/** @param list<array{mime:string,year:int,n:int}> $kinds */
	private static function types( array $kinds, ListRequest $request ): Choice {
		$counts = array();
		foreach ( array_keys( Settings::type_groups() ) as $group ) {
			$of_it            = array_filter( $kinds, static fn( array $kind ): bool => in_array( $kind['mime'], Settings::mimes_of( array( $group ) ), true ) );
			$counts[ $group ] = array_sum( array_column( $of_it, 'n' ) );
		}
		$labels = array(
			'pdf'    => __( 'PDF', 'ai-doc-pipeline' ),
			'office' => __( 'Office documents', 'ai-doc-pipeline' ),
			'images' => __( 'Images and scans', 'ai-doc-pipeline' ),
			'text'   => __( 'Plain text', 'ai-doc-pipeline' ),
			'rtf'    => __( 'Rich text (RTF)', 'ai-doc-pipeline' ),
		);
		return new Choice( 'type', __( 'Type', 'ai-doc-pipeline' ), __( 'All types', 'ai-doc-pipeline' ), $request->type, Choice::counted( $labels, $counts ) );
	}

	/** @param list<array{mime:string,year:int,n:int}> $kinds */
	private static function years( array $kinds, ListRequest $request ): Choice {
		$counts = array();
		foreach ( $kinds as $kind ) {
			$counts[ $kind['year'] ] = ( $counts[ $kind['year'] ] ?? 0 ) + $kind['n'];
		}
		krsort( $counts );
		$labels = array_combine( array_keys( $counts ), array_map( 'strval', array_keys( $counts ) ) );
		return new Choice( 'year', __( 'Year', 'ai-doc-pipeline' ), __( 'All years', 'ai-doc-pipeline' ), $request->year > 0 ? (string) $request->year : '', Choice::counted( $labels, $counts ) );
	}

	private function folders( Wanted $wanted, ListRequest $request ): Choice {
		$counts = $this->catalogue->folders( $wanted, get_current_user_id() );
		$terms  = $counts ? get_terms(
			array(
				'taxonomy'   => $wanted->taxonomy,
				'include'    => array_keys( $counts ),
				'hide_empty' => false,
			)
		) : array();
		$labels = is_array( $terms ) ? wp_list_pluck( $terms, 'name', 'term_id' ) : array();
		$name   = get_taxonomy( $wanted->taxonomy )->labels->singular_name ?? __( 'Folder', 'ai-doc-pipeline' );
		return new Choice( 'folder', $name, __( 'All folders', 'ai-doc-pipeline' ), $request->folder > 0 ? (string) $request->folder : '', Choice::counted( $labels, $counts ) );
	}
}
