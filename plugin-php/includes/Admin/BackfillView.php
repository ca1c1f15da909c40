<?php
declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Backfill\Estimate;
use AIDoc\Backfill\Run;
use AIDoc\Rights;

/** What a person reads about a backfill: the same sentences on the page and in its live answers. */
final class BackfillView {

	/** No amount is shown as less. */
	private const CENT = 0.01;

	public function __construct( private readonly Estimate $estimate ) {}

	/** @return array{id:int,state:string,percent:int,title:string,line:string} */
	public static function progress( Run $run ): array {
		return array(
			'id'      => $run->id,
			'state'   => $run->state,
			'percent' => $run->percent(),
			'title'   => self::title( $run ),
			'line'    => self::line( $run ),
		);
	}

	private static function title( Run $run ): string {
		return match ( $run->state ) {
			Run::RUNNING => $run->dry ? __( 'Counting', 'ai-doc-pipeline' ) : __( 'Queueing', 'ai-doc-pipeline' ),
			Run::PAUSED  => __( 'Paused', 'ai-doc-pipeline' ),
			Run::STOPPED => __( 'Stopped', 'ai-doc-pipeline' ),
			default      => $run->dry ? __( 'Counted', 'ai-doc-pipeline' ) : __( 'Done', 'ai-doc-pipeline' ),
		};
	}

	private static function line( Run $run ): string {
		if ( '' !== $run->problem ) {
			return $run->problem;
		}
		$tally = $run->tally;
		$words = $run->dry
			/* translators: 1: number looked at, 2: number in all, 3: number that can be queued, 4: number skipped, 5: number that cannot be read. */
			? __( '%1$s of %2$s documents looked at: %3$s can be queued, %4$s skipped, %5$s cannot be read.', 'ai-doc-pipeline' )
			/* translators: 1: number looked at, 2: number in all, 3: number queued, 4: number skipped, 5: number that cannot be read. */
			: __( '%1$s of %2$s documents looked at: %3$s queued, %4$s skipped, %5$s cannot be read.', 'ai-doc-pipeline' );
		return sprintf( $words, ...array_map( 'number_format_i18n', array( $tally->seen, max( $run->total, $tally->seen ), $tally->queued, $tally->skipped, $tally->refusals() ) ) );
	}

	/** @return string[] Size, pages and cost of what a dry run has counted. */
	public function facts( Run $run ): array {
		$tally = $run->tally;
		/* translators: %s: a size such as "120 MB". */
		$facts = array( sprintf( __( 'Together they have %s.', 'ai-doc-pipeline' ), size_format( $tally->bytes, 1 ) ) );
		if ( $tally->paged > 0 ) {
			/* translators: 1: number of pages, 2: number of documents. */
			$facts[] = sprintf( _n( 'Known pages: %1$s, of %2$s document that was read before.', 'Known pages: %1$s, of %2$s documents that were read before.', $tally->paged, 'ai-doc-pipeline' ), number_format_i18n( $tally->pages ), number_format_i18n( $tally->paged ) );
		}
		if ( Rights::has( Rights::SPENDING ) ) {
			$facts[] = $this->cost( $run );
		}
		return $facts;
	}

	private function cost( Run $run ): string {
		$estimate = $this->estimate->of( $run->tally );
		if ( null === $estimate ) {
			return __( 'What reading them will cost cannot be said yet: no document of this site has been read.', 'ai-doc-pipeline' );
		}
		$usd = $estimate['usd'] > 0 ? max( self::CENT, $estimate['usd'] ) : 0.0;
		return sprintf(
			/* translators: 1: amount of US dollars, 2: number of documents. */
			_n( 'Reading them will cost about $%1$s, going by the %2$s document that was read last.', 'Reading them will cost about $%1$s, going by the %2$s documents that were read last.', $estimate['documents'], 'ai-doc-pipeline' ),
			number_format_i18n( $usd, 2 ),
			number_format_i18n( $estimate['documents'] )
		);
	}
}
