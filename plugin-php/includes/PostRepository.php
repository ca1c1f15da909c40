<?php
declare( strict_types=1 );

namespace AIDoc;

/** Repository of WordPress' posts, for what its own functions cannot do in pages without reading whole posts. */
final class PostRepository {

	/** @return int[] Ids of posts of a type, of every status, upward from an id; also where the type is not registered. */
	public function of_type( string $type, int $after_id, int $limit ): array {
		return $this->ids( ' WHERE post_type = %s AND ID > %d ORDER BY ID LIMIT %d', $type, $after_id, $limit );
	}

	/** @return int[] */
	private function ids( string $where, mixed ...$values ): array {
		return array_map( 'intval', array_column( Database::rows( 'SELECT ID FROM ' . Database::wpdb()->posts . $where, ...$values ), 'ID' ) );
	}
}
