<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Jobs\Job;

/** How the attempts of a job ended, at most ten, newest last. */
final class Failures {

	private const KEEP = 10;

	public static function append( Job $job, string $agent, string $error_class, string $code, string $message, int $at_ms ): string {
		$list   = $job->failure_list();
		$list[] = array(
			'agent'    => $agent,
			'agent_id' => $job->agentId,
			'class'    => $error_class,
			'code'     => $code,
			'message'  => $message,
			'at_ms'    => $at_ms,
		);
		return (string) wp_json_encode( array_slice( $list, -self::KEEP ) );
	}

	/** Two crashes on different agents, or three on one: the document is the likely cause. */
	public static function is_poison( string $failures ): bool {
		$by_agent = array();
		foreach ( (array) json_decode( $failures, true ) as $failure ) {
			if ( 'crash' === ( $failure['class'] ?? '' ) ) {
				$by_agent[ $failure['agent_id'] ] = ( $by_agent[ $failure['agent_id'] ] ?? 0 ) + 1;
			}
		}
		return count( $by_agent ) >= 2 || ( $by_agent && max( $by_agent ) >= 3 );
	}

	/** @return string[] Names of the agents that crashed. */
	public static function crashed_on( string $failures ): array {
		$crashes = array_filter( (array) json_decode( $failures, true ), static fn( $failure ) => 'crash' === ( $failure['class'] ?? '' ) );
		return array_values( array_unique( array_column( $crashes, 'agent' ) ) );
	}
}
