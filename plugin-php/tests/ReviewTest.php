<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;
use AIDoc\Review\RevisionLabels;
use AIDoc\Schema;
use AIDoc\Summaries\Meta;
use AIDoc\Summaries\Origins;
use AIDoc\Summaries\Reviews;

/** The screen of a draft: how it was made, who has approved it, and having it made anew. */
final class ReviewTest extends SummaryTestCase {

	private const MODEL = array(
		'provider'     => 'openai',
		'model'        => 'gpt-5.1',
		'pages_failed' => array(),
	);

	private ?TestAgent $agent = null;

	protected function setUp(): void {
		parent::setUp();
		require_once ABSPATH . 'wp-admin/includes/admin.php';
		require_once ABSPATH . 'wp-admin/includes/revision.php';
		$this->agent = null;
	}

	/** @return array{0:int,1:int,2:array<string,mixed>} Document, summary, lease. */
	private function made( array $result = array(), string $name = 'minutes.pdf' ): array {
		$document = $this->upload( $name, '%PDF-1.4 ' . wp_rand() );
		$lease    = $this->lease();
		return array( $document, $this->deliver( $lease, $result ), $lease );
	}

	/** @return array<string,mixed> */
	private function lease(): array {
		$this->agent = $this->agent ?? $this->agent( 'reviewed-' . wp_rand() );
		return $this->agent->lease()[0];
	}

	private function deliver( array $lease, array $result ): int {
		$answer = $this->agent->result( $lease, $result + self::MODEL );
		self::assertSame( 'accepted', $answer->get_data()['status'] ?? wp_json_encode( $answer->get_data() ) );
		return $answer->get_data()['post_id'];
	}

	/** @return array<string,mixed> */
	private function panel( int $post ): array {
		return self::rest( 'GET', self::BASE . "/$post", array( 'context' => 'edit' ) )->get_data()['aidoc_review'];
	}

	private static function press( int $post, string $action, array $body = array() ): \WP_REST_Response {
		return self::rest( 'POST', "/aidoc/v1/summaries/$post/$action", array(), $body );
	}

	private static function state( int $post ): string {
		return (string) get_post_meta( $post, Reviews::STATE, true );
	}

	public function test_the_panel_says_how_a_summary_was_made(): void {
		$low                    = array( array( 'page' => 3, 'confidence' => 0.52 ), array( 'page' => 9, 'confidence' => 0.9 ), array( 'page' => 0, 'confidence' => 0.1 ), 7 );
		list( , $post, $lease ) = $this->made( array( 'claims' => 8, 'checked' => 7, 'pages' => 12, 'pages_ocr' => 3, 'pages_failed' => array( 7 ), 'confidence' => 0.93, 'tokens_cached' => 512, 'pages_low' => $low ) );
		wp_set_current_user( 1 );
		$panel = $this->panel( $post );
		$facts = array_column( $panel['facts'], 'value', 'label' );
		self::assertSame( array( 'openai/gpt-5.1', 'v1', '7 of 8 statements found in the document', '11 read · 3 recognised (confidence 93%)', '1,000 in (512 cached) · 200 out', '$0.01', '5.3 seconds' ), array( $facts['Written by'], $facts['Prompts'], $facts['Checked'], $facts['Pages'], $facts['Tokens'], $facts['Cost'], $facts['Took'] ) );
		self::assertStringEndsWith( ', version 1.0.0', $facts['Read by'] );
		self::assertSame( substr( $lease['sha256'], 0, 12 ), $facts['File'] );
		self::assertSame( $lease['trace_id'], $panel['trace'], 'The agent logs the same.' );
		self::assertCount( 1, $panel['warnings'] );
		self::assertStringContainsString( 'less than 70%', $panel['warnings'][0]['text'] );
		self::assertSame( array( 'page 3 (52%)' ), array_column( $panel['warnings'][0]['pages'], 'label' ), 'Only what is below the stated figure, and a page of this world.' );
		self::assertStringEndsWith( '.pdf#page=3', $panel['warnings'][0]['pages'][0]['url'] );
		self::assertStringEndsWith( '.pdf#page=7', array_values( array_filter( array_column( $panel['facts'], 'pages' ) ) )[0][0]['url'] );
	}

	public function test_pages_that_a_model_read_are_named(): void {
		list( $id, $post ) = $this->made( array( 'pages' => 12, 'pages_ocr' => 3, 'pages_vision' => array( 2, 5, 'x', -1 ) ) );
		wp_set_current_user( 1 );
		$rows = array_column( $this->panel( $post )['facts'], null, 'label' );
		$row  = $rows['Read by a model from a picture'];
		self::assertSame( array( 'page 2', 'page 5' ), array_column( $row['pages'], 'label' ), 'Pages of this world.' );
		self::assertStringEndsWith( '.pdf#page=5', $row['pages'][1]['url'] );
		ob_start();
		$this->screens()->job_page()->render( $this->job_of( $id )->id );
		self::assertMatchesRegularExpression( '/Read by a model from a picture<[^§]*2, 5/', (string) ob_get_clean() );
		self::assertNotContains( 'Read by a model from a picture', array_column( $this->panel( $this->made( array( 'pages' => 3 ) )[1] )['facts'], 'label' ) );
	}

	public function test_a_scan_with_little_confidence_is_warned_of_by_an_older_agent_too(): void {
		list( , $post ) = $this->made( array( 'pages_ocr' => 3, 'confidence' => 0.61 ) );
		wp_set_current_user( 1 );
		self::assertStringContainsString( '61% confidence, which is less than 70%', $this->panel( $post )['warnings'][0]['text'] );
	}

	public function test_the_panel_is_for_who_edits(): void {
		list( , $post ) = $this->made();
		$this->log_in( 'clerk' );
		self::assertSame( $post, $this->panel( $post )['id'] );
		self::assertArrayNotHasKey( 'aidoc_review', self::rest( 'GET', self::BASE . "/$post" )->get_data(), 'Not in the view context.' );
		$this->log_in( 'subscriber' );
		self::assertTells( array(), (string) wp_json_encode( self::rest( 'GET', self::BASE . "/$post", array( 'context' => 'edit' ) )->get_data() ), 'subscriber' );
		foreach ( array( 'review', 'regenerate' ) as $action ) {
			self::assertSame( 403, self::press( $post, $action )->get_status() );
			self::assertSame( 403, self::press( 999999, $action )->get_status(), 'As if there were one.' );
		}
		wp_set_current_user( 0 );
		self::assertSame( 401, self::press( $post, 'review' )->get_status() );
	}

	public function test_a_review_is_kept_with_its_text(): void {
		list( , $post ) = $this->made();
		$user           = $this->log_in( 'editor' );
		$panel          = self::press( $post, 'review', array( 'print' => $this->panel( $post )['print'] ) )->get_data()['panel'];
		self::assertSame( array( 'reviewed', 'draft', $user ), array( $panel['review']['state'], get_post_status( $post ), Reviews::of( get_post( $post ) )['by'] ) );
		self::assertStringContainsString( 'Reviewed by editor of summaries on ', $panel['review']['text'] );
		wp_update_post( array( 'ID' => $post, 'post_content' => 'My own words.' ) );
		$panel = $this->panel( $post );
		self::assertSame( array( 'changed', 'changed' ), array( $panel['review']['state'], self::state( $post ) ) );
		self::assertStringContainsString( 'changed since', $panel['review']['text'] );
		self::assertSame( 'open', self::press( $post, 'review', array( 'reviewed' => false ) )->get_data()['panel']['review']['state'] );
		self::assertSame( 'open', self::state( $post ) );
	}

	public function test_nobody_approves_a_text_that_they_have_not_seen(): void {
		list( , $post ) = $this->made();
		$this->log_in( 'editor' );
		$print = $this->panel( $post )['print'];
		wp_update_post( array( 'ID' => $post, 'post_content' => 'Meanwhile.' ) );
		self::assertRefused( 'aidoc_text_changed', 409, self::press( $post, 'review', array( 'print' => $print ) ) );
		self::assertNull( Reviews::of( get_post( $post ) ) );
	}

	public function test_who_publishes_approves_and_a_schedule_does_not(): void {
		list( , $post ) = $this->made();
		$this->log_in( 'editor' );
		$panel = self::press( $post, 'review', array( 'publish' => true ) )->get_data()['panel'];
		self::assertSame( array( 'publish', 'reviewed' ), array( get_post_status( $post ), $panel['review']['state'] ) );
		self::assertFalse( $panel['can']['publish'] );
		list( , $later ) = $this->made();
		wp_set_current_user( 0 );
		wp_publish_post( $later );
		self::assertSame( array( 'publish', 'open' ), array( get_post_status( $later ), self::state( $later ) ) );
	}

	public function test_who_may_not_publish_may_still_approve(): void {
		list( , $post ) = $this->made();
		$this->log_in( 'editor' );
		$deny = static fn( array $held ): array => array( 'publish_aidoc_summaries' => false ) + $held;
		add_filter( 'user_has_cap', $deny, 1 );
		self::assertRefused( 'aidoc_forbidden', 403, self::press( $post, 'review', array( 'publish' => true ) ) );
		self::assertSame( array( 'draft', 'open' ), array( get_post_status( $post ), self::state( $post ) ) );
		self::assertFalse( $this->panel( $post )['can']['publish'] );
		self::assertSame( 200, self::press( $post, 'review' )->get_status() );
		remove_filter( 'user_has_cap', $deny, 1 );
	}

	public function test_an_instruction_travels_in_the_lease_and_stays_until_it_is_changed(): void {
		list( $document, $post, $first ) = $this->made();
		self::assertArrayNotHasKey( 'instruction', $first );
		wp_set_current_user( 1 );
		$panel = self::press( $post, 'regenerate', array( 'instruction' => "Shorter,\nand for parents." ) )->get_data()['panel'];
		self::assertSame( array( 'Shorter, and for parents.', false ), array( $panel['instruction']['text'], $panel['can']['regenerate'] ) );
		self::assertRefused( 'aidoc_not_retryable', 409, self::press( $post, 'regenerate', array( 'instruction' => 'Longer.' ) ) );

		$lease = $this->lease();
		self::assertSame( array( $first['job_id'], 'Shorter, and for parents.' ), array( $lease['job_id'], $lease['instruction'] ) );
		self::assertSame( $post, $this->deliver( $lease, array( 'instructed' => true, 'summary_markdown' => 'For parents.' ) ) );
		$panel = $this->panel( $post );
		self::assertStringContainsString( 'For parents.', get_post( $post )->post_content );
		self::assertStringContainsString( '“Shorter, and for parents.”', $panel['made'] );
		self::assertSame( array(), $panel['warnings'] );

		$this->plugin()->job_manager()->retry( $first['job_id'] );
		self::assertSame( 'Shorter, and for parents.', $this->lease()['instruction'], 'A retry asks for the same.' );
		$this->plugin()->job_manager()->cancel( $first['job_id'] );
		file_put_contents( get_attached_file( $document ), '%PDF-1.4 another ' . wp_rand() );
		clearstatcache();
		$this->plugin()->job_manager()->attachment_changed( $document );
		$lease = $this->lease();
		self::assertNotSame( $first['job_id'], $lease['job_id'] );
		self::assertSame( 'Shorter, and for parents.', $lease['instruction'], 'So does the job of a new file.' );
		$this->deliver( $lease, array( 'instructed' => true ) );

		self::press( $post, 'regenerate', array( 'instruction' => '' ) );
		$lease = $this->lease();
		self::assertArrayNotHasKey( 'instruction', $lease );
		$this->deliver( $lease, array() );
		self::assertSame( array( '', '' ), array( get_post_meta( $post, 'aidoc_instruction', true ), $this->panel( $post )['made'] ) );
	}

	public function test_an_instruction_has_500_characters(): void {
		list( , $post ) = $this->made();
		wp_set_current_user( 1 );
		self::assertRefused( 'aidoc_instruction_too_long', 400, self::press( $post, 'regenerate', array( 'instruction' => str_repeat( 'ü', 501 ) ) ) );
		self::assertSame( State::Done, $this->plugin()->jobs()->find( (int) get_post_meta( $post, 'aidoc_job_id', true ) )->state );
		self::assertSame( 200, self::press( $post, 'regenerate', array( 'instruction' => str_repeat( 'ü', 500 ) ) )->get_status() );
		self::assertSame( str_repeat( 'ü', 500 ), $this->lease()['instruction'] );
	}

	public function test_an_instruction_that_nobody_followed_is_told(): void {
		list( , $post ) = $this->made();
		wp_set_current_user( 1 );
		self::press( $post, 'regenerate', array( 'instruction' => 'Shorter.' ) );
		$this->deliver( $this->lease(), array( 'provider' => 'extractive', 'model' => '' ) );
		self::assertStringContainsString( 'no instruction can be followed', $this->panel( $post )['warnings'][0]['text'] );
		self::assertSame( '', $this->panel( $post )['made'], 'What was not followed made nothing.' );
		self::press( $post, 'regenerate', array( 'instruction' => 'Shorter.' ) );
		$this->deliver( $this->lease(), array() );
		self::assertStringContainsString( 'older version', $this->panel( $post )['warnings'][0]['text'] );
	}

	public function test_a_text_of_a_persons_stays_and_the_new_one_can_be_restored(): void {
		list( , $post ) = $this->made( array( 'summary_markdown' => 'The first.' ) );
		wp_set_current_user( 1 );
		wp_update_post( array( 'ID' => $post, 'post_content' => 'My own words.' ) );
		self::press( $post, 'regenerate', array( 'instruction' => 'Shorter.' ) );
		$this->deliver( $this->lease(), array( 'summary_markdown' => 'The second [aidoc_evil].', 'instructed' => true ) );
		$panel = $this->panel( $post );
		self::assertSame( array( 'My own words.', 'The text on this screen was edited by a person.' ), array( get_post( $post )->post_content, $panel['made'] ) );
		$revision = (int) get_post_meta( $post, Meta::ASIDE, true );
		self::assertStringEndsWith( "revision.php?revision=$revision", $panel['aside']['url'] );

		$shown = array_column( wp_prepare_revisions_for_js( $post, $revision )['revisionData'], null, 'id' );
		self::assertFalse( $shown[ $revision ]['current'], 'WordPress offers to restore it.' );
		self::assertNotFalse( $shown[ $revision ]['restoreUrl'] );
		wp_restore_post_revision( $revision );
		self::assertStringContainsString( 'The second &#091;aidoc_evil].', get_post( $post )->post_content );
		self::assertNull( $this->panel( $post )['aside'] );
		self::assertStringContainsString( '“Shorter.”', $this->panel( $post )['made'], 'A restored text is known again.' );
	}

	public function test_an_approved_text_is_not_overwritten(): void {
		list( $document, $post ) = $this->made( array( 'summary_markdown' => 'The first.' ) );
		wp_set_current_user( 1 );
		self::press( $post, 'review' );
		$this->plugin()->job_manager()->enqueue( $document, true );
		$this->deliver( $this->lease(), array( 'summary_markdown' => 'The second.' ) );
		self::assertStringContainsString( 'The first.', get_post( $post )->post_content );
		self::assertSame( array( 'reviewed', true ), array( $this->panel( $post )['review']['state'], null !== $this->panel( $post )['aside'] ) );
	}

	public function test_every_version_is_among_the_revisions_and_says_what_it_was_made_from(): void {
		list( $document, $post ) = $this->made( array( 'summary_markdown' => 'The first.' ) );
		$this->plugin()->job_manager()->enqueue( $document, true );
		$this->deliver( $this->lease(), array( 'summary_markdown' => 'The second.', 'provider' => 'extractive' ) );
		wp_set_current_user( 1 );
		wp_update_post( array( 'ID' => $post, 'post_content' => 'My own words.' ) );
		$texts = array();
		foreach ( wp_get_post_revisions( $post ) as $revision ) {
			$texts[] = RevisionLabels::label( array( 'author' => array( 'name' => 'somebody' ) ), $revision, get_post( $post ) )['author']['name'];
		}
		self::assertCount( 3, $texts );
		self::assertSame( 'somebody', $texts[0] );
		self::assertStringContainsString( '· without a model ·', $texts[1] );
		self::assertStringContainsString( '· openai/gpt-5.1 ·', $texts[2] );
		$revisions = array_values( wp_get_post_revisions( $post ) );
		$labels    = new RevisionLabels();
		$labels->register();
		$row = wp_get_revision_ui_diff( $post, $revisions[2]->ID, $revisions[1]->ID )[0];
		remove_filter( 'wp_prepare_revision_for_js', array( RevisionLabels::class, 'label' ) );
		remove_filter( 'wp_get_revision_ui_diff', array( RevisionLabels::class, 'compare' ) );
		self::assertSame( array( 'aidoc_origin', 'Made from' ), array( $row['id'], $row['name'] ) );
		self::assertStringContainsString( 'without a model', $row['diff'] );
		self::assertNotNull( $this->panel( $post )['compare'] );
	}

	public function test_revisions_of_other_types_are_left_alone(): void {
		$page     = $this->page( 'publish' );
		$revision = get_post( _wp_put_post_revision( get_post( $page ) ) );
		self::assertSame( array( 'author' => array( 'name' => 'x' ) ), RevisionLabels::label( array( 'author' => array( 'name' => 'x' ) ), $revision, get_post( $page ) ) );
		self::assertSame( array(), RevisionLabels::compare( array(), false, $revision ) );
	}

	public function test_nobody_writes_these_fields_by_hand(): void {
		list( , $post ) = $this->made();
		wp_set_current_user( 1 );
		foreach ( array( Reviews::FIELD, Reviews::STATE, Origins::FIELD, Meta::ASIDE, 'aidoc_instruction', 'aidoc_trace_id' ) as $field ) {
			$before = get_post_meta( $post, $field, true );
			update_post_meta( $post, $field, 'forged' );
			self::assertSame( $before, get_post_meta( $post, $field, true ), $field );
		}
	}

	public function test_summaries_of_before_can_be_filtered_too(): void {
		global $wpdb;
		list( , $doubtful ) = $this->made( array( 'pages_ocr' => 3, 'confidence' => 0.61 ) );
		list( , $sure )     = $this->made( array( 'pages_ocr' => 3, 'confidence' => 0.71 ) );
		$wpdb->query( $wpdb->prepare( "DELETE FROM $wpdb->postmeta WHERE meta_key IN (%s, %s)", Reviews::STATE, Meta::DOUBTFUL ) );
		for ( $i = 0; $i < 2; $i++ ) { // The second time finds that all is done.
			update_option( Schema::OPTION, 6, false );
			Schema::maybe_upgrade();
		}
		wp_cache_flush();
		self::assertSame( array( array( 'open' ), array( 'open' ) ), array( get_post_meta( $doubtful, Reviews::STATE ), get_post_meta( $sure, Reviews::STATE ) ) );
		self::assertSame( array( array( '1' ), array() ), array( get_post_meta( $doubtful, Meta::DOUBTFUL ), get_post_meta( $sure, Meta::DOUBTFUL ) ) );
	}

	public function test_a_replaced_file_is_told(): void {
		list( $document, $post ) = $this->made();
		wp_set_current_user( 1 );
		self::assertSame( array(), $this->panel( $post )['warnings'] );
		file_put_contents( get_attached_file( $document ), '%PDF-1.4 another ' . wp_rand() );
		clearstatcache();
		$this->plugin()->job_manager()->attachment_changed( $document );
		self::assertStringContainsString( 'The file was replaced', $this->panel( $post )['warnings'][0]['text'] );
	}
}
