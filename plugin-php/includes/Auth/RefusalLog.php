<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Jobs\Events;

/** Refused requests among the events: once for each sender, code and hour, or an attacker could fill the table. */
final class RefusalLog {

	public function __construct( private readonly Events $events ) {}

	/**
	 * @param string $sender Tells senders apart: the id of a key, `agent 7`, or what else is known of one.
	 * @param string $detail For people: an address, the id of a key.
	 */
	public function add( string $code, string $sender, int $agent_id = 0, string $detail = '' ): void {
		$hour = intdiv( time(), HOUR_IN_SECONDS );
		$this->events->log( 'refused', 0, $agent_id, $code, $detail, "refused|$sender|$code|$hour" );
	}
}
