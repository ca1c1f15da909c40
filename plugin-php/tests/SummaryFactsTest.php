<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** What a result says of how it was made is kept, and shown in one line. */
final class SummaryFactsTest extends TestCase {

	private const NEW = array(
		'provider'      => 'openai',
		'model'         => 'gpt-5.1',
		'claims'        => 40,
		'checked'       => 38,
		'hidden'        => 3,
		'tokens_cached' => 512,
		'cost_usd'      => 0.0449,
		'spent'         => array( 'usd' => 0.06, 'tokens' => 5000 ),
	);

	/** @return array{0:int,1:int} Document and summary. */
	private function summarised( array $change ): array {
		$id     = $this->upload();
		$agent  = $this->agent( 'facts-' . wp_rand() );
		$answer = $agent->result( $agent->lease()[0], $change + array( 'pages_failed' => array() ) );
		self::assertSame( 'accepted', $answer->get_data()['status'] ?? wp_json_encode( $answer->get_data() ) );
		return array( $id, $answer->get_data()['post_id'] );
	}

	public function test_the_fields_are_kept_for_who_edits(): void {
		list( , $post ) = $this->summarised( self::NEW + array( 'fallback' => 'spend_cap_reached' ) );
		wp_set_current_user( 1 );
		$request = new \WP_REST_Request( 'GET', "/wp/v2/aidoc-summaries/$post" );
		$request->set_query_params( array( 'context' => 'edit' ) );
		$meta = TestAgent::dispatch( $request )->get_data()['meta'];
		self::assertSame( array( 40, 38, 3, 512, 'spend_cap_reached', 0.06, 5000 ), array_map( static fn( string $name ) => $meta[ "aidoc_$name" ], array( 'claims', 'checked', 'hidden', 'tokens_cached', 'fallback', 'spent_usd', 'spent_tokens' ) ) );
	}

	public function test_a_result_without_them_is_as_good_and_leaves_none_of_an_earlier_one(): void {
		list( $id, $post ) = $this->summarised( self::NEW );
		$this->plugin()->job_manager()->enqueue( $id, true );
		$agent = $this->agent( 'older' );
		$agent->result( $agent->lease()[0], array( 'cost_usd' => 0, 'tokens_in' => 0, 'tokens_out' => 0 ) );
		foreach ( array( 'claims', 'checked', 'hidden', 'tokens_cached', 'fallback', 'spent_usd', 'spent_tokens' ) as $name ) {
			self::assertSame( '', get_post_meta( $post, "aidoc_$name", true ), $name );
		}
	}

	/** @dataProvider facts */
	public function test_they_are_one_line_of_the_status( array $change, string $line ): void {
		list( $id ) = $this->summarised( $change );
		wp_set_current_user( 1 );
		self::assertSame( $line, $this->plugin()->statuses()->status( $id )['facts'] );
		$author = wp_insert_user( array( 'user_login' => 'a' . wp_rand(), 'user_pass' => 'x', 'role' => 'author' ) );
		wp_update_post( array( 'ID' => $id, 'post_author' => $author ) );
		wp_set_current_user( $author );
		self::assertTrue( current_user_can( 'edit_post', $id ) );
		self::assertSame( $line, $this->plugin()->statuses()->status( $id )['facts'], 'It is the summary of their own document.' );
		get_userdata( $author )->add_cap( 'edit_aidoc_summaries', false );
		wp_set_current_user( 0 );
		wp_set_current_user( $author );
		self::assertSame( '', $this->plugin()->statuses()->status( $id )['facts'], 'Like the fields: for who may edit the summary, not only the document.' );
		wp_set_current_user( 1 );
		wp_delete_user( $author, 1 );
	}

	public function facts(): array {
		$free = array( 'provider' => 'extractive', 'model' => 'none', 'cost_usd' => 0 );
		return array(
			'a model'                 => array( self::NEW, 'openai/gpt-5.1 · 38 of 40 statements found in the document · $0.04' ),
			'next to nothing'         => array( array( 'cost_usd' => 0.0004, 'claims' => 0 ) + self::NEW, 'openai/gpt-5.1 · less than $0.01' ),
			'no model'                => array( $free, 'Summarised without a model' ),
			'no model for once'       => array( $free + array( 'fallback' => 'spend_cap_reached' ), 'Summarised without a model (a spending cap was reached)' ),
			'a reason of later'       => array( $free + array( 'fallback' => 'tired' ), 'Summarised without a model (tired)' ),
			'nothing is known'        => array( array( 'provider' => '', 'model' => '', 'cost_usd' => 0 ), '' ),
		);
	}
}
