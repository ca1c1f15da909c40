<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Search\Holders;

/** WordPress' own search finds by summaries, where the setting says so: the posts that have the document, never the summary. */
final class SiteSearchTest extends FrontTestCase {

	protected function setUp(): void {
		parent::setUp();
		unset( $GLOBALS['current_screen'] ); // Where an earlier test has been in wp-admin.
		$this->plugin()->settings()->update( array( 'search_summaries' => true ) );
	}

	protected function tearDown(): void {
		$GLOBALS['wp_the_query'] = new \WP_Query();
		$GLOBALS['wp_query']     = $GLOBALS['wp_the_query'];
		set_current_screen( 'front' );
		unset( $GLOBALS['current_screen'] );
		parent::tearDown();
	}

	/** @return int[] What the search page of the site lists for the current user. */
	private static function search( string $typed ): array {
		$GLOBALS['wp_the_query'] = new \WP_Query();
		$GLOBALS['wp_query']     = $GLOBALS['wp_the_query'];
		$GLOBALS['wp_the_query']->query( array( 's' => $typed, 'posts_per_page' => 50 ) );
		self::assertSame( '', $GLOBALS['wpdb']->last_error );
		return wp_list_pluck( $GLOBALS['wp_the_query']->posts, 'ID' );
	}

	/** @return int[] What the Media Library finds, list or grid. */
	private static function media( string $typed ): array {
		set_current_screen( 'upload' );
		$found = ( new \WP_Query( array( 'post_type' => 'attachment', 'post_status' => 'inherit,private', 's' => $typed, 'posts_per_page' => 50 ) ) )->posts;
		self::assertSame( '', $GLOBALS['wpdb']->last_error );
		return wp_list_pluck( $found, 'ID' );
	}

	/** @return array<string,int> Place of the document → summary, each about a word that its file has not in its name. */
	private function make( string $status = 'publish' ): array {
		$made = array();
		foreach ( self::SOURCES as $source ) {
			$made[ $source ] = $this->summarised( $source, $status, 'It is about a glockenspiel.' );
		}
		return $made;
	}

	public function test_the_site_finds_the_posts_that_documents_are_attached_to(): void {
		$made   = $this->make();
		$public = get_post( $this->document_of( $made['public'] ) )->post_parent;
		foreach ( array( 'anonymous', 'subscriber', 'author' ) as $role ) {
			$this->log_in( $role );
			self::assertSame( array( $public ), self::search( 'glockenspiel' ), $role );
			self::assertSame( array( $public ), self::search( 'glocken' ), $role );
			self::assertSame( array(), self::search( 'xylophone' ), $role );
		}
		$this->log_in( 'editor' );
		$private = get_post( $this->document_of( $made['private'] ) )->post_parent;
		self::assertEqualsCanonicalizing( array( $public, $private ), self::search( 'glockenspiel' ), 'Of drafts no search of the site tells.' );
	}

	public function test_what_is_not_published_or_closed_is_not_found_by(): void {
		$draft = $this->make( 'draft' );
		foreach ( array( 'anonymous', 'owner', 'editor' ) as $role ) {
			$this->log_in( $role );
			self::assertSame( array(), self::search( 'glockenspiel' ), $role );
		}
		wp_set_current_user( 0 );
		wp_update_post( array( 'ID' => $draft['public'], 'post_status' => 'publish' ) );
		$parent = get_post( $this->document_of( $draft['public'] ) )->post_parent;
		self::assertSame( array( $parent ), self::search( 'glockenspiel' ) );
		wp_update_post( array( 'ID' => $parent, 'post_password' => 'sesame' ) );
		self::assertSame( array(), self::search( 'glockenspiel' ) );
	}

	/** @return array<string,array{0:string}> */
	public function shown(): array {
		return array(
			'a block'     => array( '<!-- wp:aidoc/document-summary {"show":"abstract","attachmentId":%d} /-->' ),
			'a shortcode' => array( 'Text [document_summary title="no" id="%d"] text' ),
		);
	}

	/** @dataProvider shown */
	public function test_and_the_posts_that_show_them( string $content ): void {
		$made = $this->make();
		$page = $this->page( 'publish', 'page' );
		wp_update_post( array( 'ID' => $page, 'post_content' => sprintf( $content, $this->document_of( $made['unattached'] ) ) ) );
		self::assertContains( $page, self::search( 'glockenspiel' ) );
		foreach ( array( array( 'post_password' => 'sesame' ), array( 'post_password' => '', 'post_status' => 'draft' ), array( 'post_status' => 'publish', 'post_content' => 'Shown no more.' ) ) as $change ) {
			wp_update_post( array( 'ID' => $page ) + $change );
			self::assertNotContains( $page, self::search( 'glockenspiel' ), (string) wp_json_encode( $change ) );
		}
		self::assertSame( array(), get_post_meta( $page, Holders::FIELD, false ) );
		wp_update_post( array( 'ID' => $page, 'post_content' => sprintf( $content, $this->document_of( $made['private'] ) ) ) );
		self::assertNotContains( $page, self::search( 'glockenspiel' ), 'That page shows nothing of it to a visitor.' );
	}

	public function test_the_media_library_finds_documents_by_what_one_may_read(): void {
		$made = $this->make( 'draft' );
		$ids  = array_map( array( $this, 'document_of' ), $made );
		$may  = array(
			'subscriber'    => array(),
			'contributor'   => array(),
			'author'        => array(),
			'owner'         => array( $ids['unattached'], $ids['public'] ),
			'clerk'         => array( $ids['unattached'], $ids['public'], $ids['draft'] ),
			'editor'        => array_values( $ids ),
			'administrator' => array_values( $ids ),
		);
		foreach ( $may as $role => $expected ) {
			$this->log_in( $role );
			self::assertEqualsCanonicalizing( $expected, self::media( 'glockenspiel' ), $role );
		}
		wp_trash_post( $made['public'] );
		self::assertNotContains( $ids['public'], self::media( 'glockenspiel' ) );
	}

	public function test_off_it_finds_nothing_and_what_core_excludes_stays_out(): void {
		$public = get_post( $this->document_of( $this->make()['public'] ) )->post_parent;
		self::assertSame( array( $public ), self::search( 'about glockenspiel' ) );
		foreach ( array( 'treasure -glockenspiel', '"about a glockenspiel"', 'glockenspiel xylophone' ) as $typed ) {
			self::assertNotContains( $public, self::search( $typed ), $typed );
		}
		$this->plugin()->settings()->update( array( 'search_summaries' => false ) );
		self::assertSame( array(), self::search( 'glockenspiel' ) );
		$this->log_in( 'administrator' );
		self::assertSame( array(), self::media( 'glockenspiel' ) );
	}

	public function test_rest_finds_no_more_than_before(): void {
		$this->make();
		foreach ( array( 'anonymous', 'owner', 'administrator' ) as $role ) {
			$this->log_in( $role );
			foreach ( array( '/wp/v2/search', '/wp/v2/posts', '/wp/v2/media' ) as $route ) {
				self::assertSame( array(), (array) self::rest( 'GET', $route, array( 'search' => 'glockenspiel' ) )->get_data(), "$role, $route" );
			}
		}
		$seen = self::visit( '/?s=glockenspiel' );
		self::assertStringContainsString( 'A publish post', $seen );
		self::assertStringNotContainsString( 'It is about a', $seen );
		self::assertStringNotContainsString( 'A private post', $seen );
		self::assertStringNotContainsString( 'About zanzibar', $seen );
	}
}
