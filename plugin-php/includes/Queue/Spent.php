<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

/** What models have cost under one lease. */
final class Spent {

	/** More is no amount that a document can cost. */
	public const MOST_USD = 1_000_000;

	public const MOST_TOKENS = 1_000_000_000_000;

	/** @param int $tokens Input and output. */
	public function __construct(
		public readonly float $usd,
		public readonly int $tokens,
	) {}

	/**
	 * The field `spent` of a result, beat, failure or release. It tells of money that is gone: amounts are brought into bounds, never refused.
	 *
	 * @return self|null Null where it is not told.
	 */
	public static function read( mixed $given ): ?self {
		return $given instanceof \stdClass ? new self( self::amount( $given->usd ?? 0, self::MOST_USD ), (int) self::amount( $given->tokens ?? 0, self::MOST_TOKENS ) ) : null;
	}

	private static function amount( mixed $given, int $most ): float {
		return is_int( $given ) || is_float( $given ) ? max( 0.0, min( (float) $most, (float) $given ) ) : 0.0;
	}
}
