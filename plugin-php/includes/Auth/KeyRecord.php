<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** A key or a one-time token, without its secret. */
final class KeyRecord {

	public const TOKEN = 'token';
	public const KEY   = 'key';

	/** What Site Health signs a request to this very site with: of no agent, and good for /echo alone. */
	public const PROBE = 'probe';

	public const HMAC    = 'hmac-sha256';
	public const ED25519 = 'ed25519';

	/**
	 * @param string $state     `active`; `fresh` (a rotated key not yet used); `revoked`; `used` (a token).
	 * @param string $publicKey 32 bytes, or '' where the key is a shared secret.
	 * @param string $siteKeyId The site's signing key that went out with a public key: the agent accepts no other.
	 */
	public function __construct(
		public readonly string $keyId,
		public readonly int $agentId,
		public readonly string $kind,
		public readonly string $state,
		public readonly string $sealed,
		public readonly int $createdMs,
		public readonly int $expiresMs,
		public readonly string $algorithm = self::HMAC,
		public readonly string $publicKey = '',
		public readonly string $siteKeyId = '',
	) {}

	/** @param array<string,string|null> $row */
	public static function from_row( array $row ): self {
		return new self(
			(string) $row['key_id'],
			(int) $row['agent_id'],
			(string) $row['kind'],
			(string) $row['state'],
			(string) $row['sealed'],
			(int) $row['created_at'],
			(int) $row['expires_at'],
			(string) $row['algorithm'],
			(string) base64_decode( (string) $row['public_key'] ),
			(string) $row['site_key_id'],
		);
	}

	/** The name alone fixes the algorithm; a row that says otherwise was tampered with, and is not used. */
	public function is_consistent(): bool {
		return match ( substr( $this->keyId, 0, 3 ) ) {
			'ae_'        => self::ED25519 === $this->algorithm && 32 === strlen( $this->publicKey ),
			'ak_', 'jt_' => self::HMAC === $this->algorithm && '' === $this->publicKey,
			default      => false,
		};
	}

	public function is_public(): bool {
		return self::ED25519 === $this->algorithm;
	}
}
