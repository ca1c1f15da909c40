<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Clock;
use AIDoc\Database;

/** Repository of nonces: what was seen before, so that nothing is accepted twice. */
final class Nonces {

	public const LEGACY = 'legacy';

	/** Longer than a signature can live: made 300 s ahead, verified 300 s behind. */
	private const KEEP_MS = 660_000;

	public function __construct( private readonly Clock $clock ) {}

	/** @return bool False when it was there. */
	public function remember( string $key_id, string $nonce ): bool {
		return 1 === Database::write( 'INSERT IGNORE INTO ' . $this->table() . ' (key_id, nonce, at_ms) VALUES (%s, %s, ' . $this->clock->sql() . ')', $key_id, $nonce );
	}

	public function forget( string $key_id, string $nonce ): void {
		Database::write( 'DELETE FROM ' . $this->table() . ' WHERE key_id = %s AND nonce = %s', $key_id, $nonce );
	}

	/**
	 * Bodies of the legacy callback stay: it does not sign its timestamp, so a body could be replayed at any time.
	 *
	 * @return int How many old ones were forgotten, at most about $limit.
	 */
	public function purge( int $limit = 20_000 ): int {
		return Database::delete_oldest( $this->table(), "key_id <> '" . self::LEGACY . "'", $this->clock->sql() . ' - ' . self::KEEP_MS, $limit );
	}

	private function table(): string {
		return Database::table( 'nonces' );
	}
}
