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

	public function test_each_role_holds_what_it_holds_of_posts(): void {
		foreach ( self::ROLES as $role ) {
			foreach ( self::ALL as $cap ) {
				$expected = match ( $role ) {
					'editor', 'administrator' => true,
					'clerk'                   => ! str_contains( $cap, 'private' ),
					'author', 'owner'         => in_array( $cap, array( 'edit', 'edit_published', 'delete', 'delete_published', 'publish' ), true ),
					'contributor'             => in_array( $cap, array( 'edit', 'delete' ), true ),
					default                   => false,
				};
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

	private const VERBS = array( 'read', 'edit', 'delete' );

	public function test_who_uploaded_a_document_reads_edits_and_publishes_its_summary(): void {
		foreach ( array( 'draft', 'pending', 'publish', 'private', 'trash' ) as $status ) {
			$post = $this->summarised( 'unattached', $status );
			foreach ( array( 'read_post', 'edit_post', 'delete_post', 'publish_post', 'edit_page', 'read_page', 'delete_page', 'edit_aidoc_summary', 'read_aidoc_summary', 'delete_aidoc_summary' ) as $cap ) {
				self::assertTrue( user_can( $this->user( 'owner' ), $cap, $post ), "$cap, $status" );
				self::assertTrue( user_can( $this->user( 'editor' ), $cap, $post ), "$cap, $status" );
				if ( 'publish_post' !== $cap ) { // Asks for no item in core.
					self::assertFalse( user_can( $this->user( 'author' ), $cap, $post ), "$cap, $status" );
				}
				self::assertFalse( user_can( $this->user( 'subscriber' ), $cap, $post ), "$cap, $status" );
			}
			self::assertFalse( user_can( $this->user( 'owner' ), 'edit_post_meta', $post, 'aidoc_language' ) );
		}
	}

	public function test_a_contributor_reads_what_was_published_and_edits_until_then(): void {
		foreach ( array( 'draft' => array( true, true, true ), 'publish' => array( true, false, false ), 'trash' => array( true, true, true ) ) as $status => $may ) {
			$post = $this->summarised( 'public', $status );
			wp_update_post( array( 'ID' => $this->plugin()->links()->document_of( $post ), 'post_author' => $this->user( 'contributor' ) ) );
			self::assertSame( $may, array_map( fn( string $verb ): bool => user_can( $this->user( 'contributor' ), "{$verb}_post", $post ), self::VERBS ), $status );
			self::assertFalse( user_can( $this->user( 'owner' ), 'read_post', $post ), 'Uploaded by another now, whoever is its author.' );
			$this->log_in( 'contributor' );
			self::assertSame( array( $post ), array_column( self::rest( 'GET', '/wp/v2/aidoc-summaries', array( 'status' => $status ) )->get_data(), 'id' ) );
			$published = self::rest( 'POST', "/wp/v2/aidoc-summaries/$post", array(), array( 'status' => 'publish', 'title' => 'Mine' ) );
			self::assertSame( 403, $published->get_status(), (string) wp_json_encode( $published->get_data() ) );
			wp_set_current_user( 0 );
		}
		$post = $this->summarised( 'public', 'publish' );
		wp_update_post( array( 'ID' => $this->plugin()->links()->document_of( $post ), 'post_author' => $this->user( 'contributor' ) ) );
		wp_trash_post( $post );
		self::assertFalse( user_can( $this->user( 'contributor' ), 'edit_post', $post ), 'The trash is no way round.' );
	}

	/** The setting "author of summaries" names one person for all; that makes none of them theirs. */
	public function test_the_author_that_the_setting_names_owns_nothing_by_it(): void {
		$this->plugin()->settings()->update( array( 'author' => $this->user( 'author' ) ) );
		$post = $this->summarised( 'public', 'draft' );
		self::assertSame( $this->user( 'author' ), (int) get_post( $post )->post_author );
		foreach ( self::VERBS as $verb ) {
			self::assertFalse( user_can( $this->user( 'author' ), "{$verb}_post", $post ), $verb );
			self::assertTrue( user_can( $this->user( 'owner' ), "{$verb}_post", $post ), $verb );
		}
		foreach ( array( 'author' => 0, 'owner' => 1 ) as $role => $seen ) {
			$this->log_in( $role );
			self::assertEquals( $seen, self::rest( 'GET', '/wp/v2/aidoc-summaries', array( 'status' => 'draft' ) )->get_headers()['X-WP-Total'], $role );
		}
	}
}
