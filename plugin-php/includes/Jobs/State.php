<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/** Where a job is in its life; see docs/protocol.md, section 5. */
enum State: string {
	case Queued    = 'queued';
	case Leased    = 'leased';
	case Done      = 'done';
	case Failed    = 'failed';
	case Cancelled = 'cancelled';

	/** Nothing will happen to the job unless a person asks. */
	public function is_final(): bool {
		return self::Queued !== $this && self::Leased !== $this;
	}
}
