<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Agents\Agent;

/** Why one agent takes no documents at the moment, from what the site knows of it. Pure. */
final class AgentBlock {

	public const STOPPED = 'stopped';
	public const OFFLINE = 'offline';
	public const PAUSED  = 'paused';
	public const CLOSED  = 'closed';
	public const NOTE    = 'note';

	/** Three times the pause that an agent without work makes between two questions. */
	public const SILENT_MS = 180_000;

	/** What an agent outside its processing window says; docs/protocol.md, POST /lease. */
	private const WINDOW = '/^outside the processing window(?: until (\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?Z))?$/D';

	/**
	 * @param string $kind One of the constants.
	 * @param int    $atMs Since when, for CLOSED until when, for NOTE when it was said last; 0 where that is not known.
	 * @param int    $by   The user who paused it, 0 where nobody is known.
	 * @param string $note What the agent says itself.
	 */
	private function __construct(
		public readonly string $kind,
		public readonly int $atMs = 0,
		public readonly int $by = 0,
		public readonly string $note = '',
	) {}

	/** @return self|null Null where it takes documents. */
	public static function of( Agent $agent, int $now_ms ): ?self {
		return match ( true ) {
			$agent->stoppedMs > 0                => new self( self::STOPPED, $agent->stoppedMs ),
			! self::is_online( $agent, $now_ms ) => new self( self::OFFLINE, $agent->lastSeenMs ),
			'run' !== $agent->directive          => new self( self::PAUSED, $agent->directiveSetMs, $agent->directiveBy ),
			default                              => self::noted( $agent ),
		};
	}

	public static function is_online( Agent $agent, int $now_ms ): bool {
		return 0 === $agent->stoppedMs && $agent->lastSeenMs > $now_ms - self::SILENT_MS;
	}

	/** "asked to pause" is what an agent goes on saying until it has heard that it may run again. */
	private static function noted( Agent $agent ): ?self {
		$note = $agent->note;
		if ( '' === $note || str_starts_with( $note, 'asked to ' ) ) {
			return null;
		}
		return preg_match( self::WINDOW, $note, $part )
			? new self( self::CLOSED, isset( $part[1] ) ? 1000 * (int) strtotime( $part[1] ) : 0 )
			: new self( self::NOTE, $agent->lastSeenMs, 0, $note );
	}
}
