<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** Keeps what the writer wrote about a summary as it is, for every user and every way of saving the post. */
final class Guard {

	public function __construct( private readonly WriterScope $scope ) {}

	public function register(): void {
		add_filter( 'wp_insert_post_data', array( $this, 'keep_parent' ), PHP_INT_MAX, 2 );
		add_filter( 'is_protected_meta', array( self::class, 'protect' ), 10, 3 );
		foreach ( array( 'add_post_metadata', 'update_post_metadata', 'delete_post_metadata' ) as $hook ) {
			add_filter( $hook, array( $this, 'refuse' ), PHP_INT_MAX, 3 );
		}
		add_filter( 'update_post_metadata_by_mid', array( $this, 'refuse_by_id' ), PHP_INT_MAX, 2 );
	}

	/**
	 * @param array<string,mixed> $data
	 * @param array<string,mixed> $given
	 * @return array<string,mixed>
	 */
	public function keep_parent( $data, $given ) {
		if ( PostType::NAME !== ( $data['post_type'] ?? '' ) || $this->scope->active() ) {
			return $data;
		}
		$before              = PostType::post( (int) ( $given['ID'] ?? 0 ) );
		$data['post_parent'] = $before && PostType::NAME === $before->post_type ? $before->post_parent : 0;
		return $data;
	}

	/** Protected fields are in no list of custom fields, and XML-RPC neither tells nor takes them. */
	public static function protect( $is_protected, $key, $object_type ): bool {
		return $is_protected || ( 'post' === $object_type && Meta::is_ours( (string) $key ) );
	}

	/**
	 * @param mixed $check Null lets it happen; false is what update_post_meta() answers when nothing was written.
	 * @return mixed
	 */
	public function refuse( $check, $post_id, $key ) {
		return $this->keeps( (int) $post_id, (string) $key ) ? false : $check;
	}

	/** @return mixed */
	public function refuse_by_id( $check, $meta_id ) {
		$meta = get_metadata_by_mid( 'post', (int) $meta_id );
		return $meta && $this->keeps( (int) $meta->post_id, (string) $meta->meta_key ) ? false : $check;
	}

	private function keeps( int $post_id, string $key ): bool {
		return ! $this->scope->active() && Meta::is_ours( $key ) && PostType::NAME === get_post_type( $post_id );
	}
}
