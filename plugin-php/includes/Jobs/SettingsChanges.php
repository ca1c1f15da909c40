<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

use AIDoc\Settings;

/** What changed settings mean for documents that are in the queue. */
final class SettingsChanges {

	private const LOCAL_ONLY = array(
		'local_only'       => 1,
		'local_only_types' => 1,
	);

	/** @param \Closure():Manager $manager */
	public function __construct( private readonly \Closure $manager ) {}

	public function register(): void {
		add_action( 'update_option_' . Settings::OPTION, array( $this, 'updated' ), 10, 2 );
		add_action( 'add_option_' . Settings::OPTION, array( $this, 'added' ), 10, 2 );
	}

	public function added( $option, $values ): void {
		$this->updated( array(), $values );
	}

	public function updated( $before, $after ): void {
		if ( self::marks( $before ) !== self::marks( $after ) ) {
			( $this->manager )()->local_only_changed();
		}
	}

	/** @return array<string,mixed> */
	private static function marks( mixed $values ): array {
		$none = array(
			'local_only'       => 'none',
			'local_only_types' => array(),
		);
		return array_intersect_key( is_array( $values ) ? $values : array(), self::LOCAL_ONLY ) + $none;
	}
}
