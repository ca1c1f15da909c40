<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Database;
use AIDoc\DatabaseError;

/**
 * Repository of which summary belongs to which document. The job's row has the link. Where a crash kept the row from being written,
 * a field of the post has it, which only the writer writes and nobody can edit. What people can edit never counts.
 */
final class DocumentLinks {

	/** "document:summary". It names the post it is on, so that a copy of the post is no second summary. */
	public const FIELD = '_aidoc_document';

	/** @var array<int,array<int,int>> Blog → summary → document. */
	private array $known = array();

	/**
	 * The summary of a document, in the trash if need be; 0 where there is none.
	 *
	 * @param int $recorded What the job's row said before a result emptied it.
	 */
	public function summary_of( int $attachment_id, int $recorded = 0 ): int {
		if ( $recorded > 0 && PostType::NAME === get_post_type( $recorded ) ) {
			return $recorded;
		}
		$row = Database::row(
			'SELECT p.ID FROM ' . Database::table( 'jobs' ) . ' j JOIN ' . Database::wpdb()->posts . " p ON p.ID = j.summary_post_id
			WHERE j.attachment_id = %d AND p.post_type = %s AND p.post_status <> 'auto-draft' ORDER BY CASE WHEN p.post_status = 'trash' THEN 1 ELSE 0 END, p.ID LIMIT 1",
			$attachment_id,
			PostType::NAME
		);
		return $row ? (int) $row['ID'] : $this->stored_for( $attachment_id );
	}

	/** The document of a summary, which may have been deleted since; 0 where nothing trustworthy names it. */
	public function document_of( int $summary_id ): int {
		$blog = get_current_blog_id();
		if ( ! isset( $this->known[ $blog ][ $summary_id ] ) ) {
			$this->prime( array( $summary_id ) );
		}
		return $this->known[ $blog ][ $summary_id ] ?? self::stored( $summary_id );
	}

	/**
	 * One query for many, before a list asks for each.
	 *
	 * @param int[] $summary_ids
	 */
	public function prime( array $summary_ids ): void {
		if ( ! $summary_ids ) {
			return;
		}
		try {
			$rows = Database::rows(
				'SELECT summary_post_id, MIN(attachment_id) AS document FROM ' . Database::table( 'jobs' ) . ' WHERE summary_post_id IN (' . implode( ',', array_fill( 0, count( $summary_ids ), '%d' ) ) . ') GROUP BY summary_post_id',
				...array_values( $summary_ids )
			);
		} catch ( DatabaseError $error ) {
			return; // WordPress' own screens must open even where our tables are broken; the field of the post is in its own.
		}
		foreach ( $rows as $row ) {
			$this->known[ get_current_blog_id() ][ (int) $row['summary_post_id'] ] = (int) $row['document'];
		}
	}

	public static function store( int $summary_id, int $attachment_id ): void {
		update_post_meta( $summary_id, self::FIELD, self::link( $summary_id, $attachment_id ) );
	}

	/**
	 * The field of a summary that has just been made. Its job's row names it later in the same transaction.
	 *
	 * @return array<string,string>
	 */
	public function of_new( int $summary_id, int $attachment_id ): array {
		$this->known[ get_current_blog_id() ][ $summary_id ] = $attachment_id;
		return array( self::FIELD => self::link( $summary_id, $attachment_id ) );
	}

	private static function link( int $summary_id, int $attachment_id ): string {
		return "$attachment_id:$summary_id";
	}

	/** What was read before a roll-back may never have happened. */
	public function forget(): void {
		$this->known = array();
	}

	private static function stored( int $summary_id ): int {
		$parts = explode( ':', (string) get_post_meta( $summary_id, self::FIELD, true ) );
		return 2 === count( $parts ) && (int) $parts[1] === $summary_id ? (int) $parts[0] : 0;
	}

	/**
	 * Candidates come by their parent, an indexed column that Guard keeps; the field decides. A post of ours without any field
	 * is one whose writer crashed between its row and its fields.
	 */
	private function stored_for( int $attachment_id ): int {
		$rows   = Database::rows(
			'SELECT p.ID, s.meta_value AS link, w.meta_id AS written FROM ' . Database::wpdb()->posts . ' p
			LEFT JOIN ' . Database::wpdb()->postmeta . ' s ON s.post_id = p.ID AND s.meta_key = %s LEFT JOIN ' . Database::wpdb()->postmeta . " w ON w.post_id = p.ID AND w.meta_key = %s
			WHERE p.post_parent = %d AND p.post_type = %s AND p.post_status <> 'auto-draft' ORDER BY CASE WHEN p.post_status = 'trash' THEN 1 ELSE 0 END, p.ID",
			self::FIELD,
			Meta::WRITTEN,
			$attachment_id,
			PostType::NAME
		);
		$linked = array_filter( $rows, static fn( array $row ): bool => "$attachment_id:{$row['ID']}" === $row['link'] );
		$begun  = array_filter( $rows, static fn( array $row ): bool => null === $row['link'] && null === $row['written'] );
		return (int) ( array_values( $linked ? $linked : $begun )[0]['ID'] ?? 0 );
	}
}
