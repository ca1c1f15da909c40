<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

use AIDoc\Settings;

/** Which documents of the library a backfill is about. */
final class Filter {

	/** Documents that were never queued; those without a summary, failed and cancelled ones among them; and all of them, read once more. */
	public const MISSING    = 'missing';
	public const UNFINISHED = 'unfinished';
	public const ALL        = 'all';

	/** For parent: what was uploaded to no post. */
	public const UNATTACHED = '-';

	/**
	 * @param string[] $types    Names of Settings::type_groups(); empty for all that the settings choose.
	 * @param string   $from     First day of upload, `YYYY-MM-DD`, '' for no bound; so is the last day.
	 * @param int      $minBytes 0 for no bound; so is the other.
	 * @param string   $taxonomy Name of a taxonomy of attachments, as folder plugins register them, '' for none.
	 * @param int      $term     A term of it; those below it belong to it.
	 * @param string   $uploadedTo   Type of the post that a document was uploaded to, UNATTACHED, or '' for any.
	 */
	public function __construct(
		public readonly string $which = self::MISSING,
		public readonly array $types = array(),
		public readonly string $from = '',
		public readonly string $to = '',
		public readonly int $minBytes = 0,
		public readonly int $maxBytes = 0,
		public readonly string $taxonomy = '',
		public readonly int $term = 0,
		public readonly string $uploadedTo = '',
	) {}

	/**
	 * From a form, the command line or a stored run.
	 *
	 * @param array<string,mixed> $given `which`, `types` (a list, or names with commas between), `from`, `to`, `min_bytes`, `max_bytes` (`2 MB` is
	 *                                   understood), `taxonomy`, `term` (id or slug), `parent`. What is missing is no filter.
	 * @return self|\WP_Error One sentence for the first field that makes no sense; error data: `array( 'field' => name )`.
	 */
	public static function from( array $given ): self|\WP_Error {
		$text  = static fn( string $name ): string => is_scalar( $given[ $name ] ?? '' ) ? trim( (string) ( $given[ $name ] ?? '' ) ) : '?';
		$types = is_array( $given['types'] ?? array() ) ? $given['types'] ?? array() : explode( ',', $text( 'types' ) );
		$types = array_values( array_filter( array_map( static fn( $one ): string => is_scalar( $one ) ? trim( (string) $one ) : '?', $types ), static fn( string $one ): bool => '' !== $one ) );
		$sizes = array( self::bytes( $text( 'min_bytes' ) ), self::bytes( $text( 'max_bytes' ) ) );
		$term  = self::term( $text( 'taxonomy' ), $text( 'term' ) );
		$which = '' === $text( 'which' ) ? self::MISSING : $text( 'which' );
		return self::refused( $which, $types, array( $text( 'from' ), $text( 'to' ) ), $sizes, $text( 'taxonomy' ), $term, $text( 'parent' ) )
			?? new self( $which, $types, $text( 'from' ), $text( 'to' ), $sizes[0], $sizes[1], $text( 'taxonomy' ), $term, $text( 'parent' ) );
	}

	/** @return array<string,mixed> As from() takes it. */
	public function to_array(): array {
		return array(
			'which'     => $this->which,
			'types'     => $this->types,
			'from'      => $this->from,
			'to'        => $this->to,
			'min_bytes' => $this->minBytes,
			'max_bytes' => $this->maxBytes,
			'taxonomy'  => $this->taxonomy,
			'term'      => $this->term,
			'parent'    => $this->uploadedTo,
		);
	}

	/** @return string[] MIME types: the chosen ones of those that the settings allow. */
	public function mimes( Settings $settings ): array {
		return $this->types ? array_values( array_intersect( $settings->mimes(), Settings::mimes_of( $this->types ) ) ) : $settings->mimes();
	}

	/** @return bool False where the size is known and outside. */
	public function fits( int $bytes ): bool {
		return $bytes >= $this->minBytes && ( 0 === $this->maxBytes || $bytes <= $this->maxBytes );
	}

	private static function refused( string $which, array $types, array $days, array $sizes, string $taxonomy, int $term, string $uploadedTo ): ?\WP_Error {
		$groups = array_keys( Settings::type_groups() );
		return match ( true ) {
			/* translators: %s: list of words */
			! in_array( $which, array( self::MISSING, self::UNFINISHED, self::ALL ), true ) => self::error( 'which', sprintf( __( 'Choose which documents: one of %s.', 'ai-doc-pipeline' ), 'missing, unfinished, all' ) ),
			/* translators: %s: list of names of document groups */
			array() !== array_diff( $types, $groups ) => self::error( 'types', sprintf( __( 'Choose document types out of: %s.', 'ai-doc-pipeline' ), implode( ', ', $groups ) ) ),
			! self::is_day( $days[0] ) => self::error( 'from', __( 'The first day is a date such as 2024-01-31.', 'ai-doc-pipeline' ) ),
			! self::is_day( $days[1] ) => self::error( 'to', __( 'The last day is a date such as 2024-12-31.', 'ai-doc-pipeline' ) ),
			'' !== $days[0] && '' !== $days[1] && $days[0] > $days[1] => self::error( 'to', __( 'The last day is before the first. Exchange them.', 'ai-doc-pipeline' ) ),
			$sizes[0] < 0 => self::error( 'min_bytes', __( 'The smallest size is a number of bytes, or an amount such as 20 KB.', 'ai-doc-pipeline' ) ),
			$sizes[1] < 0 => self::error( 'max_bytes', __( 'The largest size is a number of bytes, or an amount such as 5 MB.', 'ai-doc-pipeline' ) ),
			0 < $sizes[1] && $sizes[1] < $sizes[0] => self::error( 'max_bytes', __( 'The largest size is below the smallest. Exchange them.', 'ai-doc-pipeline' ) ),
			'' !== $taxonomy && ! in_array( $taxonomy, get_object_taxonomies( 'attachment' ), true ) => self::error( 'taxonomy', __( 'Media have no such taxonomy on this site.', 'ai-doc-pipeline' ) ),
			-1 === $term => self::error( 'term', __( 'There is no such term. Give its id or its slug, and its taxonomy.', 'ai-doc-pipeline' ) ),
			'' !== $uploadedTo && self::UNATTACHED !== $uploadedTo && ! post_type_exists( $uploadedTo ) => self::error( 'parent', __( 'There is no such post type on this site.', 'ai-doc-pipeline' ) ),
			default => null,
		};
	}

	private static function error( string $field, string $sentence ): \WP_Error {
		return new \WP_Error(
			'aidoc_invalid_filter',
			$sentence,
			array(
				'status' => 400,
				'field'  => $field,
			)
		);
	}

	private static function is_day( string $day ): bool {
		return '' === $day || ( 1 === preg_match( '/^(\d{4})-(\d\d)-(\d\d)$/D', $day, $part ) && checkdate( (int) $part[2], (int) $part[3], (int) $part[1] ) );
	}

	/** @return int -1 for what is no size. */
	private static function bytes( string $given ): int {
		if ( '' === $given ) {
			return 0;
		}
		if ( ! preg_match( '/^(\d{1,12}(?:[.,]\d{1,3})?)\s*([KMG]?)i?B?$/Di', $given, $part ) ) {
			return -1;
		}
		$unit = array(
			''  => 1,
			'K' => KB_IN_BYTES,
			'M' => MB_IN_BYTES,
			'G' => GB_IN_BYTES,
		)[ strtoupper( $part[2] ) ];
		return (int) round( (float) str_replace( ',', '.', $part[1] ) * $unit );
	}

	/** @return int 0 for none, -1 for one that does not exist. */
	private static function term( string $taxonomy, string $given ): int {
		if ( '' === $given || '0' === $given ) {
			return '' === $taxonomy ? 0 : -1;
		}
		if ( ! taxonomy_exists( $taxonomy ) ) {
			return -1;
		}
		$term = get_term_by( ctype_digit( $given ) ? 'id' : 'slug', $given, $taxonomy );
		return $term instanceof \WP_Term ? $term->term_id : -1;
	}
}
