<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

use AIDoc\Queue\Spending;

/** What reading so many documents will cost, going by those that were read lately. */
final class Estimate {

	public function __construct( private readonly Spending $spending ) {}

	/**
	 * @return array{usd:float,documents:int}|null Dollars, and how many documents that rests on; null where nothing was read yet. A type that
	 *                                             was never read counts with the mean of all.
	 */
	public function of( Tally $tally ): ?array {
		$means = $this->spending->means_by_type();
		if ( ! $means ) {
			return null;
		}
		$usd = 0.0;
		foreach ( $tally->mimes as $mime => $number ) {
			$usd += $number * ( $means[ $mime ] ?? $means[''] )['usd'];
		}
		return array(
			'usd'       => $usd,
			'documents' => $means['']['documents'],
		);
	}
}
