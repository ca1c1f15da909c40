<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Summaries\Meta;
use AIDoc\Summaries\PostType;
use AIDoc\Summaries\Reviews;

/** The filters above the list of summaries: what has to be reviewed, who wrote it, in which language. */
final class ListFilters {

	private const STATE    = 'aidoc_state';
	private const MODEL    = 'aidoc_model';
	private const LANGUAGE = 'aidoc_language';

	/** Between provider and model in a value. */
	private const MARK = '|';

	public function __construct( private readonly Facets $facets ) {}

	public function register(): void {
		add_action( 'restrict_manage_posts', array( $this, 'render' ) );
		add_action( 'pre_get_posts', array( self::class, 'apply' ) );
	}

	public function render( string $type ): void {
		if ( PostType::NAME !== $type ) {
			return;
		}
		$models = array();
		foreach ( $this->facets->models() as $pair ) {
			$models[ implode( self::MARK, $pair ) ] = 'extractive' === $pair[0] ? __( 'Without a model', 'ai-doc-pipeline' ) : implode( '/', array_filter( $pair ) );
		}
		$languages = array_combine( $this->facets->languages(), $this->facets->languages() );
		self::select( self::STATE, __( 'Filter by review', 'ai-doc-pipeline' ), __( 'All reviews', 'ai-doc-pipeline' ), self::states() );
		self::select( self::MODEL, __( 'Filter by model', 'ai-doc-pipeline' ), __( 'All models', 'ai-doc-pipeline' ), $models );
		self::select( self::LANGUAGE, __( 'Filter by language', 'ai-doc-pipeline' ), __( 'All languages', 'ai-doc-pipeline' ), $languages );
	}

	public static function apply( \WP_Query $query ): void {
		if ( ! is_admin() || ! $query->is_main_query() || PostType::NAME !== $query->get( 'post_type' ) ) {
			return;
		}
		$conditions = array_filter( array( self::of_state( self::asked( self::STATE ) ), self::of_model( self::asked( self::MODEL ) ), self::of_language( self::asked( self::LANGUAGE ) ) ) );
		if ( $conditions ) {
			$query->set( 'meta_query', self::all( ...array_values( $conditions ), ...array_filter( array( $query->get( 'meta_query' ) ) ) ) );
		}
		if ( 'open' === self::asked( self::STATE ) && '' === (string) $query->get( 'post_status' ) ) {
			$query->set( 'post_status', array( 'draft', 'pending', 'private' ) );
		}
	}

	/** @return array<string,string> */
	private static function states(): array {
		return array(
			'open'     => __( 'To be reviewed', 'ai-doc-pipeline' ),
			'reviewed' => __( 'Reviewed', 'ai-doc-pipeline' ),
			'changed'  => __( 'Changed since the review', 'ai-doc-pipeline' ),
			'doubtful' => __( 'Low confidence', 'ai-doc-pipeline' ),
		);
	}

	/** @return array<mixed>|null For a meta query. */
	private static function of_state( string $state ): ?array {
		return match ( $state ) {
			'open'     => array(
				'key'     => Reviews::STATE,
				'value'   => array( Reviews::OPEN, Reviews::CHANGED ),
				'compare' => 'IN',
			),
			'reviewed' => self::equals( Reviews::STATE, Reviews::REVIEWED ),
			'changed'  => self::equals( Reviews::STATE, Reviews::CHANGED ),
			'doubtful' => self::equals( Meta::DOUBTFUL, '1' ),
			default    => null,
		};
	}

	/** @return array<mixed>|null */
	private static function of_model( string $asked ): ?array {
		if ( ! str_contains( $asked, self::MARK ) ) {
			return null;
		}
		list( $provider, $model ) = explode( self::MARK, $asked, 2 );
		$by                       = self::equals( 'aidoc_provider', $provider );
		return '' === $model ? $by : self::all( $by, self::equals( 'aidoc_model', $model ) );
	}

	/** @return array<mixed>|null */
	private static function of_language( string $asked ): ?array {
		return '' === $asked ? null : self::equals( 'aidoc_language', $asked );
	}

	/** @return array<string,string> */
	private static function equals( string $key, string $value ): array {
		return array(
			'key'   => $key,
			'value' => $value,
		);
	}

	/** @return array<mixed> */
	private static function all( array ...$conditions ): array {
		return array( 'relation' => 'AND' ) + $conditions;
	}

	private static function asked( string $name ): string {
		$given = $_GET[ $name ] ?? ''; // phpcs:ignore WordPress.Security.NonceVerification.Recommended, WordPress.Security.ValidatedSanitizedInput -- a link to a filtered list; the line below cleans it.
		return is_string( $given ) ? sanitize_text_field( wp_unslash( $given ) ) : '';
	}

	/** @param array<string,string> $options */
	private static function select( string $name, string $label, string $all, array $options ): void {
		if ( ! $options ) {
			return;
		}
		$asked = self::asked( $name );
		printf( '<label class="screen-reader-text" for="%1$s">%2$s</label><select name="%1$s" id="%1$s"><option value="">%3$s</option>', esc_attr( $name ), esc_html( $label ), esc_html( $all ) );
		foreach ( $options as $value => $text ) {
			printf( '<option value="%s"%s>%s</option>', esc_attr( (string) $value ), selected( $asked, (string) $value, false ), esc_html( $text ) );
		}
		echo '</select>';
	}
}
