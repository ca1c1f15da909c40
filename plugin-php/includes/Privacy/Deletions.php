<?php
declare( strict_types=1 );

namespace AIDoc\Privacy;

use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Lifecycle;
use AIDoc\Schema;
use AIDoc\Summaries\PostType;

/** What is deleted for good in WordPress is erased by agents too: their text of a document, and all they keep for it. */
final class Deletions {

	/** @param \Closure():Erasures $erasures Built when something is deleted: most requests delete nothing. */
	public static function register( \Closure $erasures ): void {
		add_action( 'delete_attachment', static fn( $id ) => self::note( static fn() => $erasures()->of_attachment( (int) $id ) ) );
		add_action(
			'before_delete_post',
			static function ( $id ) use ( $erasures ): void {
				if ( PostType::NAME === get_post_type( (int) $id ) ) {
					self::note( static fn() => $erasures()->of_summary( (int) $id ) );
				}
			}
		);
	}

	/**
	 * A deletion never fails because of us.
	 *
	 * @param callable():int $work
	 */
	private static function note( callable $work ): void {
		if ( ! Lifecycle::is_active_here() ) {
			return;
		}
		try {
			Schema::maybe_upgrade();
			$work();
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
		}
	}
}
