<?php
declare( strict_types=1 );

namespace AIDoc\Agents;

/**
 * How often an agent may do what writes a row each time. A share comes back at a steady pace and is saved up to a burst. Far more
 * than 64 busy slots use, and than a restart or an outage piles up; far less than a stolen key could use. The value is the column
 * that counts.
 */
enum Pace: string {

	case Rotation = 'rotations_paid_until';
	case Ending   = 'endings_paid_until'; // A fail, or one lease of a release.

	/** The most that one request takes out. */
	public const MOST = 256;

	public function interval_ms(): int {
		return match ( $this ) {
			self::Rotation => 10 * MINUTE_IN_SECONDS * 1000,
			self::Ending   => 200,
		};
	}

	/** What can be saved up. */
	public function burst_ms(): int {
		return match ( $this ) {
			self::Rotation => 9 * $this->interval_ms(),
			self::Ending   => 600 * $this->interval_ms(),
		};
	}
}
