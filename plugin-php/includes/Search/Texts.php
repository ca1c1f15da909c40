<?php
declare( strict_types=1 );

namespace AIDoc\Search;

use AIDoc\Database;
use AIDoc\Summaries\PostType;

/**
 * Repository of what summaries are found by: their text without markup, with the title and the file name of the document. It
 * answers which contain words; who may see them is the asker's to say.
 */
final class Texts {

	/** Words that InnoDB's index does not know: shorter ones, and its stop words of that length. */
	private const INDEXED   = '~^[\p{Latin}\p{Greek}\p{Cyrillic}\p{N}]{4,}$~u';
	private const STOPWORDS = array( 'about', 'from', 'that', 'this', 'what', 'when', 'where', 'will', 'with' );

	public function put( int $summary_id, string $body ): void {
		Database::write( 'REPLACE INTO ' . Database::table( 'texts' ) . ' (summary_id, body) VALUES (%d, %s)', $summary_id, $body );
	}

	public function remove( int $summary_id ): void {
		Database::write( 'DELETE FROM ' . Database::table( 'texts' ) . ' WHERE summary_id = %d', $summary_id );
	}

	/** @return int[] Summaries that are not in it yet. */
	public function missing( int $limit ): array {
		$rows = Database::rows(
			'SELECT s.ID FROM ' . Database::wpdb()->posts . ' s LEFT JOIN ' . Database::table( 'texts' ) . " t ON t.summary_id = s.ID WHERE s.post_type = %s AND s.post_status <> 'auto-draft' AND t.summary_id IS NULL ORDER BY s.ID LIMIT %d",
			PostType::NAME,
			$limit
		);
		return array_map( 'intval', array_column( $rows, 'ID' ) );
	}

	/**
	 * A query for the ids of the summaries that contain each of the words. A word that the index of MySQL and MariaDB knows is
	 * found there, as the beginning of one; any other, and on SQLite all, by looking through the texts.
	 *
	 * @param string[] $words
	 */
	public function matching( array $words ): string {
		$table = Database::table( 'texts' );
		$rules = array_map( array( $this, 'condition' ), $words );
		return "SELECT t.summary_id FROM $table t WHERE " . ( $rules ? implode( ' AND ', $rules ) : '1=1' );
	}

	private function condition( string $word ): string {
		$db = Database::wpdb();
		if ( ! Database::is_sqlite() && preg_match( self::INDEXED, $word ) && ! in_array( mb_strtolower( $word ), self::STOPWORDS, true ) ) {
			return $db->prepare( 'MATCH (t.body) AGAINST (%s IN BOOLEAN MODE)', "+$word*" );
		}
		return $db->prepare( 't.body LIKE %s', '%' . $db->esc_like( $word ) . '%' );
	}
}
