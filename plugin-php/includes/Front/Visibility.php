<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\Summaries\Capabilities;
use AIDoc\Summaries\PostType;

/**
 * Who sees a summary on the pages of the site: whoever may read its document, once the summary is published. That is another
 * rule than the one for REST, XML-RPC and wp-admin (Capabilities), which publishing does not open. PublishedRule says the same for
 * lists; PublishedTest holds both against each other.
 */
final class Visibility {

	/** Whether the current visitor sees it; never to be cached. */
	public function is_open( \WP_Post $summary, \WP_Post $document ): bool {
		if ( 'publish' !== $summary->post_status || 'trash' === $document->post_status ) {
			return false;
		}
		if ( ! self::is_public( $document ) && ! self::may_read( $document ) ) {
			return false;
		}
		if ( self::needs_password( $summary, $document ) ) {
			return false;
		}
		/**
		 * Takes a published summary from the current visitor who may read its document, as plugins for members want it. It can
		 * give nobody more than that.
		 *
		 * @param bool     $open     True.
		 * @param \WP_Post $summary  The summary.
		 * @param \WP_Post $document The attachment.
		 */
		return (bool) apply_filters( 'aidoc_summary_is_open', true, $summary, $document );
	}

	/** Whether a document is one that everybody may read: it, and the post that it is attached to. */
	public static function is_public( \WP_Post $document ): bool {
		$parent = self::parent_of( $document );
		return is_post_publicly_viewable( $document )
			&& ( 'inherit' === $document->post_status || is_post_status_viewable( $document->post_status ) )
			&& ( ! $parent || ( PostType::NAME !== $parent->post_type && is_post_type_viewable( $parent->post_type ) && is_post_status_viewable( $parent->post_status ) ) );
	}

	/** Whether a password that the current visitor has not entered stands before it. */
	public static function needs_password( \WP_Post $summary, \WP_Post $document ): bool {
		$parent = self::parent_of( $document );
		return post_password_required( $summary ) || post_password_required( $document ) || ( $parent && post_password_required( $parent ) );
	}

	private static function may_read( \WP_Post $document ): bool {
		$user = get_current_user_id();
		if ( 0 === $user || PostType::NAME === ( self::parent_of( $document )->post_type ?? '' ) ) {
			return false;
		}
		foreach ( Capabilities::to_read_the_document( $user, $document ) as $cap ) {
			if ( ! current_user_can( $cap ) ) {
				return false;
			}
		}
		return true;
	}

	private static function parent_of( \WP_Post $document ): ?\WP_Post {
		return PostType::post( (int) $document->post_parent );
	}
}
