<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/** Draws the templates of the site's pages. */
final class View {

	/**
	 * The markup of templates/{$template}.php, which finds its values in $vars and escapes them itself.
	 *
	 * @param array<string,mixed> $vars
	 */
	public static function html( string $template, array $vars ): string { // phpcs:ignore Generic.CodeAnalysis.UnusedFunctionParameter.FoundAfterLastUsed -- the template uses it.
		wp_enqueue_style( Blocks::STYLE );
		ob_start();
		require AIDOC_DIR . '/templates/' . $template . '.php';
		return trim( (string) ob_get_clean() );
	}
}
