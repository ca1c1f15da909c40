<?php
declare( strict_types=1 );

namespace AIDoc\Search;

use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Summaries\DocumentLinks;
use AIDoc\Summaries\PostType;

/** Keeps Texts current: when a summary is written or saved, when its document gets another title, when it goes. */
final class Indexer {

	/** How many summaries that were there before are filled in at a time. */
	private const BATCH = 200;

	public function __construct(
		private readonly Texts $texts,
		private readonly DocumentLinks $links,
	) {}

	public function saved( \WP_Post $summary ): void {
		if ( PostType::NAME === $summary->post_type && 'auto-draft' !== $summary->post_status ) {
			self::guard( fn() => $this->put( $summary, PostType::post( $this->links->document_of( $summary->ID ) ) ) );
		}
	}

	/** A summary is linked to its document after it is saved first: what is known of that one comes then. */
	public function linked( int $summary_id ): void {
		$summary = get_post( $summary_id );
		if ( $summary ) {
			$this->saved( $summary );
		}
	}

	public function document_changed( int $attachment_id ): void {
		self::guard( fn() => $this->linked( $this->links->summary_of( $attachment_id ) ) );
	}

	public function deleted( int $summary_id ): void {
		self::guard( fn() => $this->texts->remove( $summary_id ) );
	}

	/** @return bool Whether there may be more. */
	public function catch_up(): bool {
		$ids = $this->texts->missing( self::BATCH );
		foreach ( $ids as $id ) {
			$this->linked( $id );
		}
		return count( $ids ) === self::BATCH;
	}

	private function put( \WP_Post $summary, ?\WP_Post $document ): void {
		$plain = html_entity_decode( wp_strip_all_tags( (string) preg_replace( '~<!--.*?-->|(?=<(?:p|li|td|th|h[1-6]|br)\b)~s', ' ', $summary->post_content ) ), ENT_QUOTES | ENT_HTML5 );
		$parts = array( html_entity_decode( wp_strip_all_tags( $summary->post_title ), ENT_QUOTES | ENT_HTML5 ) );
		if ( $document ) {
			$parts[] = html_entity_decode( $document->post_title, ENT_QUOTES | ENT_HTML5 );
			$parts[] = wp_basename( (string) get_post_meta( $document->ID, '_wp_attached_file', true ) );
		}
		$parts[] = (string) preg_replace( '~\s+~u', ' ', $plain );
		$this->texts->put( $summary->ID, wp_check_invalid_utf8( implode( "\n", $parts ), true ) );
	}

	/** Saving never fails because of us. */
	private static function guard( callable $work ): void {
		try {
			$work();
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
		}
	}
}
