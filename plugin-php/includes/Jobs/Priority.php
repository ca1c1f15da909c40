<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/** The order in which jobs are leased: the smallest number first, among equals the oldest. */
final class Priority {

	/** Uploads, and what a person asks for: the default of the table's column. */
	public const NORMAL = 10;

	/** What somebody puts to the front has this much less than it had: it stands before everything else and finds its place again. */
	public const FRONT = 100;

	/** A library that is read for the first time, however large, stands behind what is uploaded today. */
	public const BACKFILL = 20;
}
