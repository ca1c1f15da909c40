<?php
declare( strict_types=1 );

namespace AIDoc\CLI;

/** `wp aidoc`: which class answers which command. */
final class Commands {

	/** @param callable(class-string):object $make One of the classes here. */
	public static function register( callable $make ): void {
		$jobs  = $make( JobsCommand::class );
		$agent = $make( AgentCommand::class );
		\WP_CLI::add_command( 'aidoc', $make( Command::class ) );
		foreach ( array( 'jobs', 'retry', 'redo', 'cancel' ) as $name ) {
			\WP_CLI::add_command( "aidoc $name", array( $jobs, $name ) );
		}
		\WP_CLI::add_command( 'aidoc job', $make( JobCommand::class ) );
		\WP_CLI::add_command( 'aidoc agent', $agent );
		\WP_CLI::add_command( 'aidoc rotate', array( $agent, 'rotate' ) );
		\WP_CLI::add_command( 'aidoc backfill', $make( BackfillCommand::class ) );
		\WP_CLI::add_command( 'aidoc spend', $make( SpendCommand::class ) );
		\WP_CLI::add_command( 'aidoc doctor', $make( DoctorCommand::class ) );
	}
}
