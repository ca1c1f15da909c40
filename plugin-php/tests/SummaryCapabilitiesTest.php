<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\Capabilities;
use AIDoc\Summaries\PostType;

/** Capabilities of the plugin's own: they come with what roles hold, and a role that states one has the last word. */
final class SummaryCapabilitiesTest extends SummaryTestCase {

	private const ALL = array( 'edit', 'edit_others', 'edit_published', 'edit_private', 'delete', 'delete_others', 'delete_published', 'delete_private', 'publish', 'read_private' );

	public function test_the_type_asks_for_no_capability_of_posts(): void {
		$caps = (array) get_post_type_object( PostType::NAME )->cap;
		self::assertSame( 'do_not_allow', $caps['create_posts'] );
		self::assertSame( array( 'read' ), array_values( array_filter( $caps, static fn( string $cap ): bool => ! str_contains( $cap, 'aidoc' ) && 'do_not_allow' !== $cap ) ) );
	}

	public function test_editors_and_administrators_hold_all_and_nobody_below_any(): void {
		foreach ( self::ROLES as $role ) {
			foreach ( self::ALL as $cap ) {
				$expected = in_array( $role, array( 'editor', 'administrator' ), true ) || ( 'clerk' === $role && ! str_contains( $cap, 'private' ) );
				self::assertSame( $expected, user_can( $this->user( $role ), "{$cap}_aidoc_summaries" ), "$role: $cap" );
			}
		}
	}

	public function test_a_role_that_states_one_takes_precedence(): void {
		$post = $this->summarised( 'public', 'publish' );
		$set  = static function ( string $role, string $cap, bool $grant ): void {
			get_role( $role )->add_cap( $cap, $grant );
		};
		$set( 'editor', Capabilities::EDIT_PUBLISHED, false );
		$set( 'contributor', Capabilities::LIST, true );
		$set( 'contributor', Capabilities::EDIT_OTHERS, true );
		$set( 'contributor', Capabilities::EDIT_PUBLISHED, true );
		try {
			self::assertFalse( user_can( $this->user( 'editor' ), 'read_post', $post ) );
			self::assertTrue( user_can( $this->user( 'contributor' ), 'read_post', $post ) );
			self::assertFalse( user_can( $this->user( 'contributor' ), 'delete_post', $post ) );
			self::assertFalse( user_can( $this->user( 'contributor' ), 'edit_others_posts' ), 'Nothing is given away beside it.' );
			foreach ( array( 'editor' => 0, 'contributor' => 1 ) as $role => $seen ) {
				$this->log_in( $role );
				self::assertEquals( $seen, self::rest( 'GET', '/wp/v2/aidoc-summaries' )->get_headers()['X-WP-Total'], $role );
			}
		} finally {
			get_role( 'editor' )->remove_cap( Capabilities::EDIT_PUBLISHED );
			array_map( array( get_role( 'contributor' ), 'remove_cap' ), array( Capabilities::LIST, Capabilities::EDIT_OTHERS, Capabilities::EDIT_PUBLISHED ) );
		}
	}

	public function test_the_author_of_a_summary_may_nothing_with_it(): void {
		foreach ( array( 'draft', 'publish', 'private', 'trash' ) as $status ) {
			$post = $this->summarised( 'unattached', $status );
			self::assertSame( $this->user( 'owner' ), (int) get_post( $post )->post_author );
			foreach ( array( 'read_post', 'edit_post', 'delete_post', 'publish_post', 'edit_page', 'read_page', 'delete_page', 'edit_aidoc_summary', 'read_aidoc_summary', 'delete_aidoc_summary' ) as $cap ) {
				self::assertFalse( user_can( $this->user( 'owner' ), $cap, $post ), "$cap, $status" );
				self::assertTrue( user_can( $this->user( 'editor' ), $cap, $post ), "$cap, $status" );
			}
			self::assertFalse( user_can( $this->user( 'owner' ), 'edit_post_meta', $post, 'aidoc_language' ) );
		}
	}
}
