<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

use AIDoc\Jobs\Copies;
use AIDoc\Jobs\Facts;
use AIDoc\Jobs\Inspector;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Pictures;
use AIDoc\Jobs\Repository as Jobs;

/** Decides for a page of the library, without opening a file, what is queued, what is left out, and why. A few queries, whatever its size. */
final class Sorter {

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Inspector $inspector,
		private readonly Pictures $pictures,
		private readonly Copies $copies,
	) {}

	/** @param int[] $ids */
	public function sort( Filter $filter, array $ids ): Batch {
		_prime_post_caches( $ids, false, true );
		$known = Filter::MISSING === $filter->which ? array() : $this->jobs->latest_for_attachments( $ids );
		update_meta_cache( 'post', array_filter( array_map( static fn( Job $job ): int => $job->summaryPostId, array_values( $known ) ) ) );
		$fresh = array();
		$again = array();
		$tally = new Tally();
		foreach ( $ids as $id ) {
			if ( $this->copies->original( $id ) !== $id ) {
				$tally = $tally->plus( new Tally( seen: 1, skipped: 1 ) );
				continue;
			}
			$facts = $this->inspector->inspect( $id, null, Inspector::UNOPENED );
			$tally = $tally->plus( $this->judge( $filter, $facts, $known[ $id ] ?? null ) );
			if ( ! $this->is_wanted( $filter, $facts ) ) {
				continue;
			}
			if ( isset( $known[ $id ] ) ) {
				$again[] = $known[ $id ];
			} else {
				$fresh[] = $facts;
			}
		}
		return new Batch( $fresh, $again, $tally );
	}

	private function judge( Filter $filter, Facts|\WP_Error $facts, ?Job $known ): Tally {
		if ( is_wp_error( $facts ) ) {
			return self::refused( (string) $facts->get_error_code(), $facts->get_error_message() );
		}
		if ( '' !== $facts->refusalCode ) {
			return self::refused( $facts->refusalCode, $facts->refusal );
		}
		if ( ! $this->fits( $filter, $facts ) ) {
			return new Tally( seen: 1, skipped: 1 );
		}
		$pages = $known && $known->summaryPostId ? (int) get_post_meta( $known->summaryPostId, 'aidoc_pages', true ) : 0;
		return new Tally( seen: 1, queued: 1, bytes: $facts->bytes, pages: $pages, paged: (int) ( $pages > 0 ), mimes: array( $facts->mime => 1 ) );
	}

	private function is_wanted( Filter $filter, Facts|\WP_Error $facts ): bool {
		return ! is_wp_error( $facts ) && '' === $facts->refusalCode && $this->fits( $filter, $facts );
	}

	/** Photographs are spared as those of uploads are, unless pictures were asked for. */
	private function fits( Filter $filter, Facts $facts ): bool {
		return $filter->fits( $facts->bytes ) && ( in_array( 'images', $filter->types, true ) || $this->pictures->wanted( $facts->attachmentId, $facts->mime ) );
	}

	private static function refused( string $code, string $sentence ): Tally {
		return new Tally(
			seen: 1,
			refused: array(
				$code => array(
					'n'        => 1,
					'sentence' => $sentence,
				),
			)
		);
	}
}
