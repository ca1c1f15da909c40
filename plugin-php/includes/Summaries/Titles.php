<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** Screens of WordPress name a post by its id alone (edit-comments.php?p=…) without asking whether its reader may see it. */
final class Titles {

	public function register(): void {
		add_filter( 'the_title', array( self::class, 'hide' ), PHP_INT_MAX, 2 );
	}

	/**
	 * @param string $title
	 * @param int    $post_id
	 */
	public static function hide( $title, $post_id = 0 ): string {
		$id     = (int) $post_id;
		$unread = $id > 0 && is_admin() && PostType::NAME === get_post_type( $id ) && ! current_user_can( 'read_post', $id );
		return $unread ? '' : (string) $title;
	}
}
