<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\State;
use AIDoc\Text;

/** What a crash means for a job: another attempt at once, or, when the document is the likely cause (a poison message), failure with the evidence. */
final class Crash {

	/** The code with which a restarted agent returns what its earlier process held. */
	public const REPORTED = 'agent_crashed';

	/** The code for an agent that stopped answering. */
	public const SILENT = 'lease_expired';

	private const GIVEN_UP = 'aidoc_crashed';

	/**
	 * @param string $code     How it was noticed: REPORTED or SILENT.
	 * @param string $evidence One sentence for the list of failures.
	 * @param string $message  One sentence for the editor while the job is tried again.
	 */
	public static function of( Job $job, string $code, string $evidence, string $message, int $now_ms ): Ending {
		$where    = '' === $job->phase ? '' : ' ' . $job->phase . ( $job->total ? " {$job->done}/{$job->total}" : '' );
		$failures = Failures::append( $job, $job->agentName, 'crash', $code, Text::clip( $evidence . $where, 300 ), $now_ms );
		$crashes  = $job->crashes + 1;
		$poison   = Failures::is_poison( $failures );
		if ( ! $poison && $job->attempt < $job->maxAttempts ) {
			return new Ending( State::Queued, 'crash', $code, Text::clip( $message, 500 ), $failures, $crashes );
		}
		return new Ending( State::Failed, 'crash', self::GIVEN_UP, Text::clip( self::reason( $poison, $crashes, $failures ), 500 ), $failures, $crashes );
	}

	private static function reason( bool $poison, int $crashes, string $failures ): string {
		$names = implode( ', ', Failures::crashed_on( $failures ) );
		return $poison
			/* translators: 1: number of crashes, 2: names of agents */
			? sprintf( __( 'Processing this document crashed its agent %1$d times (%2$s). Check the file and the agent’s log before you choose “Retry”.', 'ai-doc-pipeline' ), $crashes, $names )
			/* translators: %s: names of agents */
			: sprintf( __( 'The agent crashed or stopped answering in the last attempt (%s). Check that it runs, then choose “Retry”.', 'ai-doc-pipeline' ), $names );
	}
}
