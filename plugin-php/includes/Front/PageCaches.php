<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Jobs\Copies;
use AIDoc\Search\Holders;
use AIDoc\Summaries\DocumentLinks;

/**
 * Pages that show a summary change with it, and plugins that keep whole pages know nothing of that: they throw a page away when
 * WordPress cleans the cache of its post. Lists of summaries are not looked for: any page may have one.
 */
final class PageCaches {

	private const MOST = 200;

	public function __construct(
		private readonly DocumentLinks $links,
		private readonly Copies $copies,
	) {}

	/** A summary is published, changed while it is, or taken back. */
	public function summary_changed( \WP_Post $summary ): void {
		try {
			$document = $this->links->document_of( $summary->ID );
			array_map( 'clean_post_cache', $document > 0 ? $this->pages( $document ) : array() );
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error ); // Saving never fails because of us.
		}
	}

	/** @return int[] The document, what it is attached to, and posts that show its summary by block or shortcode. */
	private function pages( int $document ): array {
		$documents = $this->copies->all_of( $document );
		$showing   = get_posts(
			array(
				'fields'      => 'ids',
				'post_type'   => array_values( get_post_types( array( 'public' => true ) ) ),
				'post_status' => array( 'publish', 'private' ),
				'numberposts' => self::MOST,
				'meta_query'  => array( // phpcs:ignore WordPress.DB.SlowDBQuery.slow_db_query_meta_query -- few posts have the key, which is indexed; only when a published summary is saved.
					array(
						'key'     => Holders::FIELD,
						'value'   => $documents,
						'compare' => 'IN',
					),
				),
			)
		);
		return array_unique( array_filter( array_map( 'intval', array_merge( $documents, array_map( 'wp_get_post_parent_id', $documents ), $showing ) ) ) );
	}
}
