<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Front\Catalogue;
use AIDoc\Front\Visibility;
use AIDoc\Front\Wanted;
use AIDoc\Search\Texts;

/** Who sees a published summary on the site: whoever may read its document, and nobody else; block, shortcode, list and its counts agree. */
final class PublishedTest extends FrontTestCase {

	/** Whether a role sees the summary of a document in that place. Its status must be "publish". */
	private static function sees( string $role, string $source, string $status ): bool {
		return 'publish' === $status && match ( $source ) {
			'unattached', 'public' => true,
			'private'              => in_array( $role, array( 'editor', 'administrator' ), true ),
			'draft'                => in_array( $role, array( 'clerk', 'editor', 'administrator' ), true ),
		};
	}

	public function test_every_role_status_and_place(): void {
		$this->make_all();
		foreach ( self::ROLES as $role ) {
			$this->log_in( $role );
			$listed = ( new Catalogue( new Texts() ) )->page( new Wanted( perPage: 50 ), get_current_user_id() );
			$list   = self::list_block( array( 'perPage' => 50 ) );
			foreach ( $this->made as $post => list( $source, $status ) ) {
				$sees = self::sees( $role, $source, $status );
				$what = "$role, $source, $status";
				$this->one( $what, $sees, $post );
				self::assertSame( $sees, isset( $listed[ $post ] ), "$what: the list" );
				self::assertSame( $sees, str_contains( $list, "About zanzibar-$source-$status<" ), "$what: the list's text" );
				self::assertSame( $sees, ( new Visibility() )->is_open( get_post( $post ), get_post( $this->document_of( $post ) ) ), $what );
			}
			$n = count( array_filter( $this->made, static fn( array $place ): bool => self::sees( $role, ...$place ) ) );
			self::assertSame( $n, ( new Catalogue( new Texts() ) )->count( new Wanted(), get_current_user_id() ), $role );
			self::assertStringContainsString( "$n documents", $list, $role );
		}
	}

	private function one( string $what, bool $sees, int $post ): void {
		foreach ( array( self::block( $this->document_of( $post ) ), do_shortcode( '[document_summary id=' . $this->document_of( $post ) . ']' ) ) as $html ) {
			self::assertSame( $sees, str_contains( $html, 'The word is' ), "$what: $html" );
			if ( ! $sees && ! current_user_can( 'edit_post', $post ) && ! current_user_can( 'edit_post', $this->document_of( $post ) ) ) {
				self::assertSame( '', trim( $html ), "$what: not even an empty box." );
			}
		}
	}

	/** @return array<string,array{0:callable}> What takes a public document from visitors; the callable gets summary, document, parent. */
	public function closings(): array {
		return array(
			'the post has a password'        => array( static fn( int $summary, int $document, int $above ) => wp_update_post( array( 'ID' => $above, 'post_password' => 'sesame' ) ) ),
			'the document has a password'    => array( static fn( int $summary, int $document ) => wp_update_post( array( 'ID' => $document, 'post_password' => 'sesame' ) ) ),
			'the summary has a password'     => array( static fn( int $summary ) => wp_update_post( array( 'ID' => $summary, 'post_password' => 'sesame' ) ) ),
			'the post is in the trash'       => array( static fn( int $summary, int $document, int $above ) => wp_trash_post( $above ) ),
			'the document is in the trash'   => array( static fn( int $summary, int $document ) => wp_update_post( array( 'ID' => $document, 'post_status' => 'trash' ) ) ),
			'the document is private'        => array( static fn( int $summary, int $document ) => wp_update_post( array( 'ID' => $document, 'post_status' => 'private' ) ) ),
			'the post is of a closed type'   => array( static fn( int $summary, int $document, int $above ) => set_post_type( $above, 'wp_block' ) ),
			'the document is gone'           => array( static fn( int $summary, int $document ) => wp_delete_attachment( $document, true ) ),
			'the summary is in the trash'    => array( static fn( int $summary ) => wp_trash_post( $summary ) ),
			'the document belongs to a summary' => array( static fn( int $summary, int $document, int $above ) => set_post_type( $above, 'aidoc_summary' ) ),
		);
	}

	/** @dataProvider closings */
	public function test_what_closes_the_document_closes_the_summary( callable $close ): void {
		$post     = $this->summarised( 'public', 'publish', self::TEXT );
		$document = $this->document_of( $post );
		self::assertStringContainsString( 'zanzibar', self::block( $document ) );
		$close( $post, $document, get_post( $document )->post_parent );
		wp_cache_flush();
		$this->plugin()->links()->forget();
		foreach ( array( 'anonymous', 'subscriber' ) as $role ) {
			$this->log_in( $role );
			self::assertSame( '', self::block( $document ), $role );
			self::assertStringNotContainsString( 'zanzibar', self::list_block(), $role );
			self::assertStringContainsString( 'There are no documents', self::list_block(), $role );
		}
	}

	public function test_who_entered_the_password_of_the_post_sees_it_there(): void {
		$document = $this->document_of( $this->summarised( 'public', 'publish', self::TEXT ) );
		wp_update_post( array( 'ID' => get_post( $document )->post_parent, 'post_password' => 'sesame' ) );
		require_once ABSPATH . WPINC . '/class-phpass.php';
		$_COOKIE[ 'wp-postpass_' . COOKIEHASH ] = ( new \PasswordHash( 8, true ) )->HashPassword( 'sesame' );
		try {
			self::assertStringContainsString( 'zanzibar', self::block( $document ) );
			$_COOKIE[ 'wp-postpass_' . COOKIEHASH ] = ( new \PasswordHash( 8, true ) )->HashPassword( 'open' );
			self::assertSame( '', self::block( $document ) );
		} finally {
			unset( $_COOKIE[ 'wp-postpass_' . COOKIEHASH ] );
		}
	}

	public function test_another_plugin_may_narrow_and_never_widen(): void {
		$open   = $this->document_of( $this->summarised( 'public', 'publish', self::TEXT ) );
		$closed = $this->document_of( $this->summarised( 'private', 'publish', self::TEXT ) );
		add_filter( 'aidoc_summary_is_open', '__return_false' );
		self::assertSame( '', self::block( $open ) );
		self::assertStringNotContainsString( 'zanzibar', self::list_block() );
		remove_filter( 'aidoc_summary_is_open', '__return_false' );
		add_filter( 'aidoc_summary_is_open', '__return_true' );
		self::assertSame( '', self::block( $closed ) );
		remove_filter( 'aidoc_summary_is_open', '__return_true' );
	}

	public function test_who_may_edit_reads_why_nothing_is_shown(): void {
		$cases = array( 'draft' => 'is still a draft. <a href', 'pending' => 'is not published (Pending).', 'private' => 'is not published (Private).', 'trash' => 'is in the Trash.' );
		foreach ( $cases as $status => $sentence ) {
			$document = $this->document_of( $this->summarised( 'public', $status ) );
			foreach ( self::ROLES as $role ) {
				$this->log_in( $role );
				$html = (string) preg_replace( '~\s+~', ' ', self::block( $document ) );
				self::assertStringNotContainsString( 'The word is', $html, "$role, $status" );
				if ( in_array( $role, array( 'owner', 'clerk', 'editor', 'administrator' ), true ) && ! ( 'clerk' === $role && 'private' === $status ) ) {
					self::assertStringContainsString( $sentence, $html, "$role, $status" );
				} else {
					self::assertSame( '', $html, "$role, $status" );
				}
			}
			wp_set_current_user( 0 );
		}
		$private = $this->document_of( $this->summarised( 'private', 'publish' ) );
		$this->log_in( 'editor' );
		self::assertStringContainsString( 'Visitors do not see this', self::block( $private ) );
		wp_set_current_user( 0 );
		$bare = $this->upload( 'bare.pdf', 'bare ' . wp_rand(), 'application/pdf', $this->user( 'owner' ) );
		foreach ( array( 'anonymous' => false, 'author' => false, 'owner' => true, 'editor' => true ) as $role => $told ) {
			$this->log_in( $role );
			self::assertSame( $told, str_contains( self::block( $bare ), 'There is no summary of bare' ), $role );
		}
	}

	public function test_the_page_of_a_document_shows_it_where_the_setting_says_so(): void {
		update_option( 'wp_attachment_pages_enabled', '1' );
		$open   = $this->document_of( $this->summarised( 'public', 'publish', self::TEXT ) );
		$closed = $this->document_of( $this->summarised( 'private', 'publish', 'The word is zanzibar.' ) );
		self::assertStringNotContainsString( 'The word is', self::visit( "/?attachment_id=$open" ), 'Off by default.' );
		$this->plugin()->settings()->update( array( 'show_on_attachment_page' => true ) );
		$page = self::visit( "/?attachment_id=$open" );
		self::assertSame( 1, substr_count( $page, 'The word is zanzibar.' ) );
		self::assertStringNotContainsString( 'The word is', self::visit( "/?attachment_id=$closed" ) );
		self::assertStringNotContainsString( 'The word is', self::visit( "/?attachment_id=$open&feed=rss2" ) );
		self::assertStringNotContainsString( 'The word is', self::visit( "/?rest_route=/wp/v2/media/$open" ) );
		update_option( 'wp_attachment_pages_enabled', '0' );
	}

	public function test_feeds_rest_and_excerpts_hold_none_of_it(): void {
		$document = $this->document_of( $this->summarised( 'public', 'publish', self::TEXT ) );
		$page     = $this->visited_page( "Before. [document_summary id=\"$document\"] [document_summaries]" );
		self::assertStringContainsString( 'The word is', $page );
		foreach ( array( '/?feed=rss2', '/?feed=atom', '/?s=zanzibar', '/?s=zanzibar&feed=rss2', '/?rest_route=/wp/v2/posts', '/wp-json/wp/v2/posts' ) as $path ) {
			self::assertStringNotContainsString( 'The word is', self::visit( $path ), $path );
		}
	}

	/** The route by which the editor draws blocks asks the same. */
	public function test_the_route_that_draws_blocks_shows_what_its_caller_may_see(): void {
		$closed = $this->document_of( $this->summarised( 'private', 'publish', self::TEXT ) );
		$open   = $this->document_of( $this->summarised( 'public', 'publish', self::TEXT ) );
		foreach ( self::ROLES as $role ) {
			$this->log_in( $role );
			foreach ( array( 'aidoc/document-summary', 'aidoc/summary-list' ) as $name ) {
				$of      = static fn( int $document ): string => (string) wp_json_encode( self::rest( 'GET', "/wp/v2/block-renderer/$name", array( 'context' => 'edit', 'attributes' => 'aidoc/document-summary' === $name ? array( 'attachmentId' => $document ) : array() ) )->get_data() );
				$knows   = in_array( $role, self::LISTERS, true );
				$is_boss = in_array( $role, array( 'editor', 'administrator' ), true );
				self::assertSame( $knows, str_contains( $of( $open ), 'About zanzibar-public' ), "$role, $name" );
				self::assertSame( $is_boss, str_contains( $of( $closed ), 'About zanzibar-private' ), "$role, $name" );
			}
		}
	}

	private static function output_of( string $script ): string {
		$run = proc_open( array( PHP_BINARY, $script ), array( 1 => array( 'pipe', 'w' ) ), $pipes );
		$out = (string) stream_get_contents( $pipes[1] );
		proc_close( $run );
		return $out;
	}

	public function test_a_page_without_any_costs_no_query_and_few_files(): void {
		$visit = $this->page( 'publish' );
		$url   = get_option( 'home' ) . "/?p=$visit";
		$spent = self::queries(
			static function () use ( $visit ): void {
				$GLOBALS['post'] = get_post( $visit );
				apply_filters( 'the_content', 'Plain text.' );
				do_blocks( '<!-- wp:paragraph --><p>x</p><!-- /wp:paragraph -->' );
			}
		);
		self::assertSame( array(), preg_grep( '~aidoc~', $spent ) );
		self::assertStringNotContainsString( 'aidoc-front', wp_remote_retrieve_body( wp_remote_get( $url ) ), 'Nor a style.' );
		$loaded = json_decode( self::output_of( __DIR__ . '/page.php' ), true );
		self::assertContains( 'includes/Plugin.php', $loaded );
		self::assertLessThanOrEqual( 25, count( $loaded ), implode( ', ', $loaded ) );
	}
}
