<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

/** What a document costs, going by those that were read lately; asked for by screens, hence cached for some minutes. */
final class MeanCost {

	private const CACHE   = 'aidoc_mean_cost';
	private const CACHE_S = 5 * MINUTE_IN_SECONDS;

	/** @var array<string,float>|null By type, '' for all; empty where nothing was read yet. */
	private ?array $means = null;

	public function __construct( private readonly Spending $spending ) {}

	/** @return float|null US dollars of one document of that type; of a type never read the mean of all; null where nothing was read yet. */
	public function of( string $mime ): ?float {
		$this->means ??= $this->look_up();
		return $this->means[ $mime ] ?? $this->means[''] ?? null;
	}

	/** @return array<string,float> */
	private function look_up(): array {
		$kept = get_transient( self::CACHE );
		if ( is_array( $kept ) ) {
			return $kept;
		}
		$means = array_map( static fn( array $type ): float => $type['usd'], $this->spending->means_by_type() );
		set_transient( self::CACHE, $means, self::CACHE_S );
		return $means;
	}
}
