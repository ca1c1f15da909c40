<?php
declare( strict_types=1 );

namespace AIDoc\Agents;

use AIDoc\Clock;
use AIDoc\Jobs\Events;

/** Tells the process of an agent that asks what its directive is. */
final class Directives {

	public function __construct(
		private readonly Repository $agents,
		private readonly Events $events,
		private readonly Clock $clock,
	) {}

	/**
	 * The agent as this process of it must see it. An order to stop is for the processes that were running when it was given; one
	 * that started later was started by a person, or after a crash, and simply works. A process that does not tell its age
	 * is taken for an old one: it does not know the order anyway, and pauses.
	 *
	 * @param array{uptime_ms?:int} $info What the process says of itself.
	 */
	public function for_process( Agent $agent, array $info ): Agent {
		$uptime = $info['uptime_ms'] ?? 0;
		$later  = Agent::STOP === $agent->directive && $uptime > 0 && $this->clock->now_ms() - $uptime > $agent->directiveSetMs;
		if ( $later && $this->agents->end_stop( $agent ) ) {
			$this->events->log( 'directive', 0, $agent->id, '', 'run: started again' );
		}
		$agent = $later ? $this->agents->find( $agent->id ) : $agent;
		$this->agents->directive_seen( $agent );
		return $agent;
	}
}
