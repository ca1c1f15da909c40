<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** `ed25519` of RFC 9421: the agent alone can sign its requests, and the site alone its answers. */
final class AgentPublicKey implements Credential {

	public function __construct(
		private readonly string $publicKey,
		private readonly SiteKey $site,
	) {}

	public function answer_key_id(): string {
		return $this->site->keyId;
	}

	public function verifies( string $base, string $signature ): bool {
		return Ed25519::verifies( $base, (string) base64_decode( $signature, true ), $this->publicKey );
	}

	public function sign( string $base ): string {
		return base64_encode( $this->site->sign( $base ) );
	}
}
