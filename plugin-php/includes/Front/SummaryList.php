<?php
declare( strict_types=1 );

namespace AIDoc\Front;

use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Summaries\DocumentLinks;

/** The block aidoc/summary-list and the shortcode [document_summaries]: documents with summaries, as far as the visitor may read them. */
final class SummaryList {

	private const CSS_CLASS = 'aidoc-summaries';

	/** How many lists this page has had so far: each has parameters of its own in the address. */
	private int $lists = 0;

	public function __construct(
		private readonly Catalogue $catalogue,
		private readonly ListForm $form,
		private readonly Visibility $visibility,
		private readonly SummaryText $text,
		private readonly DocumentLinks $links,
	) {}

	/**
	 * @param array<string,mixed> $attributes
	 * @param array<string,mixed> $context Of the block: the post that it stands in.
	 */
	public function block( array $attributes, array $context = array() ): string {
		return $this->render( Listed::of_block( $attributes ), get_block_wrapper_attributes( array( 'class' => self::CSS_CLASS ) ), (int) ( $context['postId'] ?? get_the_ID() ) );
	}

	/** @param array<string,string>|string $given */
	public function shortcode( array|string $given ): string {
		return $this->render( Listed::of_shortcode( $given ), 'class="' . self::CSS_CLASS . '"', (int) get_the_ID() );
	}

	private function render( Listed $listed, string $wrapper, int $here ): string {
		if ( Machines::are_asking() ) {
			return '';
		}
		$request = new ListRequest( ++$this->lists );
		$wanted  = $listed->wanted( $request, $here );
		try {
			$vars = $this->found( $wanted, $listed ) + array( 'choices' => $listed->filters ? $this->form->choices( $wanted, $request ) : array() );
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error ); // The page goes on without it.
			return '';
		}
		return View::html( 'front-list', compact( 'wrapper', 'listed', 'request' ) + array( 'base' => ListForm::base() ) + $vars );
	}

	/** @return array{total:int,pages:int,page:int,items:list<array{title:string,html:string,source:Source,date:string,day:string}>} */
	private function found( Wanted $wanted, Listed $listed ): array {
		$total = $this->catalogue->count( $wanted, get_current_user_id() );
		$pages = (int) ceil( $total / $wanted->perPage );
		$page  = max( 1, min( $pages, $wanted->page ) );
		$rows  = $total > 0 ? $this->catalogue->page( $wanted->on_page( $page ), get_current_user_id() ) : array();
		$this->prime( $rows, $listed );
		$items = array();
		foreach ( $rows as $summary_id => $document_id ) {
			$summary  = get_post( $summary_id );
			$document = get_post( $document_id );
			if ( $summary && $document && $this->visibility->is_open( $summary, $document ) ) {
				$items[] = $this->item( $summary, $document, $listed );
			}
		}
		return compact( 'total', 'pages', 'page', 'items' );
	}

	/**
	 * A few queries for all of a page.
	 *
	 * @param array<int,int> $rows Summary → document.
	 */
	private function prime( array $rows, Listed $listed ): void {
		_prime_post_caches( array_merge( array_keys( $rows ), array_values( $rows ) ), false, true );
		_prime_post_caches( array_filter( array_map( static fn( int $id ): int => (int) get_post_field( 'post_parent', $id ), $rows ) ), false, false );
		$this->links->prime( array_keys( $rows ) );
		if ( 'title' !== $listed->show ) {
			HtmlCache::prime( array_keys( $rows ) );
		}
	}

	/** @return array{title:string,html:string,source:Source,date:string,day:string} */
	private function item( \WP_Post $summary, \WP_Post $document, Listed $listed ): array {
		return array(
			'title'  => get_the_title( $summary ),
			'html'   => 'title' === $listed->show ? '' : $this->text->html( $summary, $document, Shown::in_list( $document->ID, 'whole' === $listed->show, $listed->level ) ),
			'source' => Source::of( $document ),
			'date'   => (string) get_the_date( '', $document ),
			'day'    => (string) get_the_date( 'Y-m-d', $document ),
		);
	}
}
