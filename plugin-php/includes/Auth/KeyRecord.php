<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** A key or a one-time token, without its secret. */
final class KeyRecord {

	public const TOKEN = 'token';
	public const KEY   = 'key';

	/** @param string $state `active`; `fresh` (a rotated key not yet used); `revoked`; `used` (a token). */
	public function __construct(
		public readonly string $keyId,
		public readonly int $agentId,
		public readonly string $kind,
		public readonly string $state,
		public readonly string $sealed,
		public readonly int $createdMs,
		public readonly int $expiresMs,
		public readonly int $usedMs,
	) {}

	/** @param array<string,string|null> $row */
	public static function from_row( array $row ): self {
		return new self( (string) $row['key_id'], (int) $row['agent_id'], (string) $row['kind'], (string) $row['state'], (string) $row['sealed'], (int) $row['created_at'], (int) $row['expires_at'], (int) $row['used_at'] );
	}
}
