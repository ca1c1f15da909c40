<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

/** A day or a month in the site's time zone, with the caps of what models may cost in it. */
final class Period {

	public const DAY   = 'day';
	public const MONTH = 'month';

	/**
	 * @param self::DAY|self::MONTH $name
	 * @param int                   $startMs   Its first millisecond.
	 * @param int                   $endMs     The first one after it.
	 * @param float                 $maxUsd    0 for no cap.
	 * @param int                   $maxTokens 0 for no cap.
	 */
	public function __construct(
		public readonly string $name,
		public readonly int $startMs,
		public readonly int $endMs,
		public readonly float $maxUsd,
		public readonly int $maxTokens,
	) {}

	public static function day( int $now_ms, float $max_usd, int $max_tokens ): self {
		$start = self::midnight( $now_ms );
		return new self( self::DAY, self::ms( $start ), self::ms( $start->modify( '+1 day' ) ), $max_usd, $max_tokens );
	}

	public static function month( int $now_ms, float $max_usd, int $max_tokens ): self {
		$start = self::midnight( $now_ms )->modify( 'first day of this month' );
		return new self( self::MONTH, self::ms( $start ), self::ms( $start->modify( '+1 month' ) ), $max_usd, $max_tokens );
	}

	public function has_cap(): bool {
		return $this->maxUsd > 0 || $this->maxTokens > 0;
	}

	private static function midnight( int $now_ms ): \DateTimeImmutable {
		return ( new \DateTimeImmutable( '@' . intdiv( $now_ms, 1000 ) ) )->setTimezone( wp_timezone() )->setTime( 0, 0 );
	}

	private static function ms( \DateTimeImmutable $time ): int {
		return $time->getTimestamp() * 1000;
	}
}
