<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Beside;

use AIDoc\Jobs\Uploads;
use AIDoc\Tests\TestCase;

/** Tests beside real plugins: what WordPress does at the end of a request is done by end_request(). */
abstract class BesideTestCase extends TestCase {

	protected function setUp(): void {
		parent::setUp();
		$this->plugin()->copies()->forget();
		wp_set_current_user( 1 );
	}

	/** In a request of its own: beside Polylang an upload is looked at when that ends. */
	protected function upload( string $name = 'minutes.pdf', string $bytes = "%PDF-1.4\nhello", string $mime = 'application/pdf', int $author = 1 ): int {
		$id = parent::upload( $name, $bytes, $mime, $author );
		$this->end_request();
		return $id;
	}

	protected function end_request(): void {
		$this->plugin()->copies()->forget();
		foreach ( $GLOBALS['wp_filter']['shutdown'][5] ?? array() as $hook ) {
			if ( is_array( $hook['function'] ) && $hook['function'][0] instanceof Uploads ) {
				$hook['function'][0]->settle();
			}
		}
	}

	protected function jobs(): int {
		return $this->plugin()->jobs()->query( array() )['total'];
	}
}
