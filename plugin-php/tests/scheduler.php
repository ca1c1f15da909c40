<?php
/**
 * Stands in for Action Scheduler: the functions of it that the plugin calls, with the meaning that its functions.php gives them. An action that
 * runs is "in-progress", and as_has_scheduled_action() counts it, as there.
 *
 * @package AIDoc
 */

declare( strict_types=1 );

namespace AIDoc\Tests {
	/** @return array<int,array{hook:string,group:string,status:string}> */
	function &scheduler_actions(): array {
		static $actions = array();
		return $actions;
	}

	/** What its queue runner does: each action in its turn, until none waits. */
	function scheduler_run(): void {
		$actions = &scheduler_actions();
		for ( $i = 0; $i < count( $actions ); $i++ ) {
			if ( 'pending' === $actions[ $i ]['status'] ) {
				$actions[ $i ]['status'] = 'in-progress';
				do_action( $actions[ $i ]['hook'] );
				$actions[ $i ]['status'] = 'complete';
			}
		}
	}
}

namespace {
	function as_enqueue_async_action( string $hook, array $args = array(), string $group = '' ): int {
		$actions   = &AIDoc\Tests\scheduler_actions();
		$actions[] = array(
			'hook'   => $hook,
			'group'  => $group,
			'status' => 'pending',
		);
		return count( $actions );
	}

	function as_get_scheduled_actions( array $args = array(), string $format = 'OBJECT' ): array {
		$asked = array_intersect_key( $args, array_flip( array( 'hook', 'group', 'status' ) ) );
		$found = array_keys( array_filter( AIDoc\Tests\scheduler_actions(), static fn( array $action ): bool => array_intersect_assoc( $asked, $action ) === $asked ) );
		return array_slice( $found, 0, $args['per_page'] ?? 5 );
	}

	function as_has_scheduled_action( string $hook, ?array $args = null, string $group = '' ): bool {
		$asked = array(
			'hook'  => $hook,
			'group' => $group,
		);
		return array() !== array_merge( as_get_scheduled_actions( $asked + array( 'status' => 'pending' ) ), as_get_scheduled_actions( $asked + array( 'status' => 'in-progress' ) ) );
	}
}
