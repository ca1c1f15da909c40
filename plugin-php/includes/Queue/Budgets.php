<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Clock;
use AIDoc\Database;
use AIDoc\Jobs\Job;
use AIDoc\Settings;

/**
 * Divides what the site allows for models among its leases, so that together they cannot cost more. A cap is reached when less than
 * a cent (or a thousand tokens) of it is not spent: leases are then given with a budget of nothing, for agents that ask no model. While only
 * leases that are held stand in the way, none is given: what they do not use comes free.
 */
final class Budgets {

	/** Less than this does not pay for a document. */
	private const LEAST_USD    = 0.01;
	private const LEAST_TOKENS = 1_000;

	/** A lease gets a quarter of what is left, and of little this much. */
	private const SHARE        = 4;
	private const SMALL_USD    = 0.25;
	private const SMALL_TOKENS = 100_000;

	/** How soon an agent is to ask again that only waits for leases of others. */
	public const LOOK_AGAIN_MS = 5_000;

	public function __construct(
		private readonly Settings $settings,
		private readonly Spending $spending,
		private readonly Clock $clock,
	) {}

	/** Whether a lease can be given now: with a share of the caps, or because they are reached. Without a cap it costs no query. */
	public function have_room(): bool {
		$periods = $this->capped();
		if ( ! $periods || $this->reached_in( $periods ) ) {
			return true;
		}
		$left = $this->left( $periods );
		return self::is_enough( $left );
	}

	/**
	 * Reserves a part of the caps for each of these leases, which were just given. Asked again for the same lease it tells the same.
	 *
	 * @param Job[] $jobs
	 * @return array<int,Budget|null> By job; null where others have reserved all that is left, so that the lease must be taken back.
	 */
	public function for_leases( array $jobs ): array {
		$periods = $jobs ? $this->capped() : array();
		if ( ! $periods ) {
			return array_fill_keys( array_column( $jobs, 'id' ), new Budget() );
		}
		return Database::transaction(
			function () use ( $jobs, $periods ): array {
				$this->spending->lock();
				$budgets = array();
				foreach ( $jobs as $job ) {
					$budgets[ $job->id ] = $this->for_lease( $job, $periods );
				}
				return $budgets;
			}
		);
	}

	/**
	 * What was spent in this day and month of the site.
	 *
	 * @return array<string,array{usd:float,tokens:int}> By name of the period.
	 */
	public function spent(): array {
		$now = $this->clock->now_ms();
		return $this->spending->spent_since( self::starts( array( Period::day( $now, 0.0, 0 ), Period::month( $now, 0.0, 0 ) ) ) );
	}

	/** @return string|null One sentence while a cap is reached, null else. */
	public function reached(): ?string {
		$periods = $this->capped();
		$reached = $periods ? $this->reached_in( $periods ) : array();
		if ( ! $reached ) {
			return null;
		}
		$last = end( $reached );
		$cap  = $this->is_usd_reached( $last )
			? '$' . number_format_i18n( $last->maxUsd, 2 )
			/* translators: %s: a number of tokens, by which models count text. */
			: sprintf( __( '%s tokens', 'ai-doc-pipeline' ), number_format_i18n( $last->maxTokens ) );
		/* translators: a day of a month without its year, as wp_date() formats it: "1 December". */
		$day = wp_date( __( 'j F', 'ai-doc-pipeline' ), intdiv( $last->endMs, 1000 ) );
		return sprintf(
			Period::MONTH === $last->name
				/* translators: 1: amount of money or of tokens, such as "$20.00", 2: a day, such as "1 December". */
				? __( 'This site’s monthly cap of %1$s for models is reached; work goes on on %2$s.', 'ai-doc-pipeline' )
				/* translators: 1: amount of money or of tokens, such as "$2.00", 2: a day, such as "1 December". */
				: __( 'This site’s daily cap of %1$s for models is reached; work goes on on %2$s.', 'ai-doc-pipeline' ),
			$cap,
			$day
		);
	}

	/** @param Period[] $periods */
	private function for_lease( Job $job, array $periods ): ?Budget {
		$renews   = min( array_map( static fn( Period $period ): int => $period->endMs, $periods ) );
		$reserved = $this->spending->reserved_for( $job );
		$reached  = $reserved ? array() : $this->reached_in( $periods );
		if ( $reached ) {
			return $this->nothing( end( $reached ) );
		}
		if ( ! $reserved ) {
			$left = $this->left( $periods );
			if ( ! self::is_enough( $left ) ) {
				return null;
			}
			$all      = $this->spending->was_reserved_before( $job ); // Its share was perhaps too small.
			$reserved = array(
				'usd'    => null === $left['usd'] ? 0.0 : self::share( $left['usd'], self::SMALL_USD, $all ),
				'tokens' => null === $left['tokens'] ? 0 : (int) self::share( $left['tokens'], self::SMALL_TOKENS, $all ),
			);
			$this->spending->reserve( $job, $reserved['usd'], $reserved['tokens'] );
			$reserved = $this->spending->reserved_for( $job ) ?? $reserved; // As it was rounded.
		}
		return new Budget( $reserved['usd'] > 0 ? $reserved['usd'] : null, $reserved['tokens'] > 0 ? $reserved['tokens'] : null, max( 0, $renews - $this->clock->now_ms() ) );
	}

	private function nothing( Period $period ): Budget {
		$usd = $this->is_usd_reached( $period );
		return new Budget( $usd ? 0.0 : null, $usd ? null : 0, max( 0, $period->endMs - $this->clock->now_ms() ) );
	}

	private static function share( float $left, float $small, bool $all ): float {
		return $all ? $left : max( $left / self::SHARE, min( $left, $small ) );
	}

	/** @param array{usd:?float,tokens:?int} $left */
	private static function is_enough( array $left ): bool {
		return ( null === $left['usd'] || $left['usd'] >= self::LEAST_USD ) && ( null === $left['tokens'] || $left['tokens'] >= self::LEAST_TOKENS );
	}

	/**
	 * What is neither spent nor reserved, in the period where that is least.
	 *
	 * @param Period[] $periods
	 * @return array{usd:?float,tokens:?int} Null where no cap is set.
	 */
	private function left( array $periods ): array {
		$starts = self::starts( $periods );
		$held   = $this->spending->outstanding_since( $starts ); // First: a lease that ends in between counts twice rather than not at all.
		$spent  = $this->spending->spent_since( $starts );
		$usd    = array();
		$tokens = array();
		foreach ( $periods as $period ) {
			if ( $period->maxUsd > 0 ) {
				$usd[] = $period->maxUsd - $spent[ $period->name ]['usd'] - $held[ $period->name ]['usd'];
			}
			if ( $period->maxTokens > 0 ) {
				$tokens[] = $period->maxTokens - $spent[ $period->name ]['tokens'] - $held[ $period->name ]['tokens'];
			}
		}
		return array(
			'usd'    => $usd ? min( $usd ) : null,
			'tokens' => $tokens ? min( $tokens ) : null,
		);
	}

	/**
	 * @param Period[] $periods
	 * @return Period[] Those whose cap is reached, the one that ends last as the last.
	 */
	private function reached_in( array $periods ): array {
		$spent = $this->spending->spent_since( self::starts( $periods ) );
		return array_values(
			array_filter(
				$periods,
				static fn( Period $period ): bool => ( $period->maxUsd > 0 && $period->maxUsd - $spent[ $period->name ]['usd'] < self::LEAST_USD )
					|| ( $period->maxTokens > 0 && $period->maxTokens - $spent[ $period->name ]['tokens'] < self::LEAST_TOKENS )
			)
		);
	}

	private function is_usd_reached( Period $period ): bool {
		return $period->maxUsd > 0 && $period->maxUsd - $this->spending->spent_since( self::starts( array( $period ) ) )[ $period->name ]['usd'] < self::LEAST_USD;
	}

	/**
	 * @param Period[] $periods
	 * @return int[] By name.
	 */
	private static function starts( array $periods ): array {
		return array_combine( array_column( $periods, 'name' ), array_column( $periods, 'startMs' ) );
	}

	/** @return Period[] Day before month; those with a cap only. */
	public function capped(): array {
		$caps = $this->settings->all();
		if ( ! array_filter( array( $caps['max_usd_day'], $caps['max_usd_month'], $caps['max_tokens_day'], $caps['max_tokens_month'] ) ) ) {
			return array();
		}
		$now = $this->clock->now_ms();
		$all = array( Period::day( $now, $caps['max_usd_day'], $caps['max_tokens_day'] ), Period::month( $now, $caps['max_usd_month'], $caps['max_tokens_month'] ) );
		return array_values( array_filter( $all, static fn( Period $period ): bool => $period->has_cap() ) );
	}
}
