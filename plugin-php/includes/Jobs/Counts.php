<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/**
 * How many jobs there are of each state and of each reason, for screens: one query. Of a large queue the numbers are kept for some
 * seconds; a small one is counted each time, so that what somebody just did is seen.
 */
final class Counts {

	private const CACHE   = 'aidoc_counts';
	private const CACHE_S = 10;

	/** From so many jobs on. */
	private const LARGE = 5_000;

	/** @var list<array{state:string,code:string,n:int}>|null */
	private ?array $tally = null;

	public function __construct( private readonly Repository $jobs ) {}

	/** @return array<string,int> Every state named. */
	public function by_state(): array {
		$counts = array_fill_keys( array_column( State::cases(), 'value' ), 0 );
		foreach ( $this->tally() as $one ) {
			$counts[ $one['state'] ] = ( $counts[ $one['state'] ] ?? 0 ) + $one['n'];
		}
		return $counts;
	}

	/** @return array<string,int> Error code → number of jobs, the most frequent first. */
	public function by_code(): array {
		$counts = array();
		foreach ( $this->tally() as $one ) {
			if ( '' !== $one['code'] ) {
				$counts[ $one['code'] ] = ( $counts[ $one['code'] ] ?? 0 ) + $one['n'];
			}
		}
		arsort( $counts );
		return $counts;
	}

	/** Something was changed that people expect to see in the numbers. */
	public function forget(): void {
		$this->tally = null;
		delete_transient( self::CACHE );
	}

	/** @return list<array{state:string,code:string,n:int}> */
	private function tally(): array {
		return $this->tally ??= $this->look_up();
	}

	/** @return list<array{state:string,code:string,n:int}> */
	private function look_up(): array {
		$kept = get_transient( self::CACHE );
		if ( is_array( $kept ) ) {
			return $kept;
		}
		$tally = $this->jobs->tally();
		if ( array_sum( array_column( $tally, 'n' ) ) >= self::LARGE ) {
			set_transient( self::CACHE, $tally, self::CACHE_S );
		}
		return $tally;
	}
}
