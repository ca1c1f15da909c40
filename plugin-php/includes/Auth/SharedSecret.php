<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** `hmac-sha256` of RFC 9421: one secret on both sides, which signs both ways. */
final class SharedSecret implements Credential {

	public function __construct(
		private readonly string $keyId,
		#[\SensitiveParameter] private readonly string $secret,
	) {}

	public function answer_key_id(): string {
		return $this->keyId;
	}

	public function verifies( string $base, string $signature ): bool {
		return hash_equals( $this->sign( $base ), $signature );
	}

	public function sign( string $base ): string {
		return Profile::mac( $base, $this->secret );
	}
}
