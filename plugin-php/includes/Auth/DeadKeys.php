<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Database;

/** Dead keys are kept so that their owner is told why they died: the newest of each agent are enough for that. */
final class DeadKeys {

	private const KEPT = 20;

	public static function trim( int $agent_id ): void {
		$table = Database::table( 'keys' );
		$rows  = Database::rows( "SELECT key_id FROM $table WHERE agent_id = %d AND state IN ('revoked','used') ORDER BY created_at DESC, key_id LIMIT 1000 OFFSET %d", $agent_id, self::KEPT );
		if ( $rows ) {
			Database::write( "DELETE FROM $table WHERE key_id IN (" . implode( ',', array_fill( 0, count( $rows ), '%s' ) ) . ')', ...array_column( $rows, 'key_id' ) );
		}
	}
}
