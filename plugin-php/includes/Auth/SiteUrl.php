<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** The name by which a site and its agents know each other. */
final class SiteUrl {

	/**
	 * Whether a signed request means this site. Language plugins and is_ssl() bend home_url() from request to request,
	 * so the address in the settings counts too; a clone on another host has neither.
	 */
	public static function is_this_site( string $site ): bool {
		return in_array( $site, array( self::canonical(), self::canonical( (string) get_option( 'home' ) ) ), true );
	}

	/** Scheme and host in lower case, default port left out, no trailing slash. */
	public static function canonical( ?string $url = null ): string {
		$parts  = (array) wp_parse_url( $url ?? home_url() );
		$scheme = strtolower( $parts['scheme'] ?? 'http' );
		$port   = (int) ( $parts['port'] ?? 0 );
		$shown  = $port && ( 'https' === $scheme ? 443 : 80 ) !== $port ? ":$port" : '';
		return $scheme . '://' . strtolower( $parts['host'] ?? '' ) . $shown . rtrim( $parts['path'] ?? '', '/' );
	}
}
