<?php
declare( strict_types=1 );

namespace AIDoc\Backfill;

/** What people do with backfills. */
final class Manager {

	public function __construct(
		private readonly Repository $runs,
		private readonly Library $library,
		private readonly Schedule $schedule,
	) {}

	/**
	 * Begins one; it goes on by itself.
	 *
	 * @param bool $dry Counts, and queues nothing.
	 */
	public function start( Filter $filter, bool $dry ): Run|\WP_Error {
		$upto = $this->library->newest();
		$id   = $this->runs->insert( $filter, $dry, $upto, $this->library->count( $filter, $upto ), get_current_user_id() );
		if ( null === $id ) {
			return new \WP_Error( 'aidoc_backfill_open', __( 'Another backfill is under way. Let it end, or stop it.', 'ai-doc-pipeline' ), array( 'status' => 409 ) );
		}
		$this->runs->purge();
		$this->schedule->soon();
		return $this->runs->find( $id );
	}

	public function latest(): ?Run {
		return $this->runs->latest();
	}

	public function pause(): Run|\WP_Error {
		return $this->change( Run::PAUSED, Run::RUNNING );
	}

	public function resume(): Run|\WP_Error {
		$run = $this->change( Run::RUNNING, Run::PAUSED );
		if ( ! is_wp_error( $run ) ) {
			$this->schedule->soon();
		}
		return $run;
	}

	/** What it has queued stays queued. */
	public function stop(): Run|\WP_Error {
		return $this->change( Run::STOPPED, Run::RUNNING, Run::PAUSED );
	}

	private function change( string $state, string ...$from ): Run|\WP_Error {
		$run = $this->runs->latest();
		if ( ! $run || ! $this->runs->set_state( $run->id, $state, ...$from ) ) {
			$sentence = Run::RUNNING === $state ? __( 'No backfill is paused, so there is nothing to resume.', 'ai-doc-pipeline' ) : __( 'No backfill is under way.', 'ai-doc-pipeline' );
			return new \WP_Error( 'aidoc_no_backfill', $sentence, array( 'status' => 409 ) );
		}
		return $this->runs->find( $run->id );
	}
}
