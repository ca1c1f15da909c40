<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Auth\KeyRecord;

/** What the agents page looks up beside an agent's own row, of one agent. */
final class AgentFacts {

	/**
	 * @param list<array{job_id:int,filename:string,phase:string,done:int,total:int,left_ms:int}> $leases   What it holds, see Agents\Repository::leases().
	 * @param int                                                                                $held     How many that are in all.
	 * @param int                                                                                $finished Documents within the last hour.
	 * @param array{day:float,month:float}                                                       $spent    US dollars.
	 * @param KeyRecord|null                                                                     $key      The one in use.
	 * @param string                                                                             $siteKey  Name of the site's signing key.
	 * @param string                                                                             $orderedBy Who gave the directive, '' where that is not known.
	 */
	public function __construct(
		public readonly array $leases = array(),
		public readonly int $held = 0,
		public readonly int $finished = 0,
		public readonly array $spent = array(
			'day'   => 0.0,
			'month' => 0.0,
		),
		public readonly ?KeyRecord $key = null,
		public readonly string $siteKey = '',
		public readonly string $orderedBy = '',
	) {}
}
