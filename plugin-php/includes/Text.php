<?php
declare( strict_types=1 );

namespace AIDoc;

/** Small things about strings that come from outside. */
final class Text {

	/** One line without control characters, at most $max characters. */
	public static function clip( string $text, int $max ): string {
		$text = trim( (string) preg_replace( '/[\p{Cc}\p{Zl}\p{Zp}]+/u', ' ', wp_check_invalid_utf8( $text, true ) ) );
		return mb_substr( $text, 0, $max, 'UTF-8' );
	}

	/** Lines kept; other control characters and lone carriage returns removed. */
	public static function lines( string $text ): string {
		$text = strtr(
			wp_check_invalid_utf8( $text, true ),
			array(
				"\r\n" => "\n",
				"\r"   => "\n",
			)
		);
		return (string) preg_replace( '/[^\P{Cc}\n\t]/u', '', $text );
	}

	/** `de_DE_formal` → `de-DE`, as BCP 47 wants it. */
	public static function bcp47( string $locale ): string {
		return preg_match( '/^([a-z]{2,3})(?:[_-]([A-Za-z]{2}|\d{3}))?(?:[_-]|$)/', $locale, $part )
			? $part[1] . ( empty( $part[2] ) ? '' : '-' . strtoupper( $part[2] ) )
			: '';
	}

	/** 128 random bits, base64url without padding: 22 characters. */
	public static function token(): string {
		return self::base64url( random_bytes( 16 ) );
	}

	public static function base64url( string $bytes ): string {
		return rtrim( strtr( base64_encode( $bytes ), '+/', '-_' ), '=' );
	}
}
