<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Clock;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Media\AgentBlock;

/** Which agents are online, and since when the others are silent. */
final class AgentsCheck extends Check {

	/** So many agents are named. */
	private const NAMED = 10;

	public function __construct(
		private readonly Agents $agents,
		private readonly Jobs $jobs,
		private readonly Clock $clock,
	) {}

	public function name(): string {
		return 'aidoc_agents';
	}

	public function label(): string {
		return __( 'Agents that read documents', 'ai-doc-pipeline' );
	}

	public function run(): array {
		$now     = $this->clock->now_ms();
		$agents  = array_filter( $this->agents->all(), static fn( Agent $agent ): bool => 'active' === $agent->state );
		$online  = array_filter( $agents, static fn( Agent $agent ): bool => AgentBlock::is_online( $agent, $now ) );
		$waiting = $this->jobs->counts()['queued'];
		$lines   = array_map( static fn( Agent $agent ): string => self::line( $agent, $now ), array_slice( $agents, 0, self::NAMED ) );
		if ( ! $agents ) {
			return $this->found( self::RECOMMENDED, __( 'No agent has joined this site', 'ai-doc-pipeline' ), __( 'Create an agent on the Agents page and run its join command on the machine that will process documents.', 'ai-doc-pipeline' ) );
		}
		if ( $online ) {
			/* translators: 1: number of agents that are online, 2: number of agents */
			return $this->found( count( $online ) === count( $agents ) ? self::GOOD : self::RECOMMENDED, sprintf( __( '%1$d of %2$d agents are online', 'ai-doc-pipeline' ), count( $online ), count( $agents ) ), ...$lines );
		}
		$lines[] = __( 'Start the agent on its machine, or run “aidoc-agent doctor” there to see why it cannot reach this site. Revoke agents that are no longer used.', 'ai-doc-pipeline' );
		return $waiting > 0
			/* translators: %d: number of documents */
			? $this->found( self::CRITICAL, sprintf( _n( '%d document waits and no agent is online', '%d documents wait and no agent is online', $waiting, 'ai-doc-pipeline' ), $waiting ), ...$lines )
			: $this->found( self::RECOMMENDED, __( 'No agent is online', 'ai-doc-pipeline' ), ...$lines );
	}

	private static function line( Agent $agent, int $now_ms ): string {
		$ago = human_time_diff( 0, max( 0, intdiv( $now_ms - $agent->lastSeenMs, 1000 ) ) );
		return match ( true ) {
			/* translators: %s: name of an agent */
			0 === $agent->lastSeenMs                  => sprintf( __( '“%s” has joined and never asked for work.', 'ai-doc-pipeline' ), $agent->name ),
			/* translators: 1: name of an agent, 2: a length of time such as "3 hours" */
			$agent->stoppedMs > 0                     => sprintf( __( '“%1$s” was stopped on request; it was last heard of %2$s ago.', 'ai-doc-pipeline' ), $agent->name, $ago ),
			/* translators: 1: name of an agent, 2: a length of time such as "3 seconds" */
			AgentBlock::is_online( $agent, $now_ms )  => sprintf( __( '“%1$s” is online; it was last heard of %2$s ago.', 'ai-doc-pipeline' ), $agent->name, $ago ),
			/* translators: 1: name of an agent, 2: a length of time such as "3 hours" */
			default                                   => sprintf( __( '“%1$s” has been silent for %2$s.', 'ai-doc-pipeline' ), $agent->name, $ago ),
		};
	}
}
