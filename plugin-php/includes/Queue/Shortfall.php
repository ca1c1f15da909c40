<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Clock;

/** Why a document waits that costs more than what is left of a cap: an agent that gives it back says what it would cost. */
final class Shortfall {

	/** A document is put off for so long at the most: the cap may be raised. */
	private const LOOK_AGAIN_MS = 15 * MINUTE_IN_SECONDS * 1000;

	public function __construct(
		private readonly Budgets $budgets,
		private readonly Spending $spending,
		private readonly Clock $clock,
	) {}

	/**
	 * @param Spent $cost At the most.
	 * @return array{text:string,wait_ms:int}|null For the editor, and how long other documents go before this one; null where only other leases
	 *                                             hold what is missing, or a cap is reached, which is said of all documents.
	 */
	public function of( Spent $cost ): ?array {
		if ( null !== $this->budgets->reached() ) {
			return null;
		}
		foreach ( array_reverse( $this->budgets->capped() ) as $period ) { // The month first: the day's renewal would not help.
			$text = $this->in( $period, $cost );
			if ( null !== $text ) {
				return array(
					'text'    => $text,
					'wait_ms' => max( 0, min( self::LOOK_AGAIN_MS, $period->endMs - $this->clock->now_ms() ) ),
				);
			}
		}
		return null;
	}

	private function in( Period $period, Spent $cost ): ?string {
		$spent = $this->spending->spent_since( array( $period->name => $period->startMs ) )[ $period->name ];
		if ( $period->maxUsd > 0 && $cost->usd > $period->maxUsd - $spent['usd'] ) {
			return self::sentence( $period, self::usd( ceil( $cost->usd * 100 ) ), self::usd( floor( ( $period->maxUsd - $spent['usd'] ) * 100 ) ), $cost->usd > $period->maxUsd );
		}
		if ( $period->maxTokens > 0 && $cost->tokens > $period->maxTokens - $spent['tokens'] ) {
			return self::sentence( $period, self::tokens( $cost->tokens ), self::tokens( $period->maxTokens - $spent['tokens'] ), $cost->tokens > $period->maxTokens );
		}
		return null;
	}

	/** @param bool $hopeless Whether not even a whole period pays for it. */
	private static function sentence( Period $period, string $cost, string $left, bool $hopeless ): string {
		$month = Period::MONTH === $period->name;
		if ( $hopeless ) {
			return sprintf(
				$month
					/* translators: %s: amount of money or of tokens, such as "$20.00". */
					? __( 'A summary of this document may cost %s, more than this site allows for models in a month. Raise the cap in the settings.', 'ai-doc-pipeline' )
					/* translators: %s: amount of money or of tokens, such as "$20.00". */
					: __( 'A summary of this document may cost %s, more than this site allows for models on a day. Raise the cap in the settings.', 'ai-doc-pipeline' ),
				$cost
			);
		}
		/* translators: a day of a month without its year, as wp_date() formats it: "1 December". */
		$day = wp_date( __( 'j F', 'ai-doc-pipeline' ), intdiv( $period->endMs, 1000 ) );
		return sprintf(
			$month
				/* translators: 1: amount of money or of tokens, such as "$2.00", 2: likewise, 3: a day, such as "1 December". */
				? __( 'A summary of this document may cost %1$s, and this site’s monthly cap for models leaves %2$s until %3$s.', 'ai-doc-pipeline' )
				/* translators: 1: amount of money or of tokens, such as "$2.00", 2: likewise, 3: a day, such as "1 December". */
				: __( 'A summary of this document may cost %1$s, and this site’s daily cap for models leaves %2$s until %3$s.', 'ai-doc-pipeline' ),
			$cost,
			$left,
			$day
		);
	}

	private static function usd( float $cents ): string {
		return '$' . number_format_i18n( max( 0.0, $cents ) / 100, 2 );
	}

	private static function tokens( int $tokens ): string {
		/* translators: %s: a number of tokens, by which models count text. */
		return sprintf( __( '%s tokens', 'ai-doc-pipeline' ), number_format_i18n( max( 0, $tokens ) ) );
	}
}
