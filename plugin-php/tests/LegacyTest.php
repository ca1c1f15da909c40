<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;

/** The legacy callback, signed with a shared secret. */
final class LegacyTest extends TestCase {

	private const SECRET = 'correct horse battery';

	protected function setUp(): void {
		parent::setUp();
		self::assertTrue( $this->plugin()->settings()->set_legacy_secret( self::SECRET ) );
		$this->plugin()->settings()->update( array( 'legacy_enabled' => true ) );
	}

	private function post( string $body, array $headers = array() ): \WP_REST_Response {
		$request = new \WP_REST_Request( 'POST', '/aidoc/v1/result' );
		$request->set_body( $body );
		$all = array_merge( array( 'X-AI-Timestamp' => (string) intdiv( $this->clock()->wall_ms(), 1000 ), 'X-AI-Signature' => base64_encode( hash_hmac( 'sha256', $body, self::SECRET, true ) ) ), $headers );
		foreach ( array_filter( $all, 'is_string' ) as $name => $value ) {
			$request->set_header( $name, $value );
		}
		return TestAgent::dispatch( $request );
	}

	private static function body( int $attachment_id, array $other = array() ): string {
		return (string) wp_json_encode( array_merge( array( 'attachment_id' => $attachment_id, 'title' => 'Minutes', 'summary_markdown' => "# Minutes\n\nAll agreed.", 'word_count' => 812, 'processing_ms' => 5300, 'chunks' => 3, 's3_text_key' => 'processed/77/text.txt' ), $other ) );
	}

	public function test_it_makes_the_same_draft_and_ends_the_job(): void {
		$id     = $this->upload();
		$answer = $this->post( self::body( $id, array( 'something_else' => true ) ) );
		self::assertSame( 200, $answer->get_status(), wp_json_encode( $answer->get_data() ) );
		$post = get_post( $answer->get_data()['post_id'] );
		self::assertSame( array( 'Minutes', 'draft' ), array( $post->post_title, $post->post_status ) );
		self::assertStringContainsString( 'All agreed.', $post->post_content );
		self::assertSame( array( State::Done, $post->ID ), array( $this->job_of( $id )->state, $this->job_of( $id )->summaryPostId ) );
		self::assertEquals( 812, get_post_meta( $post->ID, 'aidoc_word_count', true ) );
		self::assertSame( $post->ID, $this->post( self::body( $id, array( 'title' => 'Second' ) ) )->get_data()['post_id'] );
		self::assertCount( 1, $this->summaries() );
	}

	public function test_a_job_id_alone_names_the_document_too(): void {
		$id   = $this->upload();
		$body = array_diff_key( json_decode( self::body( $id ), true ), array( 'attachment_id' => 1 ) ) + array( 'job_id' => $this->job_of( $id )->id );
		self::assertSame( 200, $this->post( (string) wp_json_encode( $body ) )->get_status() );
		self::assertSame( State::Done, $this->job_of( $id )->state );
	}

	public function test_an_agent_that_held_the_job_is_fenced_off(): void {
		$id    = $this->upload();
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		self::assertSame( 200, $this->post( self::body( $id ) )->get_status() );
		self::assertRefused( 'aidoc_lease_lost', 409, $agent->result( $lease ) );
		self::assertCount( 1, $this->summaries() );
	}

	/** @dataProvider refusals */
	public function test_refusals( callable $headers, string $code, int $status ): void {
		$id = $this->upload();
		self::assertRefused( $code, $status, $this->post( self::body( $id ), $headers( self::body( $id ) ) ) );
		self::assertSame( array(), $this->summaries() );
		self::assertSame( 200, $this->post( self::body( $id ) )->get_status(), 'A refused body may come again, signed right.' );
	}

	public function refusals(): array {
		$mac = static fn( string $body, string $secret ) => base64_encode( hash_hmac( 'sha256', $body, $secret, true ) );
		return array(
			'wrong signature'      => array( static fn( $body ) => array( 'X-AI-Signature' => 'AAAA' . $mac( $body, self::SECRET ) ), 'aidoc_signature_invalid', 401 ),
			'another secret'       => array( static fn( $body ) => array( 'X-AI-Signature' => $mac( $body, 'another secret' ) ), 'aidoc_signature_invalid', 401 ),
			'empty secret'         => array( static fn( $body ) => array( 'X-AI-Signature' => $mac( $body, '' ) ), 'aidoc_signature_invalid', 401 ),
			'signature of another' => array( static fn( $body ) => array( 'X-AI-Signature' => $mac( $body . ' ', self::SECRET ) ), 'aidoc_signature_invalid', 401 ),
			'hex signature'        => array( static fn( $body ) => array( 'X-AI-Signature' => hash_hmac( 'sha256', $body, self::SECRET ) ), 'aidoc_signature_invalid', 401 ),
			'old timestamp'        => array( static fn() => array( 'X-AI-Timestamp' => (string) ( time() - 301 ) ), 'aidoc_clock_skew', 401 ),
			'future timestamp'     => array( static fn() => array( 'X-AI-Timestamp' => (string) ( time() + 310 ) ), 'aidoc_clock_skew', 401 ),
			'no timestamp'         => array( static fn() => array( 'X-AI-Timestamp' => null ), 'aidoc_clock_skew', 401 ),
			'odd timestamp'        => array( static fn() => array( 'X-AI-Timestamp' => time() . ' ' . time() ), 'aidoc_clock_skew', 401 ),
			'no signature'         => array( static fn() => array( 'X-AI-Signature' => null ), 'aidoc_signature_missing', 401 ),
		);
	}

	public function test_a_replay_is_refused_for_ever(): void {
		$id = $this->upload();
		self::assertSame( 200, $this->post( self::body( $id ) )->get_status() );
		self::assertRefused( 'aidoc_replayed', 409, $this->post( self::body( $id ) ) );
		$this->clock()->advance( 3_600_000 );
		$this->plugin()->nonces()->purge();
		self::assertRefused( 'aidoc_replayed', 409, $this->post( self::body( $id ) ) );
	}

	/** Else anyone who keeps a refused callback could send it again once its number belongs to another document. */
	public function test_a_refused_body_never_fits_a_document_that_is_made_later(): void {
		$id = $this->upload() + 1_000;
		self::assertRefused( 'aidoc_job_unknown', 404, $this->post( self::body( $id ) ) );
		$by_job = (string) wp_json_encode( array_diff_key( json_decode( self::body( $id ), true ), array( 'attachment_id' => 1 ) ) + array( 'job_id' => $id ) );
		self::assertRefused( 'aidoc_job_unknown', 404, $this->post( $by_job ) );
		self::assertSame( $id, wp_insert_attachment( array( 'import_id' => $id, 'post_mime_type' => 'application/pdf', 'post_title' => 'Somebody else’s', 'post_status' => 'inherit' ) ) );
		try {
			self::assertRefused( 'aidoc_replayed', 409, $this->post( self::body( $id ) ) );
			self::assertRefused( 'aidoc_replayed', 409, $this->post( $by_job ) );
			self::assertSame( array(), $this->summaries() );
			self::assertSame( 200, $this->post( self::body( $id, array( 'processing_ms' => 5301 ) ) )->get_status(), 'Sent anew it is another body.' );
		} finally {
			foreach ( $this->summaries() as $post ) {
				wp_delete_post( $post->ID, true );
			}
			wp_delete_attachment( $id, true );
		}
	}

	/** @dataProvider no_results */
	public function test_a_body_that_is_no_result_stays_refused( array $other, string $code ): void {
		$id = $this->upload();
		self::assertRefused( $code, 400, $this->post( self::body( $id, $other ) ) );
		self::assertRefused( 'aidoc_replayed', 409, $this->post( self::body( $id, $other ) ) );
	}

	public function no_results(): array {
		return array(
			'a number of another type' => array( array( 'attachment_id' => 'many' ), 'aidoc_invalid_field' ),
			'no summary'               => array( array( 'summary_markdown' => null ), 'aidoc_invalid_field' ),
		);
	}

	public function test_a_body_that_is_no_object_is_not_even_remembered(): void {
		self::assertRefused( 'aidoc_invalid_field', 400, $this->post( '[]' ) );
		self::assertRefused( 'aidoc_invalid_field', 400, $this->post( '[]' ) );
	}

	/** @dataProvider own_faults */
	public function test_what_fails_through_the_sites_own_fault_may_come_again( callable $fault, ?string $code ): void {
		$id     = $this->upload();
		$broken = $fault();
		add_filter( $broken[0], $broken[1], 10, 2 );
		try {
			self::assertRefused( $code, 503, $this->post( self::body( $id ) ) );
		} catch ( \RuntimeException $error ) {
			self::assertNull( $code, $error->getMessage() );
		} finally {
			remove_filter( $broken[0], $broken[1], 10 );
		}
		self::assertSame( 200, $this->post( self::body( $id ) )->get_status() );
		self::assertCount( 1, $this->summaries() );
	}

	public function own_faults(): array {
		return array(
			'the database fails'     => array( static fn() => array( 'query', static fn( $sql ) => str_contains( $sql, 'aidoc_jobs' ) && str_starts_with( ltrim( $sql ), 'UPDATE' ) ? 'UPDATE no_such_table SET x = 1' : $sql ), 'aidoc_unavailable' ),
			'another plugin fails'   => array( static fn() => array( 'wp_insert_post_data', static fn() => throw new \RuntimeException( 'Another plugin.' ) ), null ),
		);
	}

	public function test_switched_off_it_does_not_exist(): void {
		$id = $this->upload();
		$this->plugin()->settings()->update( array( 'legacy_enabled' => false ) );
		self::assertRefused( 'aidoc_signature_missing', 401, $this->post( self::body( $id ) ) );
		$this->plugin()->settings()->update( array( 'legacy_enabled' => true ) );
		$this->plugin()->settings()->set_legacy_secret( '' );
		self::assertRefused( 'aidoc_signature_missing', 401, $this->post( self::body( $id ), array( 'X-AI-Signature' => base64_encode( hash_hmac( 'sha256', self::body( $id ), '', true ) ) ) ) );
	}

	public function test_it_opens_no_other_route(): void {
		$request = new \WP_REST_Request( 'POST', '/aidoc/v1/lease' );
		$body    = (string) wp_json_encode( TestAgent::lease_body() );
		$request->set_body( $body );
		$request->set_header( 'X-AI-Timestamp', (string) time() );
		$request->set_header( 'X-AI-Signature', base64_encode( hash_hmac( 'sha256', $body, self::SECRET, true ) ) );
		self::assertRefused( 'aidoc_signature_missing', 401, TestAgent::dispatch( $request ) );
	}
}
