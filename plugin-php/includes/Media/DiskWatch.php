<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\UploadedFile;

/**
 * Notices files that were overwritten without WordPress (FTP, a sync): by size and time, when somebody looks at their status. What
 * differs is read and compared when the request ends, and queued where it is another file.
 */
final class DiskWatch {

	/** So much is hashed in one request; the rest with the next look. One file is, whatever its size. */
	private const BYTES = 64 * MB_IN_BYTES;

	/** @var array<int,int> Attachment → bytes of its file. */
	private array $changed = array();

	private bool $registered = false;

	/** @param \Closure():Manager $manager Built when a file has changed: most requests find none. */
	public function __construct( private readonly \Closure $manager ) {}

	/**
	 * Whether the file is still the one that the job is about.
	 *
	 * @return bool|null Null where only its time differs: it may be the same.
	 */
	public function is_same( Job $job ): ?bool {
		if ( ! $job->state->is_final() || 'site' !== $job->source_spec()['kind'] ) {
			return true;
		}
		$now = UploadedFile::stat_of( $job->attachmentId );
		if ( null === $now || $now['fingerprint'] === $job->fingerprint ) {
			return true;
		}
		$this->remember( $job->attachmentId, $now['bytes'] );
		return $now['bytes'] !== $job->bytes ? false : null;
	}

	private function remember( int $attachment_id, int $bytes ): void {
		$this->changed[ $attachment_id ] = $bytes;
		if ( ! $this->registered ) {
			$this->registered = true;
			$blog             = get_current_blog_id();
			add_action( 'shutdown', fn() => get_current_blog_id() === $blog && $this->settle(), 4 );
		}
	}

	/** Also for tests, which have no end of a request. */
	public function settle(): void {
		$left          = self::BYTES;
		$changed       = $this->changed;
		$this->changed = array();
		foreach ( $changed as $id => $bytes ) {
			if ( $bytes > $left && $left < self::BYTES ) {
				continue;
			}
			$left -= $bytes;
			try {
				( $this->manager )()->attachment_changed( $id );
			} catch ( DatabaseError $error ) {
				ErrorLog::add( $error );
				return;
			}
		}
	}
}
