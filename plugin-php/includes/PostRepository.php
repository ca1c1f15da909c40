<?php
declare( strict_types=1 );

namespace AIDoc;

/** Repository of WordPress' posts, for what its own functions cannot do in pages without reading whole posts. */
final class PostRepository {

	/** @return int[] Ids of posts of a type, of every status, upward from an id; also where the type is not registered. */
	public function of_type( string $type, int $after_id, int $limit ): array {
		return $this->ids( ' WHERE post_type = %s AND ID > %d ORDER BY ID LIMIT %d', $type, $after_id, $limit );
	}

	/**
	 * Fields that a post does not have yet, in one statement; add_post_meta() makes two of each. Its hooks do not run.
	 *
	 * @param array<string,mixed> $fields By key; values as get_post_meta() gives them.
	 */
	public static function add_fields( int $post_id, array $fields ): void {
		if ( ! $fields ) {
			return;
		}
		$values = array();
		foreach ( $fields as $key => $value ) {
			array_push( $values, $post_id, $key, (string) maybe_serialize( $value ) );
		}
		Database::write( 'INSERT INTO ' . Database::wpdb()->postmeta . ' (post_id, meta_key, meta_value) VALUES ' . implode( ', ', array_fill( 0, count( $fields ), '(%d, %s, %s)' ) ), ...$values );
		wp_cache_delete( $post_id, 'post_meta' );
		wp_cache_set_posts_last_changed();
	}

	/** @return int[] */
	private function ids( string $where, mixed ...$values ): array {
		return array_map( 'intval', array_column( Database::rows( 'SELECT ID FROM ' . Database::wpdb()->posts . $where, ...$values ), 'ID' ) );
	}
}
