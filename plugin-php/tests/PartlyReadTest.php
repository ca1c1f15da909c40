<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;
use AIDoc\Media\Column;
use AIDoc\Media\Details;
use AIDoc\Media\MissingPages;
use AIDoc\Media\SummaryBox;

/** A document whose pages were partly read: what people are told, and what a retry builds on. */
final class PartlyReadTest extends TestCase {

	private const CHECKPOINT = array( 'v' => 1, 'segments' => array( 'processed/5/checkpoint/1-left-0000.jsonl' ) );
	private const SENTENCE   = '61 of 62 pages were read; page 37 could not be.';

	/** @return array{0:int,1:TestAgent,2:array} Attachment, agent, lease. */
	private function partly( array $failed = array( 37 ) ): array {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		$this->deliver( $agent, $lease, array( 'pages_failed' => $failed, 'checkpoint' => self::CHECKPOINT ) );
		require_once ABSPATH . 'wp-admin/includes/admin.php';
		wp_set_current_user( 1 );
		return array( $id, $agent, $lease );
	}

	private function deliver( TestAgent $agent, array $lease, array $other ): int {
		$answer = $agent->result( $lease, $other + array( 'pages' => 62 ) );
		self::assertSame( 200, $answer->get_status(), wp_json_encode( $answer->get_data() ) );
		return $answer->get_data()['post_id'];
	}

	private function status( int $id ): array {
		return $this->plugin()->statuses()->status( $id );
	}

	private function press_retry( int $id ): \WP_REST_Response {
		return TestAgent::dispatch( new \WP_REST_Request( 'POST', "/aidoc/v1/items/$id/retry" ) );
	}

	public function test_a_partly_read_document_is_done_and_says_so_wherever_its_status_stands(): void {
		list( $id ) = $this->partly();
		$status     = $this->status( $id );
		self::assertSame( array( 'done', self::SENTENCE, '61/62', false ), array( $status['state'], $status['detail'], $status['badge'], $status['pending'] ) );
		self::assertSame( array( array( 'name' => 'retry', 'label' => 'Retry page 37' ) ), $status['actions'] );
		self::assertStringContainsString( 'post.php?post=', $status['link']['url'] );

		ob_start();
		( new Column( $this->plugin()->statuses() ) )->render( Column::NAME, $id );
		( new Details( $this->plugin()->statuses() ) )->render_on_edit_screen( get_post( $id ) );
		( new SummaryBox( $this->plugin()->statuses(), $this->plugin()->links(), new \AIDoc\Review\EditorAssets( $this->plugin()->panel() ) ) )->render( $this->summaries()[0] );
		$html = (string) ob_get_clean();
		self::assertSame( 3, substr_count( $html, '<div class="aidoc-status__detail">' . self::SENTENCE . '</div>' ) );
		self::assertSame( 3, substr_count( $html, 'data-aidoc-action="retry">Retry page 37' ) );
		self::assertSame( 2, substr_count( $html, 'class="aidoc-status__link"' ), 'Beside the summary no link leads to where one is.' );
		$grid = ( new Details( $this->plugin()->statuses() ) );
		set_current_screen( 'upload' );
		self::assertSame( self::SENTENCE, $grid->add_to_js( array( 'compat' => array() ), get_post( $id ) )['aidoc']['detail'] );
	}

	public function test_a_retry_hands_the_finished_pages_to_the_agent_that_takes_it_and_updates_the_same_post(): void {
		list( $id, , $lease ) = $this->partly();
		$post                 = $this->job_of( $id )->summaryPostId;
		self::assertSame( 'queued', $this->press_retry( $id )->get_data()['item']['state'] );

		$other = $this->agent( 'second' );
		$again = $other->lease()[0];
		self::assertSame( array( $lease['job_id'], 2, 1 ), array( $again['job_id'], $again['epoch'], $again['attempt'] ) );
		self::assertSame( wp_json_encode( self::CHECKPOINT ), wp_json_encode( $again['checkpoint'] ) );

		self::assertSame( $post, $this->deliver( $other, $again, array( 'pages_failed' => array(), 'summary_markdown' => 'All of it.' ) ) );
		self::assertCount( 1, $this->summaries() );
		self::assertStringContainsString( 'All of it.', get_post( $post )->post_content );
		self::assertSame( array( '', array( 'redo' ) ), array( $this->status( $id )['detail'], array_column( $this->status( $id )['actions'], 'name' ) ) );
		self::assertSame( '', $this->job_of( $id )->checkpoint, 'Nothing is missing, nothing is kept.' );
	}

	public function test_a_retry_that_fails_again_ends_as_before_and_may_be_repeated(): void {
		list( $id, $agent ) = $this->partly();
		for ( $i = 0; $i < 2; $i++ ) {
			$this->press_retry( $id );
			$this->deliver( $agent, $agent->lease()[0], array( 'pages_failed' => array( 37 ), 'checkpoint' => self::CHECKPOINT ) );
			self::assertSame( array( State::Done, self::SENTENCE ), array( $this->job_of( $id )->state, $this->status( $id )['detail'] ) );
			self::assertSame( array(), $agent->lease(), 'It is not tried again by itself.' );
		}
		self::assertCount( 1, $this->summaries() );
	}

	public function test_text_that_a_person_has_edited_survives_the_retry(): void {
		list( $id, $agent ) = $this->partly();
		$post               = $this->job_of( $id )->summaryPostId;
		wp_update_post( array( 'ID' => $post, 'post_content' => 'My own words.' ) );
		$this->press_retry( $id );
		self::assertSame( $post, $this->deliver( $agent, $agent->lease()[0], array( 'pages_failed' => array() ) ) );
		self::assertSame( 'My own words.', get_post( $post )->post_content );
		self::assertSame( '', $this->status( $id )['detail'] );
	}

	public function test_who_may_not_edit_the_document_reads_the_sentence_and_gets_no_button(): void {
		list( $id ) = $this->partly();
		$author     = wp_insert_user( array( 'user_login' => 'a' . wp_rand(), 'user_pass' => 'x', 'role' => 'author' ) );
		wp_set_current_user( $author );
		self::assertSame( array( self::SENTENCE, array() ), array( $this->status( $id )['detail'], $this->status( $id )['actions'] ) );
		self::assertSame( 403, $this->press_retry( $id )->get_status() );
		wp_delete_user( $author );
	}

	public function test_a_checkpoint_that_is_too_long_is_left_out_and_the_summary_counts(): void {
		$id     = $this->upload();
		$agent  = $this->agent();
		$answer = $agent->result( $agent->lease()[0], array( 'checkpoint' => array( 'x' => str_repeat( 'x', 17_000 ) ) ) );
		self::assertSame( 'accepted', $answer->get_data()['status'] );
		self::assertSame( array( State::Done, '' ), array( $this->job_of( $id )->state, $this->job_of( $id )->checkpoint ) );
	}

	/** @dataProvider missing */
	public function test_the_words( int $pages, array $failed, string $sentence, string $button ): void {
		$missing = MissingPages::of( $pages, $failed );
		self::assertSame( array( $sentence, $button ), array( $missing->sentence(), $missing->button() ) );
	}

	public function missing(): array {
		return array(
			'one page'        => array( 62, array( 37 ), self::SENTENCE, 'Retry page 37' ),
			'two'             => array( 9, array( 9, 2 ), '7 of 9 pages were read; pages 2 and 9 could not be.', 'Retry 2 pages' ),
			'a range'         => array( 62, array( 3, 4, 5, 9 ), '58 of 62 pages were read; pages 3–5 and 9 could not be.', 'Retry 4 pages' ),
			'said twice'      => array( 62, array( 37, 37, 0, -1 ), self::SENTENCE, 'Retry page 37' ),
			'more than named' => array( 40, range( 1, 23, 2 ), '28 of 40 pages were read; pages 1, 3, 5, 7, 9, 11, 13, 15, and 4 more could not be.', 'Retry 12 pages' ),
			'pages not known' => array( 0, array( 4 ), '3 of 4 pages were read; page 4 could not be.', 'Retry page 4' ),
		);
	}

	public function test_nothing_missing_is_no_words(): void {
		self::assertNull( MissingPages::of( 12, array() ) );
	}
}
