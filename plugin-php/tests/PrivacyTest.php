<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Queue\Cron;

/** WordPress' tools for personal data, and that what is deleted for good is erased by agents. */
final class PrivacyTest extends TestCase {

	private const EMAIL = 'ann@example.org';

	private int $ann = 0;

	protected function setUp(): void {
		parent::setUp();
		$this->ann = wp_insert_user( array( 'user_login' => 'ann-' . wp_rand(), 'user_pass' => 'x', 'user_email' => self::EMAIL, 'role' => 'author' ) );
		self::assertIsInt( $this->ann );
	}

	protected function tearDown(): void {
		parent::tearDown();
		wp_delete_user( $this->ann );
	}

	/** @return array<string,mixed> */
	private function export( string $email = self::EMAIL, int $page = 1 ): array {
		return apply_filters( 'wp_privacy_personal_data_exporters', array() )['ai-doc-pipeline']['callback']( $email, $page );
	}

	/** @return array<string,mixed> */
	private function erase( string $email = self::EMAIL, int $page = 1 ): array {
		return apply_filters( 'wp_privacy_personal_data_erasers', array() )['ai-doc-pipeline']['callback']( $email, $page );
	}

	/** @return int The draft. */
	private function summarise( TestAgent $agent ): int {
		return $agent->result( $agent->lease()[0], array( 'summary_markdown' => 'Mr Q was dismissed.' ) )->get_data()['post_id'];
	}

	/** @param int[] $erased */
	private static function ask( TestAgent $agent, array $erased = array() ): \WP_REST_Response {
		return $agent->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body( 0 ) + ( $erased ? array( 'erased' => $erased ) : array() ) );
	}

	/** @return list<array{job_id:int,sha256:string}> */
	private static function told( TestAgent $agent, array $erased = array() ): array {
		return self::ask( $agent, $erased )->get_data()['erase'] ?? array();
	}

	public function test_export(): void {
		$agent = $this->agent();
		$this->upload( 'dismissal.pdf', '%PDF dismissal', 'application/pdf', $this->ann );
		$this->summarise( $agent );
		$this->upload( 'of somebody else.pdf', '%PDF else' );
		$data = $this->export();
		self::assertTrue( $data['done'] );
		self::assertCount( 1, $data['data'] );
		$facts = array_column( $data['data'][0]['data'], 'value', 'name' );
		self::assertStringStartsWith( 'dismissal', $facts['File'] );
		self::assertSame( array( 'done', 'Minutes of the board', hash( 'sha256', '%PDF dismissal' ) ), array( $facts['State'], $facts['Title of the summary'], $facts['Digest of the file (SHA-256)'] ) );
		self::assertStringContainsString( 'Mr Q was dismissed.', $facts['Summary'] );
		self::assertSame( array( 'data' => array(), 'done' => true ), $this->export( 'nobody@example.org' ) );
	}

	public function test_export_and_erasure_go_page_by_page(): void {
		for ( $i = 0; $i < 51; $i++ ) {
			$this->upload( "$i.pdf", "%PDF $i", 'application/pdf', $this->ann );
		}
		self::assertSame( array( 50, false, 1, true ), array( count( $this->export()['data'] ), $this->export()['done'], count( $this->export( self::EMAIL, 2 )['data'] ), $this->export( self::EMAIL, 2 )['done'] ) );
		$first  = $this->erase();
		$second = $this->erase( self::EMAIL, 2 );
		self::assertSame( array( 50, false, 1, true ), array( $first['items_removed'], $first['done'], $second['items_removed'], $second['done'] ) );
		self::assertSame( 0, array_sum( $this->plugin()->jobs()->counts() ) );
	}

	public function test_erasure_deletes_summaries_and_jobs_and_leaves_files_and_other_people(): void {
		$agent = $this->agent();
		$mine  = $this->upload( 'dismissal.pdf', '%PDF dismissal', 'application/pdf', $this->ann );
		$post  = $this->summarise( $agent );
		$other = $this->upload( 'of somebody else.pdf', '%PDF else' );
		$kept  = $this->summarise( $agent );
		$job   = $this->job_of( $mine );
		$told  = $this->erase();
		self::assertSame( array( 1, 0, true ), array( $told['items_removed'], $told['items_retained'], $told['done'] ) );
		self::assertStringContainsString( 'the files themselves stay', $told['messages'][0] );
		self::assertNull( get_post( $post ) );
		self::assertNull( $this->job_of( $mine ) );
		self::assertSame( array(), $this->plugin()->events()->for_job( $job->id ) );
		self::assertSame( 'attachment', get_post_type( $mine ) );
		self::assertSame( array( $kept, 'draft' ), array( $this->job_of( $other )->summaryPostId, get_post_status( $kept ) ) );
		self::assertSame( array( 0, 0, array() ), array_values( array_slice( $this->erase(), 0, 3 ) ), 'A second time there is nothing.' );
	}

	public function test_a_summary_that_another_plugin_keeps(): void {
		$this->upload( 'a.pdf', '%PDF a', 'application/pdf', $this->ann );
		$this->summarise( $this->agent() );
		add_filter( 'pre_delete_post', '__return_false' );
		try {
			$told = $this->erase();
		} finally {
			remove_filter( 'pre_delete_post', '__return_false' );
		}
		self::assertSame( array( 0, 1 ), array( $told['items_removed'], $told['items_retained'] ) );
		self::assertStringContainsString( 'another plugin keeps it', $told['messages'][0] );
	}

	public function test_the_erasure_reaches_every_agent_and_is_told_until_it_is_done(): void {
		$one = $this->agent( 'one' );
		$two = $this->agent( 'two' );
		self::assertSame( array( array(), array() ), array( self::told( $one ), self::told( $two ) ) );
		$never = $this->agent( 'never asked' );
		$id    = $this->upload( 'a.pdf', '%PDF a', 'application/pdf', $this->ann );
		$this->summarise( $one );
		$job      = $this->job_of( $id );
		$expected = array( array( 'job_id' => $job->id, 'sha256' => hash( 'sha256', '%PDF a' ) ) );
		$this->erase();
		self::assertSame( array( $expected, $expected, $expected ), array( self::told( $one ), self::told( $one ), self::told( $two ) ) );
		self::assertSame( array(), self::told( $never ), 'It had nothing to do with it.' );
		self::assertSame( array( array(), $expected ), array( self::told( $one, array( $job->id ) ), self::told( $two ) ), 'One does not answer for the other.' );
		self::assertSame( array(), self::told( $two, array( $job->id, 4711 ) ) );
		self::assertSame( 0, $this->plugin()->erasures()->count() );
	}

	public function test_what_is_deleted_for_good_is_erased(): void {
		$agent = $this->agent();
		$id    = $this->upload();
		$post  = $this->summarise( $agent );
		$job   = $this->job_of( $id );
		wp_trash_post( $post );
		self::assertSame( array(), self::told( $agent ), 'From the trash it can come back.' );
		wp_delete_post( $post, true );
		self::assertSame( array( $job->id ), array_column( self::told( $agent ), 'job_id' ) );
		self::assertSame( array(), self::told( $agent, array( $job->id ) ) );
		wp_delete_attachment( $id, true );
		self::assertSame( array( $job->id ), array_column( self::told( $agent ), 'job_id' ) );
	}

	public function test_what_is_queued_again_is_not_erased(): void {
		$agent = $this->agent();
		$id    = $this->upload();
		$post  = $this->summarise( $agent );
		wp_delete_post( $post, true );
		$this->clock()->advance( 1000 );
		$this->plugin()->job_manager()->retry( $this->job_of( $id )->id );
		self::assertSame( array(), self::told( $agent ) );
	}

	public function test_the_list_is_bounded_and_forgotten_after_a_month(): void {
		$agent = $this->agent();
		self::told( $agent );
		for ( $i = 0; $i < 70; $i++ ) {
			$this->upload( "$i.pdf", "%PDF $i", 'application/pdf', $this->ann );
		}
		$this->erase();
		$this->erase( self::EMAIL, 2 );
		$first = array_column( self::told( $agent ), 'job_id' );
		self::assertCount( 64, $first );
		self::assertCount( 6, self::told( $agent, $first ) );
		self::assertRefused( 'aidoc_invalid_field', 400, self::ask( $agent, range( 1, 65 ) ) );
		$this->clock()->advance( 31 * 86_400_000 );
		do_action( Cron::HOOK );
		self::assertSame( array(), self::told( $agent ) );
	}

	public function test_a_revoked_agent_is_not_waited_for(): void {
		$agent = $this->agent();
		self::told( $agent );
		$this->upload( 'a.pdf', '%PDF a', 'application/pdf', $this->ann );
		$this->erase();
		self::assertSame( 1, $this->plugin()->erasures()->count() );
		$this->plugin()->agent_manager()->revoke( $agent->agent->id );
		do_action( Cron::HOOK );
		self::assertSame( 0, $this->plugin()->erasures()->count() );
		self::assertSame( array(), Database::rows( 'SELECT id FROM ' . Database::table( 'jobs' ) ) );
	}
}
