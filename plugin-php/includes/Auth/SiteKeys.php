<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Clock;
use AIDoc\Database;

/**
 * One signing key for each blog, made when the first agent with a public key joins. It is a row among the keys, under a
 * name of its own: so it is sealed, sealed anew and dropped as they are, and two requests at once cannot make two.
 */
final class SiteKeys {

	private const ROW  = 'site';
	private const KIND = 'site';

	public function __construct(
		private readonly Vault $vault,
		private readonly Clock $clock,
	) {}

	/** @return SiteKey|null Null where there is none, or where the root key is gone that sealed it. */
	public function current(): ?SiteKey {
		$row = $this->row();
		return $row ? $this->open( $row ) : null;
	}

	/** @return string What agents have pinned that joined last; '' where none has. Known even where the private half is lost. */
	public function known_id(): string {
		$row = $this->row();
		return $row ? SiteKey::id_of( (string) base64_decode( (string) $row['public_key'] ) ) : '';
	}

	/** @throws NoRootKey Where nothing can be sealed. */
	public function current_or_new(): SiteKey {
		$row = $this->row();
		$key = $row ? $this->open( $row ) : null;
		if ( $key ) {
			return $key;
		}
		$private = Ed25519::generate();
		$this->put( $row, base64_encode( Ed25519::public_of( $private ) ), $this->vault->seal( self::ROW, $private ) );
		return $this->current() ?? throw new NoRootKey( 'the site key was replaced meanwhile' );
	}

	/** Takes the place of exactly what was found; whoever comes second keeps what the first has put there. */
	private function put( ?array $row, string $public_key, string $sealed ): void {
		$table = Database::table( 'keys' );
		$now   = $this->clock->sql();
		if ( $row ) {
			Database::write( "UPDATE $table SET public_key = %s, sealed = %s, created_at = $now WHERE key_id = %s AND sealed = %s", $public_key, $sealed, self::ROW, $row['sealed'] );
		} else {
			Database::write( "INSERT IGNORE INTO $table (key_id, agent_id, kind, algorithm, public_key, sealed, created_at) VALUES (%s, 0, %s, %s, %s, %s, $now)", self::ROW, self::KIND, KeyRecord::ED25519, $public_key, $sealed );
		}
	}

	private function open( array $row ): ?SiteKey {
		$private = $this->vault->open( self::ROW, (string) $row['sealed'] );
		return null === $private ? null : new SiteKey( $private );
	}

	/** @return array<string,string|null>|null */
	private function row(): ?array {
		return Database::row( 'SELECT public_key, sealed FROM ' . Database::table( 'keys' ) . ' WHERE key_id = %s AND kind = %s', self::ROW, self::KIND );
	}
}
