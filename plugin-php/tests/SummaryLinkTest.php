<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Schema;
use AIDoc\Summaries\Meta;
use AIDoc\Summaries\PostType;
use AIDoc\Summaries\DocumentLinks;

/** A summary belongs to the document that its job names. What people, or code that copies posts, write changes nothing. */
final class SummaryLinkTest extends SummaryTestCase {

	/** @return array{0:int,1:int} The author's own summary, and somebody else's private document without one. */
	private function attacker_and_target(): array {
		$mine   = $this->summarised( 'unattached', 'publish' );
		$target = $this->upload( 'board.pdf', 'pdf board ' . wp_rand() );
		wp_update_post( array( 'ID' => $target, 'post_parent' => $this->page( 'private' ) ) );
		return array( $mine, $target );
	}

	private function read_by_an_agent( int $document ): int {
		$this->plugin()->job_manager()->enqueue( $document, true );
		$agent = $this->agent( 'reader-' . wp_rand() );
		return $agent->result( $agent->lease()[0], array( 'summary_markdown' => 'Nobody may read this.' ) )->get_data()['post_id'];
	}

	/** @return array<string,array{0:string}> */
	public function ways(): array {
		$ways = array( 'wp.editPost', 'post.php', 'wp_update_post', 'REST', 'quick edit', 'database', 'fields' );
		return array_map( static fn( string $way ): array => array( $way ), array_combine( $ways, $ways ) );
	}

	/** @dataProvider ways */
	public function test_no_way_of_saving_moves_a_summary_to_another_document( string $way ): void {
		list( $mine, $target ) = $this->attacker_and_target();
		$document              = $this->plugin()->links()->document_of( $mine );
		// With all rights that there are, and with those of the uploader: the tie holds against both.
		foreach ( array( 'owner', 'administrator' ) as $role ) {
			$this->log_in( $role );
			$this->move( $way, $role, $mine, $target );
		}
		clean_post_cache( $mine );
		if ( 'database' !== $way ) {
			self::assertSame( $document, get_post( $mine )->post_parent );
		}
		$this->plugin()->links()->forget();
		self::assertSame( $document, $this->plugin()->links()->document_of( $mine ) );
		wp_set_current_user( 0 );
		$theirs = $this->read_by_an_agent( $target );
		self::assertNotSame( $mine, $theirs );
		$everything = wp_json_encode( array( get_post( $mine ), wp_get_post_revisions( $mine ), get_post_meta( $mine ) ) );
		self::assertStringNotContainsString( 'Nobody may read this.', $everything );
		self::assertEquals( array( $document, $target ), array( get_post_meta( $mine, 'aidoc_attachment_id', true ), get_post( $theirs )->post_parent ) );
		self::assertSame( $mine, $this->read_by_an_agent( $document ), 'It is still the one of its own document.' );
	}

	private function move( string $way, string $role, int $summary, int $to ): void {
		match ( $way ) {
			'wp.editPost'    => $this->xmlrpc( 'wp_editPost', $role, array( 1 ), $summary, array( 'post_parent' => $to ) ),
			'post.php'       => $this->post_php( $summary, array( 'parent_id' => $to, 'post_parent' => $to ) ),
			'wp_update_post' => wp_update_post( array( 'ID' => $summary, 'post_parent' => $to ) ),
			'REST'           => self::rest( 'POST', "/wp/v2/aidoc-summaries/$summary", array(), array( 'parent' => $to, 'title' => 'Moved' ) ),
			'quick edit'     => 'owner' === $role || bulk_edit_posts( array( 'post' => array( $summary ), 'post_type' => PostType::NAME, 'post_parent' => $to, '_status' => -1 ) ),
			'database'       => $GLOBALS['wpdb']->update( $GLOBALS['wpdb']->posts, array( 'post_parent' => $to ), array( 'ID' => $summary ) ),
			'fields'         => $this->forge( $summary, $to ),
		};
	}

	private function post_php( int $summary, array $fields ): void {
		if ( ! current_user_can( 'edit_post', $summary ) ) {
			return;
		}
		$_POST = array( 'post_ID' => $summary, 'post_type' => PostType::NAME ) + $fields;
		edit_post();
		$_POST = array();
	}

	private function forge( int $summary, int $to ): void {
		foreach ( array( 'aidoc_attachment_id' => $to, DocumentLinks::FIELD => "$to:$summary", Meta::WRITTEN => 'x' ) as $key => $value ) {
			update_post_meta( $summary, $key, $value );
			add_post_meta( $summary, $key, $value );
			delete_post_meta( $summary, $key );
		}
	}

	public function test_a_post_made_by_somebody_else_is_no_summary_of_anything(): void {
		list( , $target ) = $this->attacker_and_target();
		$this->log_in( 'administrator' );
		$made = wp_insert_post( array( 'post_type' => PostType::NAME, 'post_parent' => $target, 'post_title' => 'Trap', 'post_status' => 'draft' ) );
		self::assertSame( 0, get_post( $made )->post_parent );
		$post = $this->page( 'draft' );
		wp_update_post( array( 'ID' => $post, 'post_parent' => $target ) );
		wp_update_post( array( 'ID' => $post, 'post_type' => PostType::NAME ) );
		self::assertSame( array( PostType::NAME, 0 ), array( get_post( $post )->post_type, get_post( $post )->post_parent ) );
		self::assertNotContains( $this->read_by_an_agent( $target ), array( $made, $post ) );
		wp_delete_post( $made, true );
	}

	/** Plugins that duplicate posts write rows and fields as they find them. */
	public function test_a_copy_of_a_summary_is_not_the_summary(): void {
		$post     = $this->summarised();
		$document = $this->plugin()->links()->document_of( $post );
		$row      = get_object_vars( get_post( $post ) );
		$GLOBALS['wpdb']->insert( $GLOBALS['wpdb']->posts, array_diff_key( array_intersect_key( $row, array_flip( $GLOBALS['wpdb']->get_col( "SHOW COLUMNS FROM {$GLOBALS['wpdb']->posts}" ) ) ), array( 'ID' => 1 ) ) );
		$copy = (int) $GLOBALS['wpdb']->insert_id;
		foreach ( get_post_meta( $post ) as $key => $values ) {
			$GLOBALS['wpdb']->insert( $GLOBALS['wpdb']->postmeta, array( 'post_id' => $copy, 'meta_key' => $key, 'meta_value' => $values[0] ) );
		}
		self::assertSame( 0, $this->plugin()->links()->document_of( $copy ) );
		wp_delete_post( $post, true );
		self::assertSame( 0, $this->plugin()->links()->summary_of( $document ) );
		self::assertNotSame( $copy, $this->read_by_an_agent( $document ) );
		wp_delete_post( $copy, true );
	}

	/** @return array<string,array{0:callable(int):void}> What a crash can leave behind where the tables have no transactions. */
	public function crashes(): array {
		return array(
			'the job knows nothing of it' => array( static fn() => null ),
			'no field was written yet'    => array( static fn( int $post ) => $GLOBALS['wpdb']->delete( $GLOBALS['wpdb']->postmeta, array( 'post_id' => $post ) ) ),
			'only the text was finished'  => array( static fn( int $post ) => $GLOBALS['wpdb']->query( "DELETE FROM {$GLOBALS['wpdb']->postmeta} WHERE post_id = $post AND meta_key NOT LIKE '\\_aidoc%'" ) ),
			'and it is in the trash'      => array( static fn( int $post ) => wp_trash_post( $post ) ),
		);
	}

	/** @dataProvider crashes */
	public function test_after_a_crash_there_is_still_one_post_for_one_document( callable $crash ): void {
		$post     = $this->summarised();
		$document = $this->plugin()->links()->document_of( $post );
		$crash( $post );
		$this->plugin()->jobs()->set_summary( $this->job_of( $document )->id, 0 );
		wp_cache_flush();
		$this->plugin()->links()->forget();
		self::assertSame( $post, $this->plugin()->links()->summary_of( $document ) );
		self::assertSame( $post, $this->read_by_an_agent( $document ) );
		self::assertSame( $document, $this->plugin()->links()->document_of( $post ) );
		self::assertCount( 1, $this->summaries() );
	}

	public function test_a_replaced_file_keeps_its_summary_and_reinstalling_finds_it_again(): void {
		$post     = $this->summarised();
		$document = $this->plugin()->links()->document_of( $post );
		file_put_contents( get_attached_file( $document ), 'pdf, second edition' );
		self::assertSame( $post, $this->read_by_an_agent( $document ) );
		Database::write( 'DELETE FROM ' . Database::table( 'jobs' ) ); // Uninstalled; summaries are people's text and stayed.
		$this->plugin()->links()->forget();
		self::assertSame( array( $post, $document ), array( $this->plugin()->links()->summary_of( $document ), $this->plugin()->links()->document_of( $post ) ) );
		self::assertSame( $post, $this->read_by_an_agent( $document ) );
	}

	public function test_the_migration_links_what_jobs_name_and_nothing_else(): void {
		$post     = $this->summarised();
		$document = $this->plugin()->links()->document_of( $post );
		$target   = $this->upload( 'prey.pdf', 'prey' );
		$loose    = wp_insert_post( array( 'post_type' => PostType::NAME, 'post_title' => 'Loose' ) );
		$wpdb     = $GLOBALS['wpdb'];
		$wpdb->query( "DELETE FROM {$wpdb->postmeta} WHERE meta_key = '" . DocumentLinks::FIELD . "'" );
		$wpdb->query( "UPDATE {$wpdb->posts} SET post_parent = $target WHERE ID IN ($post, $loose)" ); // As an older version let people do.
		$wpdb->query( 'ALTER TABLE ' . Database::table( 'jobs' ) . ' DROP KEY summary' );
		update_option( Schema::OPTION, 4, false );
		Schema::maybe_upgrade();
		wp_cache_flush();
		self::assertSame( array( "$document:$post" ), get_post_meta( $post, DocumentLinks::FIELD, false ) );
		self::assertSame( array( $document, array() ), array( get_post( $post )->post_parent, get_post_meta( $loose, DocumentLinks::FIELD, false ) ) );
		self::assertNotSame( array(), Database::rows( 'SHOW INDEX FROM ' . Database::table( 'jobs' ) . " WHERE Key_name = 'summary'" ) );
		Schema::link_summaries();
		self::assertCount( 1, get_post_meta( $post, DocumentLinks::FIELD, false ), 'Run again it adds nothing.' );
		wp_delete_post( $loose, true );
	}
}
