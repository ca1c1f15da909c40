<?php
declare( strict_types=1 );

namespace AIDoc;

/**
 * Who may do what with the queue, the agents, the settings and what is spent. One place decides it, for every way there is: screens,
 * REST, AJAX, notices and the command line with a user. Summaries have capabilities of their own, see Summaries\Capabilities.
 *
 * What somebody does with one document asks for more, and for that document: see document().
 */
final class Rights {

	/** Sees the queue of all documents, and retries, cancels and backfills. */
	public const QUEUE = 'aidoc_manage_queue';

	/** Creates, pauses and revokes agents, and reads what they say of their machines. */
	public const AGENTS = 'aidoc_manage_agents';

	public const SETTINGS = 'aidoc_manage_settings';

	/** Reads what models have cost. */
	public const SPENDING = 'aidoc_view_spending';

	/** Each capability of ours, and those of core whose holders have it. */
	private const LIKE = array(
		self::QUEUE    => array( 'edit_others_posts', 'upload_files' ),
		self::AGENTS   => array( 'manage_options' ),
		self::SETTINGS => array( 'manage_options' ),
		self::SPENDING => array( 'manage_options' ),
	);

	public static function register(): void {
		add_filter( 'user_has_cap', array( self::class, 'derive' ), 10, 2 );
	}

	/**
	 * Grants ours to users who hold those of core that correspond. What a role or a plugin for roles states about one of ours,
	 * granted or denied, takes precedence.
	 *
	 * @param array<string,bool> $held
	 * @param string[]           $asked
	 * @return array<string,bool>
	 */
	public static function derive( $held, $asked ): array {
		foreach ( (array) $asked as $cap ) {
			if ( isset( self::LIKE[ $cap ] ) && ! isset( $held[ $cap ] ) ) {
				$held[ $cap ] = array() === array_filter( self::LIKE[ $cap ], static fn( string $like ): bool => empty( $held[ $like ] ) );
			}
		}
		return $held;
	}

	/** @return string[] All of ours, as a plugin for roles lists them. */
	public static function all(): array {
		return array_keys( self::LIKE );
	}

	/** Whether the current user has a right named here. */
	public static function has( string $right ): bool {
		return current_user_can( $right ); // phpcs:ignore WordPress.WP.Capabilities.Undetermined -- one of the constants of this class.
	}

	/** Whether the current user may have this document read, read again or cancelled. */
	public static function document( int $attachment_id ): bool {
		return current_user_can( 'upload_files' ) && current_user_can( 'edit_post', $attachment_id );
	}
}
