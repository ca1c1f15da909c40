<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Settings;

/** When an agent is to ask for work again. */
final class Polling {

	private const MIN_MS      = 2_000;
	private const MAX_MS      = 30_000;
	private const DOORBELL_MS = 60_000;

	/** Each further agent adds this much, so that their number does not become the site's load. */
	private const PER_AGENT_MS = 500;

	private const COUNTED = 1_000;

	public function __construct(
		private readonly Settings $settings,
		private readonly Doorbell $doorbell,
		private readonly Agents $agents,
		private readonly Jobs $jobs,
	) {}

	/** How many documents wait, for people and for what starts agents by it; no further than is counted in no time. */
	public function waiting(): int {
		return $this->jobs->count_waiting( self::COUNTED );
	}

	/** How many agents ask this site: when all of them start in one moment, each waits the longer the more there are. */
	public function agents(): int {
		return $this->agents->count_heard();
	}

	/** @return array{url:string,now:string}|null The file to look at meanwhile, and what it holds: an agent that sees something older there knows of a cache. Null where it is switched off or cannot be written. */
	public function doorbell(): ?array {
		$url = $this->settings->get( 'doorbell' ) ? $this->doorbell->url() : null;
		return null === $url ? null : array(
			'url' => $url,
			'now' => trim( $this->doorbell->content() ),
		);
	}

	/**
	 * With a doorbell an agent need not ask until something is due by itself; without one, the more agents the rarer.
	 *
	 * @param bool $doorbell Whether there is one.
	 * @param bool $given    Whether it was given work now: there may be more.
	 */
	public function next_ms( bool $doorbell, int $now_ms, bool $given ): int {
		if ( $given ) {
			return self::MIN_MS;
		}
		$poll = $doorbell ? self::DOORBELL_MS : min( self::MAX_MS, self::PER_AGENT_MS * $this->agents->count_active() );
		$due  = $this->jobs->next_due_ms();
		if ( $due > 0 ) {
			$poll = min( $poll, max( 0, $due - $now_ms ) + random_int( 250, 1500 ) );
		}
		return max( self::MIN_MS, $poll );
	}
}
