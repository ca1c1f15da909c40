<?php

declare( strict_types=1 );

namespace AIDoc\Tests\Admin;

use AIDoc\Admin\Help;
use AIDoc\Admin\Screens;

/** Each of our screens has help, and no other screen gets it. */
final class HelpTest extends AdminTestCase {

	protected function tearDown(): void {
		unset( $GLOBALS['current_screen'] );
		parent::tearDown();
	}

	/** @return string[] */
	private function tabs( string $id, string $type ): array {
		$screen = \WP_Screen::get( $id );
		$screen->remove_help_tabs();
		$screen->post_type = $type;
		( new Help() )->add( $screen );
		return array_column( $screen->get_help_tabs(), 'content' );
	}

	public function test_every_page_has_help(): void {
		$pages = array_diff( ( new \ReflectionClass( Screens::class ) )->getConstants(), array( Screens::PARENT ) );
		self::assertGreaterThan( 3, count( $pages ) );
		foreach ( array( 'edit-aidoc_summary', ...array_map( static fn( string $page ): string => 'aidoc_summary_page_' . $page, array_values( $pages ) ) ) as $id ) {
			$tabs = $this->tabs( $id, 'aidoc_summary' );
			self::assertNotSame( array(), $tabs, $id );
			foreach ( $tabs as $content ) {
				self::assertMatchesRegularExpression( '#^(<p>[^<]+</p>)+$#', $content );
			}
		}
	}

	public function test_no_other_screen_has_it(): void {
		self::assertSame( array(), $this->tabs( 'edit-post', 'post' ) );
	}
}
