<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\PostRepository;

/** Removes all summaries: only on uninstall, only where an administrator chose so. */
final class Cleanup {

	private const BATCH = 100;

	/** One that another plugin keeps from being deleted stays. */
	public static function delete_all(): void {
		$posts = new PostRepository();
		$after = 0;
		do {
			$ids = $posts->of_type( PostType::NAME, $after, self::BATCH );
			foreach ( $ids as $id ) {
				wp_delete_post( $id, true );
				$after = $id;
			}
		} while ( $ids );
	}
}
