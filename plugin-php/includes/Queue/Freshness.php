<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\UploadedFile;

/** A file may have been overwritten without WordPress (FTP, a sync) while its job waited: by size and time that is found when the job is leased. */
final class Freshness {

	/** A larger file is compared when it is fetched: an agent waits for the answer. */
	private const MOST_BYTES = 64 * MB_IN_BYTES;

	public function __construct( private readonly Manager $manager ) {}

	/**
	 * @param Job[] $jobs Leased, and nobody was told yet.
	 * @return Job[] Those whose file is still the one that was queued; the others have ended, and the new files have jobs of their own.
	 */
	public function keep( array $jobs ): array {
		return array_values( array_filter( $jobs, fn( Job $job ): bool => $this->is_fresh( $job ) ) );
	}

	private function is_fresh( Job $job ): bool {
		if ( '' === $job->sourceSha256 || 'site' !== $job->source_spec()['kind'] ) {
			return true;
		}
		$now = UploadedFile::stat_of( $job->attachmentId );
		if ( null === $now || $now['fingerprint'] === $job->fingerprint || $now['bytes'] > self::MOST_BYTES ) {
			return true;
		}
		$current = $this->manager->enqueue( $job->attachmentId );
		return $current instanceof Job && $current->id === $job->id;
	}
}
