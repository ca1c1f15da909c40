<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

/** One backfill, as read from the database. Times are milliseconds since the epoch, 0 for never. */
final class Run {

	public const RUNNING = 'running';
	public const PAUSED  = 'paused';
	public const STOPPED = 'stopped';
	public const DONE    = 'done';

	/**
	 * @param bool $dry     Counts only.
	 * @param int  $cursor  Attachments up to this id are done with.
	 * @param int  $upto    The last attachment there was when it began.
	 * @param int  $total   How many attachments there are to look at.
	 * @param string $problem Why the filter makes no sense any more (its folder is gone): it must not become a wider one. '' where it does.
	 * @param int  $version Changes with each batch: what a runner compares before it writes.
	 */
	public function __construct(
		public readonly int $id,
		public readonly string $state,
		public readonly bool $dry,
		public readonly Filter $filter,
		public readonly int $cursor,
		public readonly int $upto,
		public readonly int $total,
		public readonly int $version,
		public readonly Tally $tally,
		public readonly int $userId,
		public readonly int $createdMs,
		public readonly int $updatedMs,
		public readonly int $finishedMs,
		public readonly string $problem = '',
	) {}

	/** @param array<string,string|null> $row */
	public static function from_row( array $row ): self {
		$filter = Filter::from( (array) json_decode( (string) $row['criteria'], true ) );
		return new self(
			(int) $row['id'],
			(string) $row['state'],
			1 === (int) $row['dry'],
			is_wp_error( $filter ) ? new Filter() : $filter,
			(int) $row['cursor_id'],
			(int) $row['upto_id'],
			(int) $row['total'],
			(int) $row['version'],
			Tally::from_json( (string) $row['tally'] ),
			(int) $row['user_id'],
			(int) $row['created_at'],
			(int) $row['updated_at'],
			(int) $row['finished_at'],
			is_wp_error( $filter ) ? $filter->get_error_message() : '',
		);
	}

	/** Whether it goes on, or can. */
	public function is_open(): bool {
		return self::RUNNING === $this->state || self::PAUSED === $this->state;
	}

	/** @return int From 0 to 100. */
	public function percent(): int {
		return self::DONE === $this->state ? 100 : (int) min( 99, floor( 100 * $this->tally->seen / max( 1, $this->total ) ) );
	}
}
