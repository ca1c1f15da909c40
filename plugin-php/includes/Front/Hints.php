<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/** What people with rights read in place of a summary, or above it. Visitors read none of it. */
final class Hints {

	/** Why nothing is shown. */
	public static function instead( ?\WP_Post $document, ?\WP_Post $summary, int $asked ): ?Hint {
		if ( ! $document ) {
			return current_user_can( 'edit_posts' ) ? new Hint( $asked > 0 ? __( 'The document whose summary was shown here does not exist any more. Choose another one.', 'ai-doc-pipeline' ) : __( 'Choose the document whose summary is to be shown here.', 'ai-doc-pipeline' ) ) : null;
		}
		$name = Source::of( $document )->name;
		if ( ! $summary ) {
			/* translators: %s: name of a file. */
			return current_user_can( 'edit_post', $document->ID ) ? new Hint( sprintf( __( 'There is no summary of %s yet.', 'ai-doc-pipeline' ), $name ) ) : null;
		}
		return current_user_can( 'edit_post', $summary->ID ) ? self::of_closed( $name, $summary ) : null;
	}

	/** What differs for others, where a summary is shown. */
	public static function beside( \WP_Post $document, \WP_Post $summary ): ?Hint {
		if ( Visibility::is_public( $document ) || ! current_user_can( 'edit_post', $summary->ID ) ) {
			return null;
		}
		/* translators: %s: name of a file. */
		return new Hint( sprintf( __( 'Visitors do not see this: %s is not public, or it is attached to a post that is not.', 'ai-doc-pipeline' ), Source::of( $document )->name ) );
	}

	private static function of_closed( string $name, \WP_Post $summary ): Hint {
		$url    = (string) get_edit_post_link( $summary->ID, 'raw' );
		$review = __( 'Review it', 'ai-doc-pipeline' );
		return match ( $summary->post_status ) {
			/* translators: %s: name of a file. */
			'draft', 'auto-draft' => new Hint( sprintf( __( 'The summary of %s is still a draft.', 'ai-doc-pipeline' ), $name ), $url, $review ),
			/* translators: %s: name of a file. */
			'trash'               => new Hint( sprintf( __( 'The summary of %s is in the Trash.', 'ai-doc-pipeline' ), $name ) ),
			/* translators: %s: name of a file. */
			'publish'             => new Hint( sprintf( __( 'The summary of %s is shown to those who may read the document, and have entered its password where it has one.', 'ai-doc-pipeline' ), $name ) ),
			default               => new Hint(
				/* translators: 1: name of a file, 2: status of a post, such as "Pending" or "Private". */
				sprintf( __( 'The summary of %1$s is not published (%2$s).', 'ai-doc-pipeline' ), $name, get_post_status_object( $summary->post_status )->label ?? $summary->post_status ),
				$url,
				$review
			),
		};
	}
}
