<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;

/** Everything that a copy of the database holds, and a search in it for bytes in whatever clothes. */
final class Dump {

	private function __construct( private readonly string $bytes ) {}

	public static function take(): self {
		wp_cache_flush();
		$bytes = '';
		foreach ( Database::wpdb()->get_col( 'SHOW TABLES' ) as $table ) {
			foreach ( Database::rows( "SELECT * FROM `$table`" ) as $row ) {
				$bytes .= implode( "\n", array_map( 'strval', $row ) ) . "\n";
			}
		}
		return new self( $bytes );
	}

	public function size(): int {
		return strlen( $this->bytes );
	}

	/** @return string[] In which encodings a part of the secret is there. */
	public function finds( string $secret ): array {
		return array_keys( array_filter( self::needles( $secret ), fn( string $needle ): bool => str_contains( $this->bytes, $needle ) ) );
	}

	/** @return array<string,string> Encoding → what 12 bytes of the secret look like in it. */
	private static function needles( string $secret ): array {
		$part    = substr( $secret, 0, 12 );
		$needles = array( 'raw' => $part, 'hex' => bin2hex( $part ), 'HEX' => strtoupper( bin2hex( $part ) ), 'url' => rawurlencode( $part ) );
		for ( $shift = 0; $shift < 3; $shift++ ) { // The secret may stand anywhere in what was encoded.
			$base64                        = base64_encode( substr( $secret, $shift, 12 ) );
			$needles[ "base64+$shift" ]    = $base64;
			$needles[ "base64url+$shift" ] = strtr( $base64, '+/', '-_' );
			$needles[ "json+$shift" ]      = str_replace( '/', '\/', $base64 );
		}
		return $needles;
	}
}
