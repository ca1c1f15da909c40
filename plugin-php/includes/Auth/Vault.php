<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** The sealed secrets in the table of keys: opening one of them after the root key has changed seals all of them anew. */
final class Vault {

	public function __construct(
		private readonly KeyStore $store,
		private readonly KeyRepository $rows,
	) {}

	/** Why nothing can be sealed here, or null where it can. */
	public function problem(): ?string {
		return $this->store->problem();
	}

	/** @throws NoRootKey Where nothing can be sealed. */
	public function seal( string $name, #[\SensitiveParameter] string $secret ): string {
		return $this->store->seal( $name, $secret );
	}

	/** @return string|null Null where the root key of wp-config.php has changed since, and the one before is gone. */
	public function open( string $name, string $sealed ): ?string {
		$secret = $this->store->open( $name, $sealed );
		if ( null !== $secret && $this->store->is_outdated( $sealed ) ) {
			$this->reseal();
		}
		return $secret;
	}

	/**
	 * Puts every secret under the root of today while the older one is still there. All at once: an agent that is offline must
	 * not be locked out by the next change.
	 */
	public function reseal(): void {
		foreach ( $this->rows->sealed() as $key_id => $old ) {
			$sealed = $this->store->reseal( (string) $key_id, $old );
			if ( null !== $sealed ) {
				$this->rows->replace_sealed( (string) $key_id, $old, $sealed );
			}
		}
	}
}
