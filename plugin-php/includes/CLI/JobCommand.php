<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Schema;

/** What happened to one document, from the upload to the draft. */
final class JobCommand {

	private const FIELDS = array( 'time', 'event', 'lease', 'agent', 'code', 'message' );

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Events $events,
		private readonly Agents $agents,
	) {}

	/**
	 * Shows a job: how it stands, and what happened to it, the oldest first. Lines of an agent's log have the same trace.
	 *
	 * ## OPTIONS
	 *
	 * <job>
	 * : Id of a job.
	 *
	 * [--fields=<fields>]
	 * : Fields with commas between: time, event, lease, agent, code, message, trace.
	 *
	 * [--format=<format>]
	 * : table, json, csv, yaml, count or ids.
	 *
	 * ## EXAMPLES
	 *
	 *     $ wp aidoc job 4711
	 *     $ wp aidoc job 4711 --format=json --fields=time,event,code,trace
	 *
	 * @param string[]             $args
	 * @param array<string,string> $options
	 */
	public function __invoke( array $args, array $options = array() ): void {
		Schema::maybe_upgrade();
		$id  = (string) ( $args[0] ?? '' );
		$job = ctype_digit( $id ) ? $this->jobs->find( (int) $id ) : null;
		if ( ! $job ) {
			/* translators: %s: what was typed */
			\WP_CLI::error( sprintf( __( '“%s” is no id of a job. “wp aidoc jobs” lists them.', 'ai-doc-pipeline' ), $id ) );
			return;
		}
		if ( Output::is_for_people( $options ) ) {
			\WP_CLI::line( self::head( $job ) );
		}
		Output::rows( array_map( fn( array $event ): array => $this->row( $event, $job->traceId ), array_reverse( $this->events->for_job( $job->id ) ) ), self::FIELDS, $options );
	}

	private static function head( Job $job ): string {
		/* translators: 1: id of a job, 2: file name, 3: state, such as queued, 4: number of an attempt, 5: number of attempts, 6: id of a trace */
		return sprintf( __( 'Job %1$d, %2$s: %3$s, attempt %4$d of %5$d, trace %6$s', 'ai-doc-pipeline' ), $job->id, $job->filename, $job->state->value, $job->attempt, $job->maxAttempts, $job->traceId );
	}

	/** @return array<string,int|string> */
	private function row( array $event, string $trace ): array {
		return array(
			'time'    => Output::time( $event['at_ms'] ),
			'event'   => $event['kind'],
			'lease'   => $event['epoch'],
			'agent'   => $event['agent_id'] > 0 ? ( $this->agents->find( $event['agent_id'] )->name ?? '#' . $event['agent_id'] ) : '',
			'code'    => $event['code'],
			'message' => $event['message'],
			'trace'   => $trace,
		);
	}
}
