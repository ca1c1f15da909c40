<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** Who sent a request, after every check. */
final class Principal {

	/** @param \stdClass|null $body The decoded JSON body; null on a GET. */
	public function __construct(
		public readonly ?KeyRecord $key,
		public readonly int $agentId,
		public readonly ?\stdClass $body,
		public readonly bool $legacy = false,
	) {}
}
