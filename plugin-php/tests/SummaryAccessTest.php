<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\PostType;

/** Every role, every status, every place of the document, every way to a summary: nobody reads one who may not. */
final class SummaryAccessTest extends SummaryTestCase {

	private const BASE = '/wp/v2/aidoc-summaries';

	/** What nobody learns who may not read: the text and title, and what the machine noted. */
	private const SECRETS = array( 'zanzibar', 'clerical-reader', 'processed\/', 'aidoc_source_sha256' );

	/** @var array<int,array{0:string,1:string}> Summary → place of its document, status. */
	private array $made = array();

	private function make_all(): void {
		foreach ( self::SOURCES as $source ) {
			foreach ( self::STATUSES as $status ) {
				$this->made[ $this->summarised( $source, $status ) ] = array( $source, $status );
			}
		}
	}

	/** @return int[] */
	private function readable( string $role ): array {
		return array_keys( array_filter( $this->made, static fn( array $place ): bool => self::may_read( $role, ...$place ) ) );
	}

	private function word( int $post ): string {
		return 'zanzibar-' . implode( '-', $this->made[ $post ] );
	}

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

	/** @param string[] $but */
	private static function assertTells( array $but, string $text, string $what ): void {
		foreach ( array_diff( self::SECRETS, $but ) as $secret ) {
			self::assertStringNotContainsString( $secret, $text, $what );
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
		if ( ! in_array( $role, array( 'clerk', 'editor', 'administrator' ), true ) ) {
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

	public function test_xml_rpc(): void {
		$this->make_all();
		foreach ( self::ROLES as $role ) {
			$this->xml_rpc( $role );
		}
	}

	private function xml_rpc( string $role ): void {
		if ( 'anonymous' === $role ) {
			return; // XML-RPC knows no visitors.
		}
		foreach ( array_keys( $this->made ) as $post ) {
			$may     = self::may_read( $role, ...$this->made[ $post ] );
			$answers = array(
				'wp.getPost'           => $this->xmlrpc( 'wp_getPost', $role, array( 1 ), $post ),
				'wp.getRevisions'      => $this->xmlrpc( 'wp_getRevisions', $role, array( 1 ), $post, array( 'post_content' ) ),
				'metaWeblog.getPost'   => $this->xmlrpc( 'mw_getPost', $role, array( $post ) ),
				'blogger.getPost'      => $this->xmlrpc( 'blogger_getPost', $role, array( 1, $post ) ),
				'wp.getPage'           => $this->xmlrpc( 'wp_getPage', $role, array( 1, $post ) ),
				'mt.getPostCategories' => $this->xmlrpc( 'mt_getPostCategories', $role, array( $post ) ),
			);
			foreach ( $answers as $method => $json ) {
				$what = "$role, $method, {$this->word( $post )}: $json";
				if ( ! $may ) {
					self::assertTells( array(), $json, $what );
				} elseif ( 'wp.getPost' === $method ) {
					self::assertStringContainsString( $this->word( $post ), $json, $what );
				}
				self::assertTells( array( 'zanzibar' ), $json, $what );
			}
			$listed = $this->xmlrpc( 'wp_getPosts', $role, array( 1 ), array( 'post_type' => PostType::NAME, 'post_status' => $this->made[ $post ][1], 'number' => 100 ) );
			self::assertSame( $may, str_contains( $listed, $this->word( $post ) ), "$role: $listed" );
		}
	}

	public function test_only_who_may_read_may_write(): void {
		foreach ( self::ROLES as $role ) {
			foreach ( array( 'unattached', 'private' ) as $source ) {
				foreach ( array( 'draft', 'publish' ) as $status ) {
					if ( ! in_array( array( $source, $status ), $this->made, true ) ) {
						$this->made[ $this->summarised( $source, $status ) ] = array( $source, $status );
					}
				}
			}
			$this->write_as( $role );
		}
	}

	private function write_as( string $role ): void {
		foreach ( array_keys( $this->made ) as $post ) {
			$may = self::may_read( $role, ...$this->made[ $post ] );
			if ( 'anonymous' !== $role ) {
				$this->xmlrpc( 'wp_editPost', $role, array( 1 ), $post, array( 'post_title' => 'By XML-RPC' ) );
				self::assertSame( $may ? 'By XML-RPC' : 'About ' . $this->word( $post ), get_post( $post )->post_title, $role );
				$this->xmlrpc( 'mw_editPost', $role, array( $post ), array( 'title' => 'By metaWeblog' ), true );
				self::assertSame( $may ? 'By XML-RPC' : 'About ' . $this->word( $post ), get_post( $post )->post_title, "$role: metaWeblog knows posts and pages only." );
			}
			$this->log_in( $role );
			$before = get_post( $post )->post_title;
			$answer = self::rest( 'POST', self::BASE . "/$post", array(), array( 'title' => 'By REST' ) );
			self::assertSame( $may ? 'By REST' : $before, get_post( $post )->post_title, "$role: " . wp_json_encode( $answer->get_data() ) );
			self::assertSame( $may ? 200 : 400, min( 400, $this->autosave( $role, $post ) ), $role );
			if ( 'anonymous' !== $role ) {
				$this->xmlrpc( 'wp_deletePost', $may ? 'author' : $role, array( 1 ), $post );
				self::assertContains( get_post_status( $post ), array( 'draft', 'publish' ), $role );
			}
			$this->log_in( $role );
			self::rest( 'DELETE', self::BASE . "/$post", array( 'force' => true ) );
			self::assertSame( $may, null === get_post( $post ), $role );
			if ( $may ) {
				unset( $this->made[ $post ] );
			}
		}
	}

	/** Through the web server: core's controller defines DOING_AUTOSAVE, which would change what later tests see. */
	private function autosave( string $role, int $post ): int {
		$headers = array( 'Content-Type' => 'application/json' );
		if ( 'anonymous' !== $role ) {
			list( $password )         = \WP_Application_Passwords::create_new_application_password( $this->user( $role ), array( 'name' => 'test ' . wp_rand() ) );
			$headers['Authorization'] = 'Basic ' . base64_encode( get_userdata( $this->user( $role ) )->user_login . ":$password" );
		}
		$answer = wp_remote_post( get_option( 'home' ) . '/?rest_route=' . self::BASE . "/$post/autosaves", array( 'headers' => $headers, 'body' => '{"title":"Autosaved"}', 'timeout' => 20 ) );
		return (int) wp_remote_retrieve_response_code( $answer );
	}

	public function test_what_core_tells_about_types_and_authors(): void {
		$this->summarised( 'private', 'publish' );
		foreach ( self::ROLES as $role ) {
			$this->log_in( $role );
			$this->about_types_and_authors( $role, $this->user( 'owner' ) );
		}
	}

	private function about_types_and_authors( string $role, int $owner ): void {
		$knows = in_array( $role, array( 'clerk', 'editor', 'administrator' ), true );
		self::assertSame( $knows, isset( self::rest( 'GET', '/wp/v2/types' )->get_data()[ PostType::NAME ] ), $role );
		self::assertSame( $knows, 200 === self::rest( 'GET', '/wp/v2/types/aidoc_summary' )->get_status(), $role );
		self::assertSame( $knows, 200 === self::rest( 'OPTIONS', '/wp/v2/types/aidoc_summary' )->get_status() && 200 === self::rest( 'GET', self::BASE )->get_status(), $role );
		$lists = array( array(), array( 'has_published_posts' => PostType::NAME ), array( 'include' => array( $owner ) ) );
		if ( 'administrator' !== $role ) { // They may list users anyway.
			foreach ( $lists as $query ) {
				self::assertNotContains( $owner, array_column( (array) self::rest( 'GET', '/wp/v2/users', $query )->get_data(), 'id' ), "$role: A published summary shows who uploaded." );
			}
		}
		if ( ! in_array( $role, array( 'owner', 'administrator', 'editor', 'clerk' ), true ) ) {
			self::assertNotSame( 200, self::rest( 'GET', "/wp/v2/users/$owner" )->get_status(), $role );
		}
		$statuses = (string) wp_json_encode( self::rest( 'GET', '/wp/v2/statuses' )->get_data() );
		self::assertTells( array(), $statuses, $role );
		foreach ( array( array( 'search' => 'zanzibar' ), array( 'search' => 'zanzibar', 'subtype' => PostType::NAME ), array( 'search' => 'zanzibar', 'subtype' => 'any' ) ) as $query ) {
			self::assertTells( array(), (string) wp_json_encode( self::rest( 'GET', '/wp/v2/search', $query )->get_data() ), $role );
		}
	}

	public function test_a_visitor_finds_nothing_by_any_address(): void {
		foreach ( self::SOURCES as $source ) {
			$post                = $this->summarised( $source, 'publish', 'The word is zanzibar.' );
			$this->made[ $post ] = array( $source, 'publish' );
			$slug                = get_post( $post )->post_name;
			$link                = rawurlencode( get_option( 'home' ) . "/?p=$post" );
			$paths               = array(
				"/?p=$post", "/?p=$post&post_type=aidoc_summary", "/?post_type=aidoc_summary&name=$slug", "/?aidoc_summary=$slug", '/?post_type=aidoc_summary', "/?p=$post&preview=true",
				"/$slug/", "/aidoc_summary/$slug/", "/?p=$post&embed=true", "/?feed=rss2&post_type=aidoc_summary", "/?feed=rss2&p=$post", "/?feed=atom&post_type=aidoc_summary", '/feed/?post_type[]=aidoc_summary',
				"/?rest_route=/oembed/1.0/embed&url=$link", "/?rest_route=/oembed/1.0/embed&format=xml&url=$link", "/?rest_route=/wp/v2/aidoc-summaries", "/?rest_route=/wp/v2/aidoc-summaries/$post", "/?rest_route=/WP/V2/AIDOC-SUMMARIES/$post",
				"/?rest_route=/wp/v2/aidoc-summaries/$post/revisions", '/wp-sitemap.xml', '/wp-sitemap-posts-aidoc_summary-1.xml', '/wp-sitemap-users-1.xml', '/?rest_route=/', '/?rest_route=/wp/v2/posts&include=' . $post, '/?rest_route=/wp/v2/pages/' . $post,
				'/?author=' . get_post( $post )->post_author, "/?attachment_id=$post", "/?page_id=$post", '/wp-admin/admin-ajax.php?action=oembed-cache&post=' . $post, "/?rest_route=/wp/v2/comments&post=$post", "/wp-trackback.php?p=$post",
			);
			foreach ( $paths as $path ) {
				$seen = str_replace( array( $slug, $link ), '', self::visit( $path ) );
				self::assertStringNotContainsString( 'The word is', $seen, $path );
				self::assertStringNotContainsString( "About zanzibar-$source", $seen, $path );
			}
			self::assertStringNotContainsString( 'The word is', self::visit( '/?s=zanzibar' ) );
		}
	}

	public function test_ids_are_no_oracle_for_who_may_see_no_list(): void {
		$post = $this->summarised( 'unattached', 'publish' );
		$none = $post + 1000;
		foreach ( array( 'anonymous', 'subscriber', 'owner' ) as $role ) {
			$this->log_in( $role );
			foreach ( array( '%d', '%d/revisions', '%d/autosaves', '%d/revisions/1' ) as $route ) {
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
		foreach ( array( 'clerk', 'editor' ) as $role ) {
			$this->log_in( $role );
			set_current_screen( 'edit-aidoc_summary' );
			$GLOBALS['wp_query'] = $GLOBALS['wp_the_query'] = new \WP_Query();
			$GLOBALS['wp_the_query']->query( array( 'post_type' => PostType::NAME, 'post_status' => array_values( get_post_stati() ), 'posts_per_page' => 100 ) );
			$listed = wp_list_pluck( $GLOBALS['wp_the_query']->posts, 'ID' );
			$counts = wp_count_posts( PostType::NAME, 'readable' );
			set_current_screen( 'front' );
			unset( $GLOBALS['current_screen'] );
			self::assertEqualsCanonicalizing( $this->readable( $role ), $listed, $role );
			$drafts = array_filter( $this->readable( $role ), fn( int $post ): bool => 'draft' === $this->made[ $post ][1] );
			self::assertEquals( count( $drafts ), $counts->draft, $role );
		}
		$GLOBALS['wp_query'] = $GLOBALS['wp_the_query'] = new \WP_Query();
	}

	/** Counted and shown must agree: a page of one that is empty would tell that there is something. */
	public function test_xml_rpc_lists_skip_nothing_that_they_counted(): void {
		$this->log_in( 'clerk' );
		$shown = $this->summarised( 'public', 'draft' );
		$this->summarised( 'private', 'draft' );
		$login = get_userdata( $this->user( 'clerk' ) )->user_login;
		wp_set_password( 'secret', $this->user( 'clerk' ) );
		require_once ABSPATH . WPINC . '/class-IXR.php';
		$request = new \IXR_Request( 'wp.getPosts', array( 1, $login, 'secret', array( 'post_type' => PostType::NAME, 'post_status' => 'draft', 'number' => 1, 'orderby' => 'ID', 'order' => 'DESC' ) ) );
		$answer  = wp_remote_post( get_option( 'home' ) . '/xmlrpc.php', array( 'body' => $request->getXml(), 'headers' => array( 'Content-Type' => 'text/xml' ), 'timeout' => 20 ) );
		$xml     = wp_remote_retrieve_body( $answer );
		self::assertStringContainsString( "<string>$shown</string>", $xml );
		self::assertStringNotContainsString( 'zanzibar-private', $xml );
	}

	public function test_where_the_document_is_gone_its_summary_counts_as_private(): void {
		$post = $this->summarised( 'public', 'publish' );
		wp_delete_attachment( $this->plugin()->ties()->document_of( $post ), true );
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
			$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->posts, array( 'post_parent' => $parent ), array( 'ID' => $this->plugin()->ties()->document_of( $summary ) ) );
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
				$value = is_array( $edit[ $key ] ) ? array( 1 ) : ( is_string( $edit[ $key ] ) ? 'forged' : 4711 );
				self::assertSame( 403, self::rest( 'POST', self::BASE . "/$post", array(), array( 'meta' => array( $key => $value ) ) )->get_status(), $key );
				self::assertTrue( is_protected_meta( $key, 'post' ), $key );
				update_post_meta( $post, $key, $value );
				delete_post_meta( $post, $key );
			}
		}
		self::assertEquals( $edit, self::rest( 'GET', self::BASE . "/$post", array( 'context' => 'edit' ) )->get_data()['meta'] );
		$forged = array( array( 'key' => 'aidoc_language', 'value' => 'forged' ), array( 'key' => '_aidoc_document', 'value' => '1:1' ) );
		$this->xmlrpc( 'wp_editPost', 'administrator', array( 1 ), $post, array( 'custom_fields' => $forged ) );
		self::assertSame( array( 'en' ), get_post_meta( $post, 'aidoc_language' ) );
		self::assertCount( 1, get_post_meta( $post, '_aidoc_document' ) );
	}
}
