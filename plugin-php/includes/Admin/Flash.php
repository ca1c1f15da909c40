<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

/**
 * What one request has to tell the next of the same person: messages, a form's typed values, a token shown once.
 *
 * A transient of the user, never the URL: addresses end up in histories, logs and screenshots.
 */
final class Flash {

	private const LIFE_S = 5 * MINUTE_IN_SECONDS;

	/** @param mixed $value */
	public static function put( string $name, $value ): void {
		set_transient( self::key( $name ), $value, self::LIFE_S );
	}

	/** Reads and forgets. */
	public static function take( string $name ) {
		$value = get_transient( self::key( $name ) );
		if ( false === $value ) {
			return null;
		}
		delete_transient( self::key( $name ) );
		return $value;
	}

	/** @param 'success'|'error'|'warning'|'info' $kind */
	public static function message( string $kind, string $text ): void {
		self::put(
			'message',
			array(
				'kind' => $kind,
				'text' => $text,
			)
		);
	}

	/** Draws the waiting message, if any, as core draws its own. */
	public static function render_message(): void {
		$message = self::take( 'message' );
		if ( ! is_array( $message ) ) {
			return;
		}
		printf(
			'<div class="notice notice-%s is-dismissible" role="%s"><p>%s</p></div>',
			esc_attr( $message['kind'] ),
			'error' === $message['kind'] ? 'alert' : 'status',
			esc_html( $message['text'] )
		);
	}

	private static function key( string $name ): string {
		return 'aidoc_flash_' . get_current_user_id() . '_' . $name;
	}
}
