<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/** Feeds and REST hold the content of posts too. What they have given out is out of reach when a summary is withdrawn: they get none. */
final class Machines {

	/** Whether what is drawn now goes to a program, and not to a page that somebody looks at. */
	public static function are_asking(): bool {
		return is_feed() || ( defined( 'REST_REQUEST' ) && REST_REQUEST && ! self::draws_for_the_editor() );
	}

	/** The route by which the block editor shows what a block will look like, for people who write posts. */
	private static function draws_for_the_editor(): bool {
		return str_starts_with( (string) ( $GLOBALS['wp']->query_vars['rest_route'] ?? '' ), '/wp/v2/block-renderer/' );
	}
}
