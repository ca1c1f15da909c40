<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\UploadedFile;
use AIDoc\Offload\Places;

/**
 * What has become of the files while their jobs waited, found when the jobs are leased. A file may have been overwritten without
 * WordPress (FTP, a sync): size and time tell. It may have been moved to a bucket: its digest is known, and its new place is told.
 */
final class Freshness {

	/** A larger file is compared when it is fetched: an agent waits for the answer. */
	private const MOST_BYTES = 64 * MB_IN_BYTES;

	public function __construct(
		private readonly Manager $manager,
		private readonly Jobs $jobs,
		private readonly Places $places,
	) {}

	/**
	 * @param Job[] $jobs Leased, and nobody was told yet.
	 * @return Job[] Those whose file is still the one that was queued; the others have ended, and the new files have jobs of their own.
	 */
	public function keep( array $jobs ): array {
		return array_values( array_filter( array_map( $this->current( ... ), $jobs ) ) );
	}

	/**
	 * Notes where the file is now, if a plugin has taken it out of the uploads folder since it was queued.
	 *
	 * @return bool False where nobody keeps it.
	 */
	public function follow( Job $job ): bool {
		$spec = $this->places->of( $job->attachmentId );
		if ( $spec ) {
			$this->jobs->set_source( $job->id, $spec, Places::fingerprint( $spec ) );
		}
		return null !== $spec;
	}

	private function current( Job $job ): ?Job {
		if ( '' === $job->sourceSha256 || 'site' !== $job->source_spec()['kind'] ) {
			return $job;
		}
		$now = UploadedFile::stat_of( $job->attachmentId );
		if ( null === $now ) {
			return $this->follow( $job ) ? $this->jobs->find( $job->id ) : $job;
		}
		if ( $now['fingerprint'] === $job->fingerprint || $now['bytes'] > self::MOST_BYTES ) {
			return $job;
		}
		$current = $this->manager->enqueue( $job->attachmentId );
		return $current instanceof Job && $current->id === $job->id ? $job : null;
	}
}
