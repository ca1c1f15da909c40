<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Multisite;

use AIDoc\Summaries\PostType;
use AIDoc\Summaries\Summary;

require_once __DIR__ . '/NetworkTestCase.php';

/** Ids of two sites are often the same; who may read a summary of one learns nothing of the other. */
final class SummaryNetworkTest extends NetworkTestCase {

	/** A document of the current site, attached to a post in that status, with a summary of a given id. */
	private function summary( int $id, string $status ): int {
		$GLOBALS['wpdb']->query( "ALTER TABLE {$GLOBALS['wpdb']->posts} AUTO_INCREMENT = " . ( $id - 2 ) );
		$parent   = wp_insert_post( array( 'post_title' => 'x', 'post_status' => $status, 'post_author' => 1 ) );
		$document = $this->attach( "A $status document " . wp_rand(), $id - 1 );
		wp_update_post( array( 'ID' => $document, 'post_parent' => $parent ) );
		$job     = $this->plugin()->job_manager()->enqueue( $document );
		$summary = Summary::from_body( array( 'attachment_id' => $document, 'title' => "About a $status document", 'summary_markdown' => 'Text.' ), 'reader' );
		$made    = $this->plugin()->summaries()->write( $document, $job->id, $summary );
		$this->plugin()->jobs()->set_summary( $job->id, $made );
		self::assertSame( $id, $made );
		return $document;
	}

	public function test_a_link_of_one_site_is_none_of_the_other(): void {
		$id     = max( (int) $GLOBALS['wpdb']->get_var( "SELECT MAX(ID) FROM {$GLOBALS['wpdb']->posts}" ), $this->on( $this->two, static fn() => (int) $GLOBALS['wpdb']->get_var( "SELECT MAX(ID) FROM {$GLOBALS['wpdb']->posts}" ) ) ) + 100;
		$open   = $this->summary( $id, 'publish' );
		$closed = $this->on( $this->two, fn() => $this->summary( $id, 'private' ) );
		self::assertSame( $open, $closed );
		$GLOBALS['wpdb']->update( $GLOBALS['wpdb']->get_blog_prefix( $this->two ) . 'aidoc_jobs', array( 'attachment_id' => $closed + 500 ), array( 'summary_post_id' => $id ) );
		$links = $this->plugin()->links();
		$links->forget();
		self::assertSame( array( $open, $closed + 500, $open ), array( $links->document_of( $id ), $this->on( $this->two, static fn() => $links->document_of( $id ) ), $links->document_of( $id ) ) );

		$editor = wp_insert_user( array( 'user_login' => 'e' . wp_rand(), 'user_pass' => 'x', 'role' => 'editor' ) );
		try {
			wp_set_current_user( $editor );
			self::assertTrue( current_user_can( 'read_post', $id ) );
			self::assertFalse( $this->on( $this->two, static fn() => current_user_can( 'read_post', $id ) ) );
			// Who runs the network may do everything but what only the writer does.
			wp_set_current_user( 1 );
			self::assertTrue( is_super_admin() && current_user_can( 'edit_post', $id ) );
			wp_update_post( array( 'ID' => $id, 'post_parent' => 1 ) );
			update_post_meta( $id, 'aidoc_agent', 'forged' );
			self::assertSame( array( $open, 'reader' ), array( get_post( $id )->post_parent, get_post_meta( $id, 'aidoc_agent', true ) ) );
			self::assertFalse( current_user_can( get_post_type_object( PostType::NAME )->cap->create_posts ) );
		} finally {
			wp_set_current_user( 0 );
			wpmu_delete_user( $editor );
			wp_delete_post( $id, true );
			$this->on( $this->two, static fn() => wp_delete_post( $id, true ) );
		}
	}
}
