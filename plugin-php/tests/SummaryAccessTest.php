<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\PostType;

/** Every role, every status, every place of the document, every way to a summary: nobody reads one who may not. */
final class SummaryAccessTest extends SummaryTestCase {

	public function test_one_by_rest(): void {
		$this->make_all();
		foreach ( self::ROLES as $role ) {
			$this->one_by_rest( $role );
		}
	}

	private function one_by_rest( string $role ): void {
		$this->log_in( $role );
		foreach ( array_keys( $this->made ) as $post ) {
			$may = self::may_read( $role, ...$this->made[ $post ] );
			foreach ( array( 'view', 'embed', 'edit' ) as $context ) {
				$this->look( $role, $may, $post, self::rest( 'GET', self::BASE . "/$post", array( 'context' => $context ) ), 'embed' !== $context );
			}
			$this->look( $role, $may, $post, self::rest( 'GET', self::BASE . "/$post/revisions" ), array() !== wp_get_post_revisions( $post ) );
			$this->look( $role, $may, $post, self::rest( 'GET', self::BASE . "/$post/autosaves" ), false );
			foreach ( wp_get_post_revisions( $post ) as $revision ) {
				$this->look( $role, $may, $post, self::rest( 'GET', self::BASE . "/$post/revisions/{$revision->ID}", array( 'context' => 'view' ) ), true );
			}
		}
	}

	private function look( string $role, bool $may, int $post, \WP_REST_Response $answer, bool $has_text ): void {
		$json = (string) wp_json_encode( $answer->get_data() );
		$what = "$role, {$this->word( $post )}: $json";
		if ( $may ) {
			self::assertSame( 200, $answer->get_status(), $what );
			self::assertSame( $has_text, str_contains( $json, "The word is {$this->word( $post )}" ), $what );
		} else {
			self::assertContains( $answer->get_status(), array( 401, 403, 404 ), $what );
			self::assertTells( array(), $json, $what );
		}
	}

	public function test_lists_hold_and_count_only_what_may_be_read(): void {
		$this->make_all();
		foreach ( self::ROLES as $role ) {
			$this->lists_hold_and_count_only_what_may_be_read( $role );
		}
	}

	private function lists_hold_and_count_only_what_may_be_read( string $role ): void {
		$this->log_in( $role );
		foreach ( self::STATUSES as $status ) {
			$may = array_filter( $this->readable( $role ), fn( int $post ): bool => $status === $this->made[ $post ][1] );
			foreach ( array( 'GET', 'HEAD' ) as $method ) {
				$answer = self::rest( $method, self::BASE, array( 'status' => $status, 'per_page' => 100 ) );
				$this->tally( $role, $may, $answer, 'GET' === $method );
				$this->tally( $role, array_slice( $may, 0, 1 ), self::rest( $method, self::BASE, array( 'status' => $status, 'per_page' => 1, 'orderby' => 'id', 'order' => 'asc' ) ), 'GET' === $method, count( $may ) );
			}
		}
	}

	public function test_searching_and_naming_finds_only_what_may_be_read(): void {
		$this->make_all();
		foreach ( self::ROLES as $role ) {
			$this->searching_and_naming_finds_only_what_may_be_read( $role );
		}
	}

	private function searching_and_naming_finds_only_what_may_be_read( string $role ): void {
		$this->log_in( $role );
		foreach ( array_keys( $this->made ) as $post ) {
			$may = in_array( $post, $this->readable( $role ), true ) ? array( $post ) : array();
			foreach ( array( array( 'include' => array( $post ) ), array( 'search' => $this->word( $post ) ), array( 'slug' => get_post( $post )->post_name ?: 'none', 'include' => array( $post ) ) ) as $query ) {
				$this->tally( $role, get_post( $post )->post_name || ! isset( $query['slug'] ) ? $may : array(), self::rest( 'GET', self::BASE, $query + array( 'status' => $this->made[ $post ][1] ) ), true );
			}
		}
	}

	/** @param int[] $may */
	private function tally( string $role, array $may, \WP_REST_Response $answer, bool $body, ?int $total = null ): void {
		$json = (string) wp_json_encode( $answer->get_data() );
		if ( ! in_array( $role, self::LISTERS, true ) ) {
			self::assertContains( $answer->get_status(), array( 400, 401, 403 ), "$role: $json" );
			self::assertArrayNotHasKey( 'X-WP-Total', $answer->get_headers() );
			self::assertTells( array(), $json, $role );
			return;
		}
		if ( 'clerk' === $role && 400 === $answer->get_status() ) {
			self::assertSame( array(), $may, $json ); // Core: a status that one may not ask for.
			return;
		}
		self::assertSame( 200, $answer->get_status(), "$role: $json" );
		self::assertEquals( $total ?? count( $may ), $answer->get_headers()['X-WP-Total'], "$role: $json" );
		if ( $body ) {
			self::assertEqualsCanonicalizing( array_values( $may ), array_column( $answer->get_data(), 'id' ), $role );
		}
	}

	public function test_ids_are_no_oracle_for_who_may_see_no_list(): void {
		$post = $this->summarised( 'unattached', 'publish' );
		$none = $post + 1000;
		foreach ( array( 'anonymous', 'subscriber', 'contributor', 'author' ) as $role ) {
			$this->log_in( $role );
			foreach ( array( '%d', '%d/revisions', '%d/autosaves', '%d/revisions/1', '%d/autosaves/1' ) as $route ) {
				$real = self::rest( 'GET', self::BASE . '/' . sprintf( $route, $post ) );
				$fake = self::rest( 'GET', self::BASE . '/' . sprintf( $route, $none ) );
				self::assertSame( array( $real->get_status(), $real->get_data() ), array( $fake->get_status(), $fake->get_data() ), "$role, $route" );
			}
		}
		$this->log_in( 'clerk' );
		$hidden = $this->summarised( 'private', 'publish' );
		$real   = self::rest( 'GET', self::BASE . "/$hidden" );
		self::assertSame( $real->get_data(), self::rest( 'GET', self::BASE . "/$none" )->get_data() );
	}

	public function test_the_list_on_the_screen_holds_and_counts_what_may_be_read(): void {
		$this->make_all();
		foreach ( array( 'contributor', 'owner', 'clerk', 'editor' ) as $role ) {
			$this->log_in( $role );
			set_current_screen( 'edit-aidoc_summary' );
			$GLOBALS['wp_the_query'] = new \WP_Query();
			$GLOBALS['wp_query']     = $GLOBALS['wp_the_query'];
			$GLOBALS['wp_the_query']->query( array( 'post_type' => PostType::NAME, 'post_status' => array_values( get_post_stati() ), 'posts_per_page' => 100 ) );
			$listed = wp_list_pluck( $GLOBALS['wp_the_query']->posts, 'ID' );
			$counts = wp_count_posts( PostType::NAME, 'readable' );
			set_current_screen( 'front' );
			unset( $GLOBALS['current_screen'] );
			self::assertEqualsCanonicalizing( $this->readable( $role ), $listed, $role );
			$drafts = array_filter( $this->readable( $role ), fn( int $post ): bool => 'draft' === $this->made[ $post ][1] );
			self::assertEquals( count( $drafts ), $counts->draft, $role );
		}
		$GLOBALS['wp_the_query'] = new \WP_Query();
		$GLOBALS['wp_query']     = $GLOBALS['wp_the_query'];
	}

	public function test_where_the_document_is_gone_its_summary_counts_as_private(): void {
		$post = $this->summarised( 'public', 'publish' );
		wp_delete_attachment( $this->plugin()->links()->document_of( $post ), true );
		foreach ( array( 'clerk' => array(), 'editor' => array( $post ), 'administrator' => array( $post ) ) as $role => $may ) {
			$this->log_in( $role );
			self::assertSame( (bool) $may, current_user_can( 'read_post', $post ), $role );
			self::assertSame( $may, array_column( self::rest( 'GET', self::BASE )->get_data(), 'id' ), $role );
		}
		self::assertFalse( user_can( $this->user( 'owner' ), 'edit_post', $post ) );
	}

	public function test_documents_of_documents_do_not_go_round_in_circles(): void {
		$first  = $this->summarised();
		$second = $this->summarised();
		foreach ( array( $first => $second, $second => $first ) as $summary => $parent ) { // Core sees circles too, but not those that were there before.
			$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->posts, array( 'post_parent' => $parent ), array( 'ID' => $this->plugin()->links()->document_of( $summary ) ) );
		}
		wp_cache_flush();
		self::assertTrue( user_can( $this->user( 'editor' ), 'edit_post', $first ) );
		self::assertFalse( user_can( $this->user( 'clerk' ), 'edit_post', $first ) );
		$this->log_in( 'editor' );
		self::assertCount( 2, self::rest( 'GET', self::BASE, array( 'status' => 'draft' ) )->get_data() );
		$this->log_in( 'clerk' );
		self::assertSame( array(), self::rest( 'GET', self::BASE, array( 'status' => 'draft' ) )->get_data() );
	}

	public function test_the_machines_fields_are_told_to_who_edits_and_taken_from_nobody(): void {
		$post = $this->summarised( 'unattached', 'publish' );
		$this->log_in( 'administrator' );
		$view = (string) wp_json_encode( self::rest( 'GET', self::BASE . "/$post" )->get_data() );
		self::assertTells( array( 'zanzibar' ), $view, $view );
		$edit = self::rest( 'GET', self::BASE . "/$post", array( 'context' => 'edit' ) )->get_data()['meta'];
		self::assertStringStartsWith( 'processed/', $edit['aidoc_s3_text_key'] );
		foreach ( array_keys( $edit ) as $key ) {
			if ( str_starts_with( $key, 'aidoc_' ) ) {
				$value = match ( true ) {
					'aidoc_pages_low' === $key => array( array( 'page' => 1, 'confidence' => 0.5 ) ),
					'aidoc_warnings' === $key  => array( 'forged' ),
					is_array( $edit[ $key ] )  => array( 1 ),
					is_bool( $edit[ $key ] )   => true,
					is_string( $edit[ $key ] ) => 'forged',
					default                    => 4711,
				};
				self::assertSame( 403, self::rest( 'POST', self::BASE . "/$post", array(), array( 'meta' => array( $key => $value ) ) )->get_status(), $key );
				self::assertTrue( is_protected_meta( $key, 'post' ), $key );
				update_post_meta( $post, $key, $value );
				delete_post_meta( $post, $key );
			}
		}
		self::assertEquals( $edit, self::rest( 'GET', self::BASE . "/$post", array( 'context' => 'edit' ) )->get_data()['meta'] );
		$forged = array( array( 'key' => 'aidoc_language', 'value' => 'forged' ), array( 'key' => '_aidoc_document', 'value' => '1:1' ) );
		$this->xmlrpc( 'wp_editPost', 'administrator', array( 1 ), $post, array( 'custom_fields' => $forged ) );
		self::assertSame( array( 'en' ), get_post_meta( $post, 'aidoc_language', false ) );
		self::assertCount( 1, get_post_meta( $post, '_aidoc_document', false ) );
	}
}
