<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

use AIDoc\Clock;

/** Who has approved which text of a summary, and when. A text that was approved is a person's: no later reading overwrites it. */
final class Reviews {

	public const FIELD = Meta::REVIEW;

	/** OPEN, REVIEWED or CHANGED, for lists. */
	public const STATE = Meta::REVIEW_STATE;

	public const OPEN     = 'open';
	public const REVIEWED = 'reviewed';
	public const CHANGED  = 'changed';

	public function __construct(
		private readonly WriterScope $scope,
		private readonly Clock $clock,
	) {}

	/** @return array{by:int,at_ms:int,changed:bool}|null Null where nobody has reviewed it. */
	public static function of( \WP_Post $summary ): ?array {
		$review = get_post_meta( $summary->ID, self::FIELD, true );
		return ! is_array( $review ) || ! isset( $review['by'], $review['at_ms'], $review['print'] ) ? null : array(
			'by'      => (int) $review['by'],
			'at_ms'   => (int) $review['at_ms'],
			'changed' => Origins::fingerprint( $summary ) !== $review['print'],
		);
	}

	/** Whether the text as it is now was approved. */
	public static function stands( \WP_Post $summary ): bool {
		$review = self::of( $summary );
		return $review && ! $review['changed'];
	}

	public function approve( \WP_Post $summary, int $user_id ): void {
		$review = array(
			'by'    => $user_id,
			'at_ms' => $this->clock->wall_ms(),
			'print' => Origins::fingerprint( $summary ),
		);
		$this->scope->run(
			static function () use ( $summary, $review ): void {
				update_post_meta( $summary->ID, self::FIELD, $review );
				update_post_meta( $summary->ID, self::STATE, self::REVIEWED );
			}
		);
		/**
		 * Somebody has approved the text of a summary, published or not.
		 *
		 * @param int $post_id The summary.
		 * @param int $user_id Who did.
		 */
		do_action( 'aidoc_summary_reviewed', $summary->ID, $user_id );
	}

	public function take_back( int $summary_id ): void {
		$this->scope->run(
			static function () use ( $summary_id ): void {
				delete_post_meta( $summary_id, self::FIELD );
				update_post_meta( $summary_id, self::STATE, self::OPEN );
			}
		);
	}

	/** Who publishes a text approves it. What is published at its time by WP-Cron was approved by nobody. */
	public function published( string $status, string $before, \WP_Post $post ): void {
		if ( PostType::NAME === $post->post_type && 'publish' === $status && $status !== $before && get_current_user_id() > 0 ) {
			$this->approve( $post, get_current_user_id() );
		}
	}

	/** After each save: lists ask for the state, which the text decides. */
	public function follow( int $post_id, \WP_Post $post ): void {
		$review = PostType::NAME === $post->post_type ? self::of( $post ) : null;
		if ( ! $review ) {
			return;
		}
		$state = $review['changed'] ? self::CHANGED : self::REVIEWED;
		$this->scope->run( static fn() => update_post_meta( $post_id, self::STATE, $state ) );
	}
}
