<?php
declare( strict_types=1 );

namespace AIDoc\Health;

/** Requests of the site to its own public address, without cookies: as somebody from outside would make them. */
final class Loopback {

	private const TIMEOUT_S = 10;

	/** @return array<string,mixed>|\WP_Error As of wp_remote_get(). */
	public static function get( string $url ): array|\WP_Error {
		return wp_remote_get( $url, self::options() );
	}

	/**
	 * @param array<string,string> $headers
	 * @return array<string,mixed>|\WP_Error As of wp_remote_post().
	 */
	public static function post( string $url, array $headers, string $body ): array|\WP_Error {
		return wp_remote_post(
			$url,
			array(
				'headers' => $headers,
				'body'    => $body,
			) + self::options()
		);
	}

	/** @return array<string,mixed> */
	private static function options(): array {
		return array(
			'timeout'     => self::TIMEOUT_S,
			'redirection' => 0,
			/** This filter is documented in wp-includes/class-wp-http-streams.php */
			'sslverify'   => apply_filters( 'https_local_ssl_verify', false ), // phpcs:ignore WordPress.NamingConventions.PrefixAllGlobals.NonPrefixedHooknameFound -- core's own filter for requests of a site to itself.
		);
	}
}
