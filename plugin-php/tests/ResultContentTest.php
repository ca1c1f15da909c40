<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;

/** A summary was paid for when it arrives: what is odd about its content is put right or left out, and never a reason to refuse it. */
final class ResultContentTest extends TestCase {

	/** @return array{0:\WP_REST_Response,1:string,2:string,3:array<string,mixed>} The answer, the post's content, what the event log says, the lease. */
	private function deliver( array $change, array $without = array() ): array {
		$this->upload();
		$agent  = $this->agent( 'scan-' . wp_rand() );
		$lease  = $agent->lease()[0];
		$answer = $agent->send( 'POST', '/aidoc/v1/result', array_diff_key( TestAgent::result_body( $lease, $change ), array_flip( $without ) ) );
		$events = array_column( $this->plugin()->events()->for_job( $lease['job_id'] ), 'message', 'kind' );
		$post   = $answer->get_data()['post_id'] ?? 0;
		return array( $answer, $post ? get_post( $post )->post_content : '', $events['adjusted'] ?? '', $lease );
	}

	private static function assertAccepted( \WP_REST_Response $answer ): void {
		self::assertSame( 'accepted', $answer->get_data()['status'] ?? wp_json_encode( $answer->get_data() ) );
	}

	/** @dataProvider blocks */
	public function test_blocks_of_every_shape_are_taken( array $block, string $html ): void {
		list( $answer, $content, $adjusted ) = $this->deliver( array( 'summary_blocks' => array( $block ) ) );
		self::assertAccepted( $answer );
		self::assertStringEndsWith( $html, preg_replace( '/<!--.*?-->|\n/', '', preg_replace( '/ class="[^"]*"/', '', $content ) ) );
		self::assertSame( '', $adjusted, 'Nothing about it is odd.' );
	}

	public function blocks(): array {
		$run = static fn( string $text ): array => array( array( 'text' => $text ) );
		return array(
			'an empty cell'       => array( array( 'type' => 'table', 'header' => array( $run( 'a' ), $run( 'b' ) ), 'rows' => array( array( $run( '1' ), null ) ) ), '<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table></figure>' ),
			'an empty header'     => array( array( 'type' => 'table', 'header' => array( null, $run( 'b' ) ), 'rows' => array( array( array(), $run( '2' ) ) ) ), '<table><thead><tr><th></th><th>b</th></tr></thead><tbody><tr><td></td><td>2</td></tr></tbody></table></figure>' ),
			'no header'           => array( array( 'type' => 'table', 'header' => null, 'rows' => array( array( $run( '1' ) ) ) ), '<table><tbody><tr><td>1</td></tr></tbody></table></figure>' ),
			'no rows'             => array( array( 'type' => 'table', 'header' => array( $run( 'a' ) ), 'rows' => null ), '<table><thead><tr><th>a</th></tr></thead></table></figure>' ),
			'a row of nothing'    => array( array( 'type' => 'table', 'header' => array( $run( 'a' ) ), 'rows' => array( null ) ), '<tbody><tr><td></td></tr></tbody></table></figure>' ),
			'fields left out'     => array( array( 'type' => 'table', 'header' => array( $run( 'a' ) ) ), '<thead><tr><th>a</th></tr></thead></table></figure>' ),
			'a ragged table'      => array( array( 'type' => 'table', 'header' => array( $run( 'a' ) ), 'rows' => array( array( $run( '1' ), $run( '2' ) ) ) ), '<thead><tr><th>a</th><th></th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table></figure>' ),
			'an empty item'       => array( array( 'type' => 'list', 'items' => array( null, $run( 'a' ) ) ), '<ul><li></li><li>a</li></ul>' ),
			'no items'            => array( array( 'type' => 'list', 'items' => null ), '</p>' ),
			'no runs'             => array( array( 'type' => 'paragraph', 'runs' => null ), '</p>' ),
			'runs left out'       => array( array( 'type' => 'quote' ), '</p>' ),
			'no run in runs'      => array( array( 'type' => 'heading', 'level' => 2, 'runs' => array() ), '</p>' ),
			'an empty text'       => array( array( 'type' => 'paragraph', 'runs' => array( array( 'text' => '' ), array( 'text' => 'a', 'bold' => true ) ) ), '<p><strong>a</strong></p>' ),
			'marks that are null' => array( array( 'type' => 'paragraph', 'runs' => array( array( 'text' => 'a', 'bold' => null, 'page' => null ) ) ), '<p>a</p>' ),
			'empty code'          => array( array( 'type' => 'code', 'text' => '' ), '</p>' ),
		);
	}

	/** @dataProvider odd_blocks */
	public function test_odd_blocks_lose_what_is_odd_about_them( mixed $blocks, string $html, string $named ): void {
		list( $answer, $content, $adjusted ) = $this->deliver( array( 'summary_blocks' => $blocks ) );
		self::assertAccepted( $answer );
		self::assertStringContainsString( $html, preg_replace( '/ class="[^"]*"/', '', $content ) );
		self::assertStringContainsString( $named, $adjusted );
		self::assertStringNotContainsString( 'evil', $content );
	}

	public function odd_blocks(): array {
		$text = array( array( 'text' => 'kept' ) );
		return array(
			'heading 1'            => array( array( array( 'type' => 'heading', 'level' => 1, 'runs' => $text ) ), '<h2>kept</h2>', 'summary_blocks[0].level' ),
			'heading 5'            => array( array( array( 'type' => 'heading', 'level' => 5, 'runs' => $text ) ), '<h4>kept</h4>', 'summary_blocks[0].level' ),
			'heading of no level'  => array( array( array( 'type' => 'heading', 'runs' => $text ) ), '<h2>kept</h2>', 'summary_blocks[0].level' ),
			'a block of a later version' => array( array( array( 'type' => 'callout', 'runs' => $text, 'html' => 'evil' ) ), '<p>kept</p>', 'summary_blocks[0].type' ),
			'a block of HTML'      => array( array( array( 'type' => 'html', 'html' => '<script>evil' ), array( 'type' => 'paragraph', 'runs' => $text ) ), '<p>kept</p>', 'summary_blocks[0].type' ),
			'a block without type' => array( array( array( 'text' => 'kept' ) ), '<p>kept</p>', 'summary_blocks[0].type' ),
			'a block that is text' => array( array( 'kept' ), '<p>kept</p>', 'summary_blocks[0]' ),
			'a block that is null' => array( array( null, array( 'type' => 'code', 'text' => 'kept' ) ), '<code>kept</code>', 'summary_blocks[0]' ),
			'runs that are text'   => array( array( array( 'type' => 'paragraph', 'runs' => 'kept' ) ), '<p>kept</p>', 'summary_blocks[0].runs' ),
			'a run that is text'   => array( array( array( 'type' => 'paragraph', 'runs' => array( 'kept' ) ) ), '<p>kept</p>', 'summary_blocks[0].runs[0]' ),
			'a run with a link'    => array( array( array( 'type' => 'paragraph', 'runs' => array( array( 'text' => 'kept', 'href' => 'http://evil' ) ) ) ), '<p>kept</p>', 'summary_blocks[0].runs[0].href' ),
			'bold as text'         => array( array( array( 'type' => 'paragraph', 'runs' => array( array( 'text' => 'kept', 'bold' => 'yes' ) ) ) ), '<p>kept</p>', 'summary_blocks[0].runs[0].bold' ),
			'a number as text'     => array( array( array( 'type' => 'paragraph', 'runs' => array( array( 'text' => 42 ) ) ) ), '<p>42</p>', 'summary_blocks[0].runs[0].text' ),
			'501 blocks'           => array( array_fill( 0, 501, array( 'type' => 'code', 'text' => 'x' ) ), 'longer than a post takes', '' ),
			'blocks are no list'   => array( array( 'a' => 1 ), '<li>two</li>', 'summary_blocks' ),
			'a row that is text'   => array( array( array( 'type' => 'table', 'rows' => array( 'kept' ) ) ), '<td>kept</td>', 'summary_blocks[0].rows[0]' ),
		);
	}

	/** @dataProvider odd_fields */
	public function test_odd_fields_are_put_right_or_left_out( string $field, mixed $given, mixed $stored, bool $named = true ): void {
		list( $answer, , $adjusted ) = $this->deliver( array( $field => $given ) );
		self::assertAccepted( $answer );
		self::assertEquals( $stored, get_post_meta( $answer->get_data()['post_id'], "aidoc_$field", true ) );
		$named ? self::assertStringContainsString( $field, $adjusted ) : self::assertSame( '', $adjusted );
	}

	public function odd_fields(): array {
		return array(
			'confidence over 1'      => array( 'confidence', 1.0000001, 1 ),
			'confidence below 0'     => array( 'confidence', -0.2, 0 ),
			'no confidence'          => array( 'confidence', null, '', false ),
			'a count as text'        => array( 'word_count', '812', 812 ),
			'a count of words'       => array( 'word_count', 'many', '' ),
			'a negative count'       => array( 'pages', -1, 0 ),
			'a huge count'           => array( 'chunks', 1e30, 2_000_000_000 ),
			'a fraction of a count'  => array( 'pages_ocr', 2.5, 3 ),
			'negative time'          => array( 'processing_ms', -5, 0 ),
			'many decimals'          => array( 'cost_usd', 0.000000123456789, 0.000000123456789, false ),
			'a negative cost'        => array( 'cost_usd', -1, 0 ),
			'pages failed of text'   => array( 'pages_failed', array( 'x', 7 ), array( 7 ) ),
			'pages failed of a kind' => array( 'pages_failed', 'all', array() ),
			'a long language'        => array( 'language', str_repeat( 'x', 200 ), str_repeat( 'x', 40 ) ),
			'a long model'           => array( 'model', str_repeat( 'm', 3000 ), str_repeat( 'm', 200 ) ),
			'a provider of a list'   => array( 'provider', array( 'x' ), '' ),
			'a long key'             => array( 's3_text_key', str_repeat( 'k', 3000 ), str_repeat( 'k', 1024 ) ),
			'tokens as a fraction'   => array( 'tokens_in', 12.0, 12, false ),
		);
	}

	public function test_fields_that_are_missing_or_unknown_stop_nothing(): void {
		list( $answer, $content, $adjusted ) = $this->deliver( array( 'html' => '<b>evil</b>', 'title' => array( 'x' ), 'artifacts' => array( 'exe' => 'x' ), 'checkpoint' => (object) array( 'x' => str_repeat( 'x', 20_000 ) ) ), array( 'word_count', 'chunks', 'processing_ms', 's3_text_key' ) );
		self::assertAccepted( $answer );
		self::assertStringNotContainsString( 'evil', $content );
		self::assertSame( 'minutes', get_post( $answer->get_data()['post_id'] )->post_title, 'The document has a title too.' );
		foreach ( array( 'html', 'title', 'checkpoint' ) as $name ) {
			self::assertStringContainsString( $name, $adjusted );
		}
	}

	public function test_a_very_long_title_is_clipped(): void {
		list( $answer ) = $this->deliver( array( 'title' => str_repeat( 'Ü', 5000 ) ) );
		self::assertAccepted( $answer );
		self::assertSame( 500, mb_strlen( get_post( $answer->get_data()['post_id'] )->post_title ) );
	}

	/** More objects than PHP decodes safely: the Markdown holds the same. */
	public function test_blocks_that_are_too_many_to_decode_give_way_to_the_markdown(): void {
		$cell                                        = array( array( 'text' => 'a "b" [c] {' ) );
		list( $answer, $content, $adjusted, $lease ) = $this->deliver( array( 'title' => 'T "summary_blocks": [', 'summary_blocks' => array_fill( 0, 4, array( 'type' => 'table', 'header' => null, 'rows' => array_fill( 0, 500, array_fill( 0, 20, $cell ) ) ) ) ) );
		self::assertAccepted( $answer );
		self::assertStringContainsString( '<li>two</li>', $content );
		self::assertStringContainsString( 'summary_blocks', $adjusted );
		self::assertSame( State::Done, $this->plugin()->jobs()->find( $lease['job_id'] )->state );
	}

	public function test_a_result_without_any_summary_is_none(): void {
		list( $answer ) = $this->deliver( array( 'summary_blocks' => null ), array( 'summary_markdown' ) );
		self::assertRefused( 'aidoc_invalid_field', 400, $answer );
		self::assertSame( 'summary_markdown', $answer->get_data()['data']['field'] );
	}
}
