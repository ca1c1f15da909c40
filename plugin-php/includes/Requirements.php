<?php
/**
 * Says what this site lacks. Kept readable by PHP 7 on purpose: the gate must run where the plugin cannot.
 *
 * @package AIDoc
 */

namespace AIDoc;

defined( 'ABSPATH' ) || exit;

final class Requirements {

	const PHP = '8.1';
	const WP  = '6.1';

	/**
	 * One sentence for each thing that is missing; empty when all is there.
	 *
	 * @param string|null $php PHP version to check, default the running one.
	 * @param string|null $wp  WordPress version to check, default the running one.
	 * @return callable[] Each returns its sentence, so that nothing is translated before `init`.
	 */
	public static function missing( $php = null, $wp = null ) {
		$php     = null === $php ? PHP_VERSION : $php;
		$wp      = null === $wp ? $GLOBALS['wp_version'] : $wp;
		$missing = array();
		if ( version_compare( $php, self::PHP, '<' ) ) {
			$missing[] = static function () use ( $php ) {
				/* translators: 1: needed PHP version, 2: running PHP version */
				return sprintf( __( 'AI Document Pipeline needs PHP %1$s or newer, and this server runs %2$s. Ask your host to switch the PHP version.', 'ai-doc-pipeline' ), self::PHP, $php );
			};
		}
		if ( version_compare( $wp, self::WP, '<' ) ) {
			$missing[] = static function () use ( $wp ) {
				/* translators: 1: needed WordPress version, 2: running WordPress version */
				return sprintf( __( 'AI Document Pipeline needs WordPress %1$s or newer, and this site runs %2$s. Update WordPress first.', 'ai-doc-pipeline' ), self::WP, $wp );
			};
		}
		foreach ( array( 'sodium_crypto_secretbox', 'json_encode', 'hash_hkdf' ) as $function ) {
			if ( ! function_exists( $function ) && ! ( 0 === strpos( $function, 'sodium' ) && is_file( ABSPATH . WPINC . '/sodium_compat/autoload.php' ) ) ) {
				$missing[] = static function () use ( $function ) {
					/* translators: %s: name of a PHP function */
					return sprintf( __( 'AI Document Pipeline needs the PHP function %s. Ask your host to switch its extension on.', 'ai-doc-pipeline' ), $function );
				};
			}
		}
		return $missing;
	}

	/**
	 * Shows the reasons to users who may activate plugins. The plugin stays inactive.
	 *
	 * @param callable[] $missing As returned by missing().
	 */
	public static function refuse( array $missing ) {
		$notice = static function () use ( $missing ) {
			if ( ! current_user_can( 'activate_plugins' ) ) {
				return;
			}
			foreach ( $missing as $sentence ) {
				printf( '<div class="notice notice-error is-dismissible"><p>%s</p></div>', esc_html( $sentence() ) );
			}
		};
		add_action( 'admin_notices', $notice );
		add_action( 'network_admin_notices', $notice );
	}
}
