<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** Plugins that keep whole pages, by the action of WordPress that they go by. */
final class KeptPagesTest extends FrontTestCase {

	/** What plugins that keep whole pages throw away: WP Super Cache and others go by this action of WordPress. */
	public function test_a_kept_page_goes_when_the_summary_on_it_is_published_changed_or_taken_back(): void {
		$agent    = $this->agent( 'reader-' . wp_rand() );
		$document = $this->upload( 'minutes.pdf', '%PDF one' );
		$summary  = $agent->result( $agent->lease()[0] )->get_data()['post_id'];
		wp_set_current_user( 1 );
		$page = $this->page( 'publish' );
		wp_update_post( array( 'ID' => $page, 'post_content' => "<!-- wp:aidoc/document-summary {\"attachmentId\":$document} /-->" ) );
		$gone  = array();
		$keeps = static function ( $id ) use ( &$gone ): void {
			$gone[] = (int) $id;
		};
		add_action( 'clean_post_cache', $keeps );
		$cleared = function ( array $change ) use ( &$gone, $page, $document, $summary ): array {
			$gone = array();
			wp_update_post( array( 'ID' => $summary ) + $change );
			return array( in_array( $page, $gone, true ), in_array( $document, $gone, true ) );
		};
		self::assertSame( array( false, false ), $cleared( array( 'post_title' => 'Still a draft' ) ) );
		self::assertSame( array( true, true ), $cleared( array( 'post_status' => 'publish' ) ) );
		self::assertSame( array( true, true ), $cleared( array( 'post_title' => 'Changed' ) ) );
		self::assertSame( array( true, true ), $cleared( array( 'post_status' => 'draft' ) ) );
		$cleared( array( 'post_status' => 'publish' ) );
		$gone = array();
		wp_delete_post( $summary, true );
		self::assertContains( $page, $gone );
		remove_action( 'clean_post_cache', $keeps );
	}
}
