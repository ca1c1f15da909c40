<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

/** Where our screens are, and how a template is drawn on one. */
final class Screens {

	public const PARENT = 'edit.php?post_type=aidoc_summary';

	public const QUEUE    = 'aidoc-queue';
	public const BACKFILL = 'aidoc-backfill';
	public const AGENTS   = 'aidoc-agents';
	public const SPENDING = 'aidoc-spending';
	public const SETTINGS = 'aidoc-settings';

	/** @param array<string, scalar> $args */
	public static function url( string $page, array $args = array() ): string {
		return add_query_arg(
			array(
				'post_type' => 'aidoc_summary',
				'page'      => $page,
			) + $args,
			admin_url( 'edit.php' )
		);
	}

	/** What the address of one of our screens asks to be shown, '' where it says nothing. */
	public static function asked( string $key ): string {
		// phpcs:disable WordPress.Security.NonceVerification.Recommended -- a filter that can be bookmarked and shared: it chooses what is shown and changes nothing.
		return isset( $_GET[ $key ] ) && is_string( $_GET[ $key ] ) ? sanitize_text_field( wp_unslash( $_GET[ $key ] ) ) : '';
		// phpcs:enable WordPress.Security.NonceVerification.Recommended
	}

	/** Whether the current screen is one of ours, the post type's own list and editor included. */
	public static function is_ours(): bool {
		$screen = function_exists( 'get_current_screen' ) ? get_current_screen() : null;
		return null !== $screen && 'aidoc_summary' === $screen->post_type;
	}

	/** Styles and the small script that all our screens share. */
	public static function enqueue( string ...$scripts ): void {
		wp_enqueue_style( 'aidoc-admin', self::asset( 'admin.css' ), array(), AIDOC_VERSION );
		foreach ( $scripts as $name ) {
			wp_enqueue_script( 'aidoc-' . $name, self::asset( $name . '.js' ), array( 'wp-a11y' ), AIDOC_VERSION, true );
		}
	}

	/**
	 * Draws templates/{$template}.php, which finds its values in $vars and escapes them itself.
	 *
	 * @param array<string, mixed> $vars
	 */
	public static function render( string $template, array $vars = array() ): void { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter.FoundAfterLastUsed -- the template uses it.
		require AIDOC_DIR . '/templates/' . $template . '.php';
	}

	private static function asset( string $file ): string {
		return plugins_url( 'assets/' . $file, AIDOC_FILE );
	}
}
