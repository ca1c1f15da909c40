<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/**
 * One signing key for each blog, made when the first agent with a public key joins. It is a row among the keys, under a
 * name of its own: so it is sealed, sealed anew and dropped as they are, and two requests at once cannot make two.
 */
final class SiteKeys {

	/** The name under which its secret is sealed. */
	private const NAME = 'site';

	public function __construct(
		private readonly KeyRepository $rows,
		private readonly Vault $vault,
	) {}

	/** @return SiteKey|null Null where there is none, or where the root key is gone that sealed it. */
	public function current(): ?SiteKey {
		$row = $this->rows->site_key();
		return $row ? $this->open( $row ) : null;
	}

	/** @return string What agents have pinned that joined last; '' where none has. Known even where the private half is lost. */
	public function known_id(): string {
		$row = $this->rows->site_key();
		return $row ? SiteKey::id_of( (string) base64_decode( (string) $row['public_key'] ) ) : '';
	}

	/** @throws NoRootKey Where nothing can be sealed. */
	public function current_or_new(): SiteKey {
		$row = $this->rows->site_key();
		$key = $row ? $this->open( $row ) : null;
		if ( $key ) {
			return $key;
		}
		$private = Ed25519::generate();
		// Takes the place of exactly what was found; the request that comes second keeps what the first has put there.
		$this->rows->put_site_key( $row['sealed'] ?? null, base64_encode( Ed25519::public_of( $private ) ), $this->vault->seal( self::NAME, $private ) );
		return $this->current() ?? throw new NoRootKey( 'the site key was replaced meanwhile' );
	}

	private function open( array $row ): ?SiteKey {
		$private = $this->vault->open( self::NAME, (string) $row['sealed'] );
		return null === $private ? null : new SiteKey( $private );
	}
}
