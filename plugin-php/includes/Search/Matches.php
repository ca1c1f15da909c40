<?php
declare( strict_types=1 );

namespace AIDoc\Search;

use AIDoc\Database;
use AIDoc\Front\PublishedRule;
use AIDoc\Summaries\PostType;
use AIDoc\Summaries\ReadableRule;

/** Repository of what WordPress' own search finds beside its own: conditions on the posts table, with the rights of a user in them. */
final class Matches {

	public function __construct( private readonly Texts $texts ) {}

	/**
	 * Posts that a document is attached to or that show its summary, which is published and which the user may see.
	 *
	 * @param string[] $words
	 * @param int      $user  0 for a visitor.
	 */
	public function pages( array $words, int $user ): string {
		$posts = Database::wpdb()->posts;
		$found = PublishedRule::where( $user ) . ' AND s.ID IN (' . $this->texts->matching( $words ) . ')';
		$holds = ' JOIN ' . Database::wpdb()->postmeta . " h ON h.meta_key = '" . Holders::FIELD . "' AND h.meta_value = d.ID";
		return "($posts.post_password = '' AND ($posts.ID IN (SELECT d.post_parent" . PublishedRule::from() . $found . ") OR $posts.ID IN (SELECT h.post_id" . PublishedRule::from() . $holds . $found . ')))';
	}

	/**
	 * Documents with a summary that the user may read in wp-admin, drafts too.
	 *
	 * @param string[] $words
	 */
	public function documents( array $words, int $user ): string {
		$posts = Database::wpdb()->posts;
		$found = 'SELECT l.attachment_id FROM ' . Database::table( 'jobs' ) . " l JOIN $posts ON $posts.ID = l.summary_post_id WHERE $posts.post_type = '" . PostType::NAME . "' AND $posts.post_status <> 'trash'
			AND $posts.ID IN (" . $this->texts->matching( $words ) . ')' . ReadableRule::restriction( $user );
		return "($posts.post_type = 'attachment' AND $posts.ID IN ($found))";
	}
}
