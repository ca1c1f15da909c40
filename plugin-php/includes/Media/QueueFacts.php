<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Agents\Agent;
use AIDoc\Jobs\Mimes;

/** What is known of the queue and its agents at one moment, for all rows of a screen: what Waiting goes by. */
final class QueueFacts {

	/**
	 * @param Agent[]           $agents Those that have joined.
	 * @param string|null       $cap    The sentence about a spending cap that is reached.
	 * @param list<int>         $line   Jobs at the head of the queue, in the order in which they are given out.
	 * @param bool              $more   Whether the queue goes on behind them.
	 * @param int               $paceMs Milliseconds from one finished document to the next while all agents are busy; 0 where nothing is known.
	 * @param array<int,string> $names  User → name, of those who paused an agent.
	 * @param bool              $admin  Whether the reader may see what agents say of themselves: it may name servers and accounts.
	 */
	public function __construct(
		public readonly int $nowMs,
		public readonly array $agents,
		public readonly ?string $cap = null,
		public readonly array $line = array(),
		public readonly bool $more = false,
		public readonly int $paceMs = 0,
		public readonly array $names = array(),
		public readonly bool $admin = false,
	) {}

	/**
	 * The agents that could take such a document. One that has not said yet what it reads may be one.
	 *
	 * @return Agent[]
	 */
	public function readers( string $mime, int $bytes, bool $local_only ): array {
		return array_values(
			array_filter(
				$this->agents,
				static function ( Agent $agent ) use ( $mime, $bytes, $local_only ): bool {
					$caps = $agent->capabilities();
					return null === $caps || ( Mimes::fit( $caps['mimes'], $mime ) && ( $caps['max_bytes'] <= 0 || $bytes <= $caps['max_bytes'] ) && ( $caps['local_only'] || ! $local_only ) );
				}
			)
		);
	}
}
