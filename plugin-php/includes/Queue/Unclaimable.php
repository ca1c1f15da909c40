<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Mimes;
use AIDoc\Jobs\Repository;
use AIDoc\Text;

/**
 * A document that no joined agent can take would wait for ever and nobody would know why. It keeps waiting, for an agent that can
 * may join, but its status gives the reason. An agent that is offline counts with the capabilities that it last reported.
 */
final class Unclaimable {

	private const BATCH = 50;

	/** Jobs up to this id were looked at with what the agents can read now. */
	public const OPTION = 'aidoc_explained_upto';

	public function __construct(
		private readonly Leases $leases,
		private readonly Candidates $candidates,
		private readonly Repository $jobs,
		private readonly Agents $agents,
		private readonly Events $events,
	) {}

	/** @param bool $all Look at every waiting job, not only at those that came since the last look. */
	public function run( bool $all ): int {
		$active = array_filter( $this->agents->all(), static fn( Agent $agent ) => 'active' === $agent->state );
		$caps   = array_map( static fn( Agent $agent ) => $agent->capabilities(), array_values( $active ) );
		if ( ! $caps || in_array( null, $caps, true ) ) {
			return 0; // An agent has not reported its capabilities yet.
		}
		$upto  = (int) get_option( self::OPTION, 0 );
		$last  = $this->jobs->last_id();
		$after = $all ? 0 : $upto;
		if ( $last <= $after ) {
			return 0;
		}
		$explained = 0;
		$found     = $this->candidates->unclaimable_by( array_unique( $caps, SORT_REGULAR ), $after, self::BATCH );
		if ( count( $found ) < self::BATCH && $last !== $upto ) {
			update_option( self::OPTION, $last, false );
		}
		foreach ( $found as $job ) {
			list( $code, $message ) = $this->reason( $job, $caps );
			if ( $this->leases->explain( $job, $code, $message ) ) {
				++$explained;
				$this->events->log( 'waiting', $job->id, 0, $code, $message );
			}
		}
		return $explained;
	}

	/**
	 * @param list<array{mimes:string[],max_bytes:int,local_only:bool}> $caps
	 * @return array{0:string,1:string}
	 */
	private function reason( Job $job, array $caps ): array {
		$readers = array_filter( $caps, static fn( $one ) => Mimes::fit( $one['mimes'], $job->mime ) );
		if ( ! $readers ) {
			/* translators: %s: a MIME type */
			return array( 'aidoc_no_reader', Text::clip( sprintf( __( 'No joined agent reads files of type %s. Update an agent, or join one that does.', 'ai-doc-pipeline' ), $job->mime ), 500 ) );
		}
		if ( $job->localOnly ) {
			$readers = array_filter( $readers, static fn( $one ) => $one['local_only'] );
			if ( ! $readers ) {
				return array( 'aidoc_no_local_agent', __( 'This document is local only, and no joined agent that reads it keeps documents to its own machine. Update an agent, or take the mark away.', 'ai-doc-pipeline' ) );
			}
		}
		$limit = max( array_column( $readers, 'max_bytes' ) );
		return array(
			'aidoc_too_large_for_agents',
			sprintf(
				/* translators: 1: size of the file, 2: size limit */
				__( 'This file has %1$s, and no joined agent takes more than %2$s. Raise extract.max_bytes on an agent, or upload a smaller file.', 'ai-doc-pipeline' ),
				size_format( $job->bytes, 1 ),
				size_format( $limit, 1 )
			),
		);
	}
}
