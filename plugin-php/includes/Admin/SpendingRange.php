<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Queue\Period;

/** The time that the spending page shows, and how it is divided: thirty days, or twelve months. */
final class SpendingRange {

	private const DAYS   = 30;
	private const MONTHS = 12;

	/**
	 * @param 'days'|'months'      $name
	 * @param array<string,string> $periods `YYYY-MM-DD` or `YYYY-MM` → as people read it, the first one first; those without spending among them.
	 */
	private function __construct(
		public readonly string $name,
		public readonly int $startMs,
		public readonly int $endMs,
		public readonly array $periods,
	) {}

	public static function from_address( int $now_ms ): self {
		return 'months' === Screens::asked( 'range' ) ? self::months( $now_ms ) : self::days( $now_ms );
	}

	public static function days( int $now_ms ): self {
		$today = self::date( Period::day( $now_ms, 0.0, 0 )->startMs );
		$first = $today->modify( '-' . ( self::DAYS - 1 ) . ' days' );
		/* translators: a day without its year, as wp_date() formats it: "1 Dec". */
		return new self( 'days', 1000 * $first->getTimestamp(), Period::day( $now_ms, 0.0, 0 )->endMs, self::periods( $first, self::DAYS, '+1 day', 'Y-m-d', __( 'j M', 'ai-doc-pipeline' ) ) );
	}

	public static function months( int $now_ms ): self {
		$month = self::date( Period::month( $now_ms, 0.0, 0 )->startMs );
		$first = $month->modify( '-' . ( self::MONTHS - 1 ) . ' months' );
		/* translators: a month with its year, as wp_date() formats it: "Dec 2026". */
		return new self( 'months', 1000 * $first->getTimestamp(), Period::month( $now_ms, 0.0, 0 )->endMs, self::periods( $first, self::MONTHS, '+1 month', 'Y-m', __( 'M Y', 'ai-doc-pipeline' ) ) );
	}

	/** The period that a day belongs to. */
	public function period( string $day ): string {
		return 'months' === $this->name ? substr( $day, 0, 7 ) : $day;
	}

	/** @return array<string,string> */
	private static function periods( \DateTimeImmutable $date, int $number, string $step, string $key, string $format ): array {
		$periods = array();
		for ( $i = 0; $i < $number; $i++ ) {
			$periods[ $date->format( $key ) ] = (string) wp_date( $format, $date->getTimestamp() );
			$date                             = $date->modify( $step );
		}
		return $periods;
	}

	private static function date( int $ms ): \DateTimeImmutable {
		return ( new \DateTimeImmutable( '@' . intdiv( $ms, 1000 ) ) )->setTimezone( wp_timezone() );
	}
}
