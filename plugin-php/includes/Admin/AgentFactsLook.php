<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\KeyRing;
use AIDoc\Auth\SiteKeys;
use AIDoc\Queue\Period;
use AIDoc\Queue\SpendingReport;

/** Looks up AgentFacts for all agents at once: a handful of queries, whatever their number. */
final class AgentFactsLook {

	/** So many of an agent's documents are listed. */
	private const LISTED = 8;

	public function __construct(
		private readonly Agents $agents,
		private readonly KeyRing $keys,
		private readonly SiteKeys $site_keys,
		private readonly SpendingReport $report,
	) {}

	/**
	 * @param Agent[] $agents
	 * @return array<int,AgentFacts> By agent.
	 */
	public function of_all( array $agents, int $now_ms ): array {
		$leases = array();
		foreach ( $this->agents->leases() as $lease ) {
			$leases[ $lease['agent_id'] ][] = $lease;
		}
		$held     = $this->agents->leases_held();
		$finished = $this->agents->finished_since( $now_ms - HOUR_IN_SECONDS * 1000 );
		$spent    = $this->report->by_agent(
			array(
				'day'   => Period::day( $now_ms, 0.0, 0 )->startMs,
				'month' => Period::month( $now_ms, 0.0, 0 )->startMs,
			)
		);
		$keys     = $this->keys->in_use();
		$site     = $this->site_keys->known_id();
		$names    = self::names( $agents );
		$facts    = array();
		foreach ( $agents as $agent ) {
			$facts[ $agent->id ] = new AgentFacts(
				array_slice( $leases[ $agent->id ] ?? array(), 0, self::LISTED ),
				$held[ $agent->id ] ?? 0,
				$finished[ $agent->id ] ?? 0,
				( $spent[ $agent->id ] ?? array() ) + array(
					'day'   => 0.0,
					'month' => 0.0,
				),
				$keys[ $agent->id ] ?? null,
				$site,
				$names[ $agent->directiveBy ] ?? ''
			);
		}
		return $facts;
	}

	/**
	 * @param Agent[] $agents
	 * @return array<int,string> User → name, of those who gave a directive.
	 */
	private static function names( array $agents ): array {
		$ids = array_filter( array_unique( array_map( static fn( Agent $agent ): int => $agent->directiveBy, $agents ) ) );
		return $ids ? array_map(
			'strval',
			array_column(
				get_users(
					array(
						'include' => $ids,
						'blog_id' => 0,
						'fields'  => array( 'ID', 'display_name' ),
					)
				),
				'display_name',
				'ID'
			)
		) : array();
	}
}
