<?php
declare( strict_types=1 );

namespace AIDoc\Review;

/** Who reviewed a summary and when, as a sentence. */
final class ReviewText {

	/** @param array{by:int,at_ms:int,changed:bool} $review As Reviews::of() gives it. */
	public static function of( array $review ): string {
		$user = get_userdata( $review['by'] );
		$name = $user ? $user->display_name : __( 'a former user', 'ai-doc-pipeline' );
		$when = Provenance::date( $review['at_ms'] );
		return $review['changed']
			/* translators: 1: name of a person, 2: date and time. */
			? sprintf( __( 'Reviewed by %1$s on %2$s; changed since.', 'ai-doc-pipeline' ), $name, $when )
			/* translators: 1: name of a person, 2: date and time. */
			: sprintf( __( 'Reviewed by %1$s on %2$s.', 'ai-doc-pipeline' ), $name, $when );
	}
}
