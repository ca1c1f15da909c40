<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\PostType;

/** The ways beside REST's own: XML-RPC, addresses that a visitor can try, what core's routes tell about types and authors; and writing. */
final class SummaryWaysTest extends SummaryTestCase {

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
		$knows = in_array( $role, self::LISTERS, true );
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
				"/$slug/", "/aidoc_summary/$slug/", "/?p=$post&embed=true", '/?feed=rss2&post_type=aidoc_summary', "/?feed=rss2&p=$post", '/?feed=atom&post_type=aidoc_summary', '/feed/?post_type[]=aidoc_summary',
				"/?rest_route=/oembed/1.0/embed&url=$link", "/?rest_route=/oembed/1.0/embed&format=xml&url=$link", '/?rest_route=/wp/v2/aidoc-summaries', "/?rest_route=/wp/v2/aidoc-summaries/$post", "/?rest_route=/WP/V2/AIDOC-SUMMARIES/$post",
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
}
