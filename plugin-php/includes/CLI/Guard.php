<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

use AIDoc\Rights;

/**
 * What a user needs for a command that is run with --user. Without it WP-CLI acts for whoever has the server, and nothing is asked.
 */
final class Guard {

	/** What each command below `wp aidoc` needs; one for a command with subcommands covers these. */
	public const RIGHTS = array(
		'enqueue'  => Rights::QUEUE,
		'status'   => Rights::QUEUE,
		'jobs'     => Rights::QUEUE,
		'job'      => Rights::QUEUE,
		'retry'    => Rights::QUEUE,
		'redo'     => Rights::QUEUE,
		'cancel'   => Rights::QUEUE,
		'backfill' => Rights::QUEUE,
		'agent'    => Rights::AGENTS,
		'rotate'   => Rights::AGENTS,
		'doctor'   => Rights::AGENTS,
		'allow'    => Rights::SETTINGS,
		'spend'    => Rights::SPENDING,
	);

	public static function register(): void {
		foreach ( self::RIGHTS as $command => $right ) {
			\WP_CLI::add_hook( "before_invoke:aidoc $command", static fn() => self::ask( $right ) );
		}
	}

	public static function ask( string $right ): void {
		if ( get_current_user_id() > 0 && ! Rights::has( $right ) ) {
			/* translators: %s: name of a capability, such as aidoc_manage_agents */
			\WP_CLI::error( sprintf( __( 'This user lacks the capability “%s”. Name another user, or grant it to a role.', 'ai-doc-pipeline' ), $right ) );
		}
	}
}
