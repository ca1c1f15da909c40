<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Database;

/** Removes all summaries: only on uninstall, only where an administrator chose so. */
final class Cleanup {

	public static function delete_all(): void {
		do {
			$rows = Database::rows( 'SELECT ID FROM ' . Database::wpdb()->posts . ' WHERE post_type = %s LIMIT 100', PostType::NAME );
			foreach ( $rows as $row ) {
				if ( ! wp_delete_post( (int) $row['ID'], true ) ) {
					return; // Something vetoes it: do not ask for ever.
				}
			}
		} while ( $rows );
	}
}
