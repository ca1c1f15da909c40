<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Jobs\Copies;
use AIDoc\Summaries\DocumentLinks;
use AIDoc\Summaries\PostType;

/**
 * The block aidoc/document-summary and the shortcode [document_summary]. Who may not see the summary sees nothing, not even an
 * empty box; who may edit it is told why there is none.
 */
final class SummaryBlock {

	private const CSS_CLASS = 'aidoc-summary';

	public function __construct(
		private readonly DocumentLinks $links,
		private readonly Visibility $visibility,
		private readonly SummaryText $text,
		private readonly Copies $copies,
	) {}

	/**
	 * @param array<string,mixed>  $attributes
	 * @param array<string,mixed>  $context Of the block: the post that it stands in.
	 */
	public function block( array $attributes, array $context = array() ): string {
		return $this->render( Shown::of_block( $attributes ), get_block_wrapper_attributes( array( 'class' => self::CSS_CLASS ) ), (int) ( $context['postId'] ?? 0 ) );
	}

	/** @param array<string,string>|string $given */
	public function shortcode( array|string $given ): string {
		return $this->render( Shown::of_shortcode( $given ), 'class="' . self::CSS_CLASS . '"' );
	}

	/**
	 * @param string $wrapper Attributes of the outermost element, escaped.
	 * @param int    $here    The post around it, 0 for the current one.
	 */
	public function render( Shown $shown, string $wrapper, int $here = 0 ): string {
		if ( Machines::are_asking() ) {
			return '';
		}
		$asked    = $shown->attachmentId > 0 ? get_post( $shown->attachmentId ) : get_post( $here > 0 ? $here : null );
		$document = 'attachment' === ( $asked->post_type ?? '' ) ? $asked : null;
		$summary  = $document ? $this->summary_of( $document ) : null;
		if ( ! $summary || ! $this->is_open( $summary, $document ) ) {
			return self::hint( Hints::instead( $document, $summary, $shown->attachmentId ), $wrapper );
		}
		$id = wp_unique_id( 'aidoc-summary-' );
		return View::html(
			'front-summary',
			array(
				'wrapper' => $wrapper,
				'id'      => $id,
				'title'   => get_the_title( $summary ),
				'shown'   => $shown,
				'text'    => $this->text->html( $summary, $document, $shown ),
				'source'  => Source::of( $document ),
				'hint'    => Hints::beside( $document, $summary ),
			)
		);
	}

	/** A translation of a Media item shows the summary of the one that was read, to those who may read both. */
	private function is_open( \WP_Post $summary, \WP_Post $document ): bool {
		$read = get_post( $this->copies->original( $document->ID ) );
		return $this->visibility->is_open( $summary, $document ) && ( ! $read || $read->ID === $document->ID || $this->visibility->is_open( $summary, $read ) );
	}

	private function summary_of( \WP_Post $document ): ?\WP_Post {
		try {
			$read    = $this->copies->original( $document->ID );
			$summary = PostType::post( $this->links->summary_of( $read ) );
			return $summary && $this->links->document_of( $summary->ID ) === $read ? $summary : null;
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error ); // The page goes on without it.
			return null;
		}
	}

	private static function hint( ?Hint $hint, string $wrapper ): string {
		$vars = array(
			'hint'    => $hint,
			'wrapper' => $wrapper,
		);
		return $hint ? View::html( 'front-hint', $vars ) : '';
	}
}
