<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** Material from which the keys are derived that seal secrets at rest. Dumps of the object do not contain it. */
final class RootKey {

	private const ID_INFO  = 'aidoc-root-id-v1';
	private const ID_BYTES = 4;

	/** Names the root in a sealed text; reveals nothing of the material. */
	public readonly string $id;

	public function __construct( #[\SensitiveParameter] private readonly string $material ) {
		$this->id = bin2hex( hash_hkdf( 'sha256', $material, self::ID_BYTES, self::ID_INFO ) );
	}

	/** @return string 32 bytes for this purpose alone. */
	public function derive( string $info ): string {
		return hash_hkdf( 'sha256', $this->material, SODIUM_CRYPTO_SECRETBOX_KEYBYTES, $info );
	}

	/** @return array<string,string> */
	public function __debugInfo(): array {
		return array( 'id' => $this->id );
	}
}
