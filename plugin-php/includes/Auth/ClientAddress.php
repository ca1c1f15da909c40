<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/**
 * Whose address a request has. That of the connection, unless it comes from a proxy that the administrator named: only then is
 * X-Forwarded-For read, from its end, as far as the proxies are named ones. What stands before that anyone can write.
 */
final class ClientAddress {

	/**
	 * @param array<string,mixed> $server  As $_SERVER.
	 * @param AddressList         $proxies Trusted ones.
	 * @return string|null Null where it cannot be determined: then no list can allow it.
	 */
	public static function of( array $server, AddressList $proxies ): ?string {
		$address = AddressList::canonical( (string) ( $server['REMOTE_ADDR'] ?? '' ) );
		$hops    = preg_split( '/\s*,\s*/', trim( (string) ( $server['HTTP_X_FORWARDED_FOR'] ?? '' ) ), -1, PREG_SPLIT_NO_EMPTY );
		while ( null !== $address && $hops && $proxies->has( $address ) ) {
			$address = self::hop( (string) array_pop( $hops ) );
		}
		return $address;
	}

	/** Some proxies add the port. */
	private static function hop( string $text ): ?string {
		return AddressList::canonical( preg_match( '/^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::[0-9]{1,5})?$/D', $text, $part ) ? ( $part[2] ?? $part[1] ) : $text );
	}
}
