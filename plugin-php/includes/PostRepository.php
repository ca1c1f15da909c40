<?php
declare( strict_types=1 );

namespace AIDoc;

/** Repository of WordPress' posts, for what its own functions cannot do in pages without reading whole posts. */
final class PostRepository {

	/**
	 * @param string[] $mimes Not empty.
	 * @return int[] Ids of attachments of these types that are not in the trash, upward from an id.
	 */
	public function attachments( array $mimes, int $after_id, int $limit ): array {
		$marks = implode( ',', array_fill( 0, count( $mimes ), '%s' ) );
		return $this->ids( " WHERE post_type = 'attachment' AND post_status <> 'trash' AND post_mime_type IN ($marks) AND ID > %d ORDER BY ID LIMIT %d", ...$mimes, ...array( $after_id, $limit ) );
	}

	/** @return int[] Ids of posts of a type, of every status, upward from an id; also where the type is not registered. */
	public function of_type( string $type, int $after_id, int $limit ): array {
		return $this->ids( ' WHERE post_type = %s AND ID > %d ORDER BY ID LIMIT %d', $type, $after_id, $limit );
	}

	/** @return int[] */
	private function ids( string $where, mixed ...$values ): array {
		return array_map( 'intval', array_column( Database::rows( 'SELECT ID FROM ' . Database::wpdb()->posts . $where, ...$values ), 'ID' ) );
	}
}
