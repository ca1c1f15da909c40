<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

use AIDoc\Agents\Agent;
use AIDoc\Settings;

/**
 * How many leases one agent may hold at a time: twice the slots it says it has, for one that was restarted has not given back
 * yet what its earlier process held, and never more than the setting, whatever it reports. So a stolen key cannot hold the whole queue.
 */
final class LeaseCap {

	public function __construct( private readonly Settings $settings ) {}

	/** @param int|null $declared Slots as the request names them. */
	public function of( Agent $agent, ?int $declared ): int {
		$most  = (int) $this->settings->get( 'leases_per_agent' );
		$slots = $declared ?? $agent->slots;
		return $slots > 0 ? min( $most, 2 * $slots ) : $most;
	}
}
