<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Media\Details;
use AIDoc\Summaries\Adjustments;
use AIDoc\Summaries\Warnings;

/** What an agent says of a document that could not be read whole. */
final class WarningsTest extends SummaryTestCase {

	private const SENTENCE = 'Not all files inside could be read: <b>x</b>.bin (damaged); upload them by themselves if their text is needed.';

	/** @return array{0:int,1:int} Document, summary. */
	private function warned( mixed $warnings ): array {
		require_once ABSPATH . 'wp-admin/includes/admin.php';
		$id     = $this->upload();
		$agent  = $this->agent( 'warner-' . wp_rand() );
		$answer = $agent->result( $agent->lease()[0], array( 'warnings' => $warnings, 'pages_failed' => array() ) );
		self::assertSame( 'accepted', $answer->get_data()['status'] ?? wp_json_encode( $answer->get_data() ) );
		return array( $id, $answer->get_data()['post_id'] );
	}

	public function test_they_stand_beside_the_draft_on_the_jobs_page_and_with_the_document(): void {
		list( $id, $post ) = $this->warned( array( self::SENTENCE, 'A second one.' ) );
		wp_set_current_user( 1 );
		$panel = self::rest( 'GET', self::BASE . "/$post", array( 'context' => 'edit' ) )->get_data()['aidoc_review'];
		self::assertSame( array( self::SENTENCE, 'A second one.' ), array_column( $panel['warnings'], 'text' ) );
		self::assertSame( self::SENTENCE, $this->plugin()->statuses()->status( $id )['detail'] );
		ob_start();
		( new Details( $this->plugin()->statuses() ) )->render_on_edit_screen( get_post( $id ) );
		self::assertStringContainsString( '<div class="aidoc-status__detail">' . esc_html( self::SENTENCE ) . '</div>', (string) ob_get_clean() );
		ob_start();
		$this->screens()->job_page()->render( $this->job_of( $id )->id );
		$html = (string) ob_get_clean();
		self::assertStringContainsString( esc_html( self::SENTENCE ), $html );
		self::assertStringContainsString( 'A second one.', $html );
		self::assertStringNotContainsString( '<b>x</b>', $html );
	}

	public function test_who_may_not_edit_the_summary_is_told_no_names_of_files_in_it(): void {
		list( $id, $post ) = $this->warned( array( self::SENTENCE ) );
		$this->log_in( 'subscriber' );
		self::assertSame( '', $this->plugin()->statuses()->status( $id )['detail'] );
		self::assertTells( array(), (string) wp_json_encode( self::rest( 'GET', self::BASE . "/$post" )->get_data() ), 'damaged' );
	}

	public function test_the_next_result_without_any_takes_them_away(): void {
		list( $id, $post ) = $this->warned( array( self::SENTENCE ) );
		$this->plugin()->job_manager()->retry( $this->job_of( $id )->id );
		$agent = $this->agent( 'again-' . wp_rand() );
		self::assertSame( $post, $agent->result( $agent->lease()[0] )->get_data()['post_id'] );
		self::assertSame( array(), Warnings::of( $post ) );
	}

	/** @return array<string,array{0:mixed,1:?array,2:bool}> Given, kept, whether that is told as changed. */
	public static function given(): array {
		return array(
			'none'              => array( null, null, false ),
			'an empty list'     => array( array(), null, false ),
			'a sentence'        => array( array( 'One.' ), array( 'One.' ), false ),
			'no list'           => array( 'One.', null, true ),
			'no text'           => array( array( 7, array(), 'One.', null ), array( 'One.' ), true ),
			'lines and escapes' => array( array( "a\nb\x1b[2Jc" ), array( 'a b [2Jc' ), true ),
			'turned around'     => array( array( "cod\u{202E}fdp.exe" ), array( 'codfdp.exe' ), true ),
			'twice the same'    => array( array( 'One.', 'One.' ), array( 'One.' ), false ),
			'too many'          => array( array_map( 'strval', range( 1, 20 ) ), array_map( 'strval', range( 1, 8 ) ), true ),
			'too long'          => array( array( str_repeat( 'ü', 700 ) ), array( str_repeat( 'ü', 600 ) ), true ),
		);
	}

	/** @dataProvider given */
	public function test_what_comes_is_brought_into_bounds( mixed $given, ?array $kept, bool $told ): void {
		$adjusted = new Adjustments();
		self::assertSame( $kept, Warnings::read( $given, $adjusted ) );
		self::assertSame( $told, '' !== $adjusted->sentence() );
	}
}
