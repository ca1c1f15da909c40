<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Clock;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Media\AgentBlock;
use AIDoc\Queue\Line;

/** Whether the queue moves: what waits longest, against what was finished lately. */
final class QueueCheck extends Check {

	private const HOUR_MS = HOUR_IN_SECONDS * 1000;
	private const DAY_MS  = DAY_IN_SECONDS * 1000;

	/** An expired lease older than this means that no agent asks for work and cron does not run. */
	private const OVERDUE_MS = 15 * MINUTE_IN_SECONDS * 1000;

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Agents $agents,
		private readonly Line $line,
		private readonly Clock $clock,
	) {}

	public function name(): string {
		return 'aidoc_leases';
	}

	public function label(): string {
		return __( 'Document queue', 'ai-doc-pipeline' );
	}

	public function run(): array {
		$now = $this->clock->now_ms();
		$due = $this->jobs->oldest_expiry_ms();
		if ( $due > 0 && $due < $now - self::OVERDUE_MS ) {
			return $this->found( self::RECOMMENDED, __( 'A document waits for an agent that stopped answering', 'ai-doc-pipeline' ), __( 'An agent stopped answering during its work, and no agent has asked for work since. Start the agent, or run “aidoc-agent doctor” on its machine to see why it cannot reach this site.', 'ai-doc-pipeline' ) );
		}
		$waiting = $this->jobs->counts()['queued'];
		if ( 0 === $waiting ) {
			return $this->found( self::GOOD, __( 'No document waits', 'ai-doc-pipeline' ), $this->lately() );
		}
		if ( ! $this->somebody_works( $now ) ) {
			/* translators: %d: number of documents */
			return $this->found( self::RECOMMENDED, sprintf( _n( '%d document waits and nobody takes it', '%d documents wait and nobody takes them', $waiting, 'ai-doc-pipeline' ), $waiting ), __( 'No agent is online that takes documents. The Agents page says of each what keeps it.', 'ai-doc-pipeline' ), $this->lately() );
		}
		return $this->moving( $waiting, $now );
	}

	/** @return array<string,mixed> */
	private function moving( int $waiting, int $now ): array {
		$oldest = $this->line->oldest_ms();
		$age    = $oldest > 0 ? $now - $oldest : 0;
		$since  = $age > 0
			/* translators: %s: a length of time such as "3 hours" */
			? sprintf( __( 'The document that has waited longest was queued %s ago.', 'ai-doc-pipeline' ), human_time_diff( 0, intdiv( $age, 1000 ) ) )
			: __( 'All documents that wait were put off until later.', 'ai-doc-pipeline' );
		if ( $age > self::HOUR_MS && 0 === $this->line->finished_in( self::HOUR_MS ) ) {
			return $this->found( self::RECOMMENDED, __( 'An agent is online, and no document was finished in the last hour', 'ai-doc-pipeline' ), $since, __( 'The document may be of a type or size that no agent reads: its row in the queue says why it waits. Otherwise look at the agent’s log.', 'ai-doc-pipeline' ), $this->lately() );
		}
		$day  = $this->line->finished_in( self::DAY_MS );
		$days = $day > 0 ? $waiting / $day : 0;
		if ( $days > 1 && $age > self::DAY_MS ) {
			/* translators: 1: number of documents that wait, 2: a length of time such as "3 days" */
			return $this->found( self::RECOMMENDED, __( 'Documents come faster than they are read', 'ai-doc-pipeline' ), $since, sprintf( __( 'At the pace of the last 24 hours, the %1$s documents that wait take about %2$s. Give the agent more slots, or join another one.', 'ai-doc-pipeline' ), number_format_i18n( $waiting ), human_time_diff( 0, (int) ( $days * DAY_IN_SECONDS ) ) ), $this->lately() );
		}
		return $this->found( self::GOOD, __( 'The document queue moves', 'ai-doc-pipeline' ), $since, $this->lately() );
	}

	private function somebody_works( int $now ): bool {
		foreach ( $this->agents->all() as $agent ) {
			if ( 'active' === $agent->state && null === AgentBlock::of( $agent, $now ) ) {
				return true;
			}
		}
		return false;
	}

	private function lately(): string {
		/* translators: 1: number of documents, 2: number of documents */
		return sprintf( __( 'Finished in the last hour: %1$s, in the last 24 hours: %2$s.', 'ai-doc-pipeline' ), number_format_i18n( $this->line->finished_in( self::HOUR_MS ) ), number_format_i18n( $this->line->finished_in( self::DAY_MS ) ) );
	}
}
