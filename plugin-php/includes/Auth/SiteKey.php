<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** The key with which a site signs its answers to agents that have a public key. Agents pin its public half when they join. */
final class SiteKey {

	public readonly string $publicKey;
	public readonly string $keyId;

	public function __construct( #[\SensitiveParameter] private readonly string $privateKey ) {
		$this->publicKey = Ed25519::public_of( $privateKey );
		$this->keyId     = self::id_of( $this->publicKey );
	}

	public static function id_of( string $public_key ): string {
		return 'sk_' . substr( hash( 'sha256', $public_key ), 0, 24 );
	}

	public function sign( string $message ): string {
		return Ed25519::sign( $message, $this->privateKey );
	}

	/** @return array{key_id:string,public_key:string} As `/join` and `/rotate` tell it. */
	public function to_wire(): array {
		return array(
			'key_id'     => $this->keyId,
			'public_key' => base64_encode( $this->publicKey ),
		);
	}

	/** @return array<string,string> */
	public function __debugInfo(): array {
		return array( 'keyId' => $this->keyId );
	}
}
