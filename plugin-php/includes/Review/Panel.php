<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Jobs\Job;
use AIDoc\Media\StatusHtml;
use AIDoc\Media\Statuses;
use AIDoc\Summaries\DocumentLinks;
use AIDoc\Summaries\DocumentUrl;
use AIDoc\Summaries\Meta;
use AIDoc\Summaries\Origins;
use AIDoc\Summaries\PostType;
use AIDoc\Summaries\Reviews;
use AIDoc\Summaries\Warnings;
use AIDoc\Summaries\Writer;

/** All that the panel beside a summary shows, in sentences: one array for the block editor, the meta box and the answers to its buttons. */
final class Panel {

	public function __construct(
		private readonly DocumentLinks $links,
		private readonly Statuses $statuses,
	) {}

	/**
	 * As the current user may see it, who can edit the summary.
	 *
	 * @return array<string,mixed> `status` is HTML of StatusHtml; everything else is text, numbers and addresses.
	 */
	public function of( \WP_Post $summary ): array {
		$this->statuses->forget();
		$document   = PostType::post( $this->links->document_of( $summary->ID ) );
		$document   = $document && 'attachment' === $document->post_type ? $document : null;
		$job        = $document ? $this->statuses->job( $document->ID ) : null;
		$provenance = new Provenance( $summary->ID );
		return array(
			'id'          => $summary->ID,
			'print'       => Origins::fingerprint( $summary ),
			'document'    => $document ? self::document( $document ) : null,
			'status'      => $document ? $this->status( $document->ID ) : '',
			'warnings'    => $this->warnings( $summary, $provenance, $job, $this->address( $document ) ),
			'facts'       => self::facts( $provenance, $this->address( $document ) ),
			'trace'       => $provenance->trace_id(),
			'made'        => self::made( $summary ),
			'aside'       => self::aside( $summary ),
			'compare'     => self::compare( $summary ),
			'review'      => self::review( $summary ),
			'instruction' => self::instruction( $summary, $provenance, $job ),
			'can'         => array(
				'review'     => current_user_can( 'edit_post', $summary->ID ),
				'publish'    => 'publish' !== $summary->post_status && current_user_can( 'publish_post', $summary->ID ),
				'regenerate' => $document && $job && $job->state->is_final() && current_user_can( 'edit_post', $document->ID ),
			),
		);
	}

	/** @return array{id:int,title:string,edit:?string,file:string} */
	private static function document( \WP_Post $document ): array {
		$title = html_entity_decode( get_the_title( $document ), ENT_QUOTES | ENT_HTML5, 'UTF-8' );
		return array(
			'id'    => $document->ID,
			'title' => '' !== $title ? $title : wp_basename( (string) get_post_meta( $document->ID, '_wp_attached_file', true ) ),
			'edit'  => current_user_can( 'edit_post', $document->ID ) ? get_edit_post_link( $document->ID, 'raw' ) : null,
			'file'  => esc_url_raw( DocumentUrl::of( $document->ID ) ),
		);
	}

	/** Without the link to this very screen. */
	private function status( int $document_id ): string {
		return StatusHtml::full( array( 'link' => null ) + $this->statuses->status( $document_id ) );
	}

	/** Where its pages can be opened; '' where they cannot. */
	private function address( ?\WP_Post $document ): string {
		return $document ? Writer::pages_of( $document->ID, DocumentUrl::of( $document->ID ) ) : '';
	}

	/** @return list<array{text:string,pages:list<array{label:string,url:string}>}> */
	private function warnings( \WP_Post $summary, Provenance $provenance, ?Job $job, string $address ): array {
		$warnings = array();
		$low      = $provenance->low_pages();
		if ( $low ) {
			$warnings[] = array(
				/* translators: %s: a percentage. */
				'text'  => sprintf( __( 'Read with less than %s confidence: compare these pages with the document before you approve.', 'ai-doc-pipeline' ), Provenance::percent( Provenance::LOW ) ),
				'pages' => array_map( static fn( array $one ): array => self::page( (int) $one['page'], $address, Provenance::percent( (float) $one['confidence'] ) ), $low ),
			);
		} elseif ( $provenance->is_doubtful() ) {
			/* translators: 1, 2: percentages. */
			$warnings[] = self::warning( sprintf( __( 'This scan was read with %1$s confidence, which is less than %2$s: compare the summary with the document before you approve.', 'ai-doc-pipeline' ), Provenance::percent( (float) $provenance->confidence() ), Provenance::percent( Provenance::LOW ) ) );
		}
		if ( self::is_outdated( $provenance->source_sha256(), $job ) ) {
			$warnings[] = self::warning( __( 'The file was replaced after this summary was made.', 'ai-doc-pipeline' ) );
		}
		if ( '' !== $provenance->unfollowed() ) {
			$warnings[] = self::warning( $provenance->unfollowed() );
		}
		return array_merge( $warnings, array_map( array( self::class, 'warning' ), Warnings::of( $summary->ID ) ) );
	}

	/** Whether the document's newest job is about another file than a summary. */
	public static function is_outdated( string $source_sha256, ?Job $job ): bool {
		return $job && '' !== $job->sourceSha256 && '' !== $source_sha256 && $job->sourceSha256 !== $source_sha256;
	}

	/** @return array{text:string,pages:array{}} */
	private static function warning( string $text ): array {
		return array(
			'text'  => $text,
			'pages' => array(),
		);
	}

	/** @return array{label:string,url:string} */
	private static function page( int $page, string $address, string $note = '' ): array {
		/* translators: %s: number of a page. */
		$label = sprintf( __( 'page %s', 'ai-doc-pipeline' ), number_format_i18n( $page ) );
		return array(
			'label' => '' === $note ? $label : "$label ($note)",
			'url'   => '' === $address ? '' : esc_url_raw( "$address#page=$page" ),
		);
	}

	/** @return list<array{label:string,value:string,pages:list<array{label:string,url:string}>}> */
	private static function facts( Provenance $provenance, string $address ): array {
		$link = static fn( array $row ): array => array( 'pages' => array_map( static fn( int $page ): array => self::page( $page, $address ), array_slice( $row['pages'] ?? array(), 0, 50 ) ) ) + $row;
		return array_map( $link, $provenance->rows() );
	}

	/** What the text on the screen was made from. */
	private static function made( \WP_Post $summary ): string {
		$origin = Origins::of( $summary->ID, $summary );
		if ( ! $origin ) {
			return __( 'The text on this screen was edited by a person.', 'ai-doc-pipeline' );
		}
		return '' === $origin['instruction'] ? '' : sprintf(
			/* translators: %s: what an editor asked for, such as "shorter". */
			__( 'The text on this screen was made with the instruction “%s”.', 'ai-doc-pipeline' ),
			$origin['instruction']
		);
	}

	/** @return array{text:string,url:string}|null A newer text that waits among the revisions. */
	private static function aside( \WP_Post $summary ): ?array {
		$revision = PostType::post( (int) get_post_meta( $summary->ID, Meta::ASIDE, true ) );
		if ( ! $revision || 'revision' !== $revision->post_type || (int) $revision->post_parent !== $summary->ID || Origins::fingerprint( $revision ) === Origins::fingerprint( $summary ) ) {
			return null;
		}
		return array(
			'text' => __( 'A newer summary was made. This text was edited, approved or published by a person and stays; the new one is among its revisions, and “How it was made” below is about the new one.', 'ai-doc-pipeline' ),
			'url'  => admin_url( 'revision.php?revision=' . $revision->ID ),
		);
	}

	/** @return array{label:string,url:string}|null WordPress' own screen, where there is something to compare. */
	private static function compare( \WP_Post $summary ): ?array {
		$revisions = wp_get_post_revisions(
			$summary->ID,
			array(
				'fields'        => 'ids',
				'check_enabled' => false,
			)
		);
		return count( $revisions ) < 2 ? null : array(
			/* translators: %s: number of versions. */
			'label' => sprintf( __( 'Compare versions (%s)', 'ai-doc-pipeline' ), number_format_i18n( count( $revisions ) ) ),
			'url'   => admin_url( 'revision.php?revision=' . reset( $revisions ) ),
		);
	}

	/** @return array{state:string,text:string} `state` is open, reviewed or changed. */
	private static function review( \WP_Post $summary ): array {
		$review = Reviews::of( $summary );
		return array(
			'state' => ! $review ? Reviews::OPEN : ( $review['changed'] ? Reviews::CHANGED : Reviews::REVIEWED ),
			'text'  => $review ? ReviewText::of( $review ) : __( 'Nobody has reviewed this summary yet.', 'ai-doc-pipeline' ),
		);
	}

	/** @return array{text:string,max:int,note:string} */
	private static function instruction( \WP_Post $summary, Provenance $provenance, ?Job $job ): array {
		return array(
			'text' => $job->instruction ?? '',
			'max'  => Regeneration::LENGTH,
			'note' => Writer::may_overwrite( $summary )
				? __( 'The new summary takes the place of this one, which stays among its revisions. Pages that the agent has kept are not read again.', 'ai-doc-pipeline' )
				: __( 'This text was edited, approved or published by a person and stays; the new one is put among its revisions.', 'ai-doc-pipeline' ),
		);
	}
}
