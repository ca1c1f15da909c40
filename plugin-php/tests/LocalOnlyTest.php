<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Jobs\LocalOnly;
use AIDoc\Jobs\State;

/** Documents that are local only go to agents that keep them to their own machine, and to no other. */
final class LocalOnlyTest extends TestCase {

	private static function body( ?bool $keeps, int $slots = 4 ): array {
		$body = TestAgent::lease_body( $slots );
		if ( null !== $keeps ) {
			$body['capabilities']['local_only'] = $keeps;
		}
		return $body;
	}

	/** @return list<array<string,mixed>> */
	private function leases( TestAgent $agent, ?bool $keeps ): array {
		$answer = $agent->send( 'POST', '/aidoc/v1/lease', self::body( $keeps ) );
		self::assertSame( 200, $answer->get_status(), wp_json_encode( $answer->get_data() ) );
		return $answer->get_data()['leases'];
	}

	private static function setting( array $values ): callable {
		return static function ( self $test ) use ( $values ): void {
			$test->plugin()->settings()->update( $values );
		};
	}

	private static function person( bool $marked ): callable {
		return static function ( self $test, int $id ) use ( $marked ): void {
			$test->plugin()->job_manager()->mark_local_only( $id, $marked );
		};
	}

	/** @return array<string,array{0:callable,1:callable}> What marks a document, and what takes the mark away. */
	public function marks(): array {
		return array(
			'the setting for all documents' => array( self::setting( array( 'local_only' => 'all' ) ), self::setting( array( 'local_only' => 'none' ) ) ),
			'the setting for their type'    => array( self::setting( array( 'local_only' => 'types', 'local_only_types' => array( 'pdf' ) ) ), self::setting( array( 'local_only_types' => array( 'text' ) ) ) ),
			'a person'                      => array( self::person( true ), self::person( false ) ),
		);
	}

	/** @dataProvider marks */
	public function test_marked_before_it_is_uploaded_or_while_it_waits( callable $mark, callable $unmark ): void {
		$id    = $this->upload();
		$other = $this->upload( 'open.txt', 'open', 'text/plain' );
		$agent = $this->agent();
		$mark( $this, $id );
		$marked = (bool) array_filter( $this->leases( $this->agent( 'careless' ), false ), static fn( array $lease ): bool => $id === $lease['attachment_id'] );
		self::assertFalse( $marked );
		self::assertSame( State::Queued, $this->job_of( $id )->state );
		self::assertSame( 0, $this->job_of( $id )->attempt );
		$lease = array_column( $this->leases( $agent, true ), null, 'attachment_id' )[ $id ];
		self::assertTrue( $lease['local_only'] );
		$agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $lease ) ), 'reason' => 'x' ) );
		$unmark( $this, $id );
		$lease = array_column( $this->leases( $this->agent( 'old' ), null ), null, 'attachment_id' )[ $id ];
		self::assertArrayNotHasKey( 'local_only', $lease );
		self::assertNotSame( $id, $other );
	}

	/** @dataProvider marks */
	public function test_an_agent_that_may_send_it_elsewhere_loses_it_when_it_is_marked( callable $mark ): void {
		$id       = $this->upload();
		$careless = $this->agent( 'careless' );
		$lease    = $this->leases( $careless, null )[0];
		$mark( $this, $id );
		$beat = $careless->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( TestAgent::ref( $lease ) + array( 'phase' => 'extract', 'done' => 1, 'total' => 9 ) ) ) )->get_data();
		self::assertSame( 'lost', $beat['leases'][0]['status'] );
		self::assertSame( array(), $this->leases( $careless, null ) );
		$keeper = $this->leases( $this->agent( 'keeper' ), true );
		self::assertSame( array( $id, true, 1 ), array( $keeper[0]['attachment_id'], $keeper[0]['local_only'], $keeper[0]['attempt'] ) );
	}

	/** @dataProvider marks */
	public function test_an_agent_that_keeps_it_goes_on_when_marks_change( callable $mark, callable $unmark ): void {
		$id = $this->upload();
		$mark( $this, $id );
		$agent = $this->agent( 'keeper' );
		$lease = $this->leases( $agent, true )[0];
		$unmark( $this, $id );
		$mark( $this, $id );
		$beat = $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( TestAgent::ref( $lease ) + array( 'phase' => 'extract', 'done' => 1, 'total' => 9 ) ) ) )->get_data();
		self::assertSame( 'ok', $beat['leases'][0]['status'] );
	}

	public function test_the_filter_decides_when_the_lease_is_given(): void {
		$id     = $this->upload();
		$secret = static fn( $local, $attachment_id ) => $local || $attachment_id === $id;
		add_filter( 'aidoc_local_only', $secret, 10, 2 );
		try {
			self::assertSame( array(), $this->leases( $this->agent( 'careless' ), false ), 'It was queued before the filter was there.' );
			self::assertTrue( $this->job_of( $id )->localOnly, 'It is offered to no such agent again.' );
			self::assertTrue( $this->leases( $this->agent( 'keeper' ), true )[0]['local_only'] );
		} finally {
			remove_filter( 'aidoc_local_only', $secret, 10 );
		}
	}

	public function test_an_agent_whose_model_is_away_is_given_nothing_else(): void {
		$open   = $this->upload( 'open.txt', 'open', 'text/plain' );
		$secret = $this->upload();
		$this->plugin()->job_manager()->mark_local_only( $secret, true );
		$ask = static function ( TestAgent $agent, bool $keeps, string $only = 'local_only' ): \WP_REST_Response {
			$body                               = TestAgent::lease_body( 4 );
			$body['capabilities']['local_only'] = $keeps;
			return $agent->send( 'POST', '/aidoc/v1/lease', array( 'only' => $only, 'note' => 'the account is empty' ) + $body );
		};
		self::assertSame( array(), $ask( $this->agent( 'careless' ), false )->get_data()['leases'], 'It may have none of these, and wants no others.' );
		self::assertSame( array( $secret ), array_column( $ask( $this->agent( 'keeper' ), true )->get_data()['leases'], 'attachment_id' ) );
		self::assertSame( array( State::Queued, 0 ), array( $this->job_of( $open )->state, $this->job_of( $open )->attempt ) );
		self::assertSame( 'aidoc_invalid_field', $ask( $this->agent( 'odd' ), true, 'open' )->get_data()['code'] );
	}

	public function test_many_marked_documents_hide_no_open_one(): void {
		for ( $i = 0; $i < 70; $i++ ) {
			Database::write( 'INSERT INTO ' . Database::table( 'jobs' ) . " (attachment_id, source_sha256, state, mime, available_at, local_only) VALUES (%d, '', 'queued', 'application/pdf', 1, 1)", 2_000_000 + $i );
		}
		$id = $this->upload();
		self::assertSame( $id, $this->leases( $this->agent(), false )[0]['attachment_id'] );
	}

	public function test_one_that_no_agent_may_take_says_why_it_waits(): void {
		$this->plugin()->settings()->update( array( 'local_only' => 'all' ) );
		$id    = $this->upload();
		$agent = $this->agent();
		self::assertSame( array(), $this->leases( $agent, false ) );
		self::assertSame( 'aidoc_no_local_agent', $this->job_of( $id )->errorCode );
		wp_set_current_user( 1 );
		self::assertStringContainsString( 'keeps documents to its own machine', $this->plugin()->statuses()->status( $id )['detail'] );
		$this->plugin()->settings()->update( array( 'local_only' => 'none' ) );
		self::assertSame( '', $this->job_of( $id )->errorCode, 'It waits for no such agent any more.' );
		self::assertSame( $id, $this->leases( $agent, false )[0]['attachment_id'] );
	}

	public function test_it_is_queued_as_it_is_marked(): void {
		$this->plugin()->settings()->update( array( 'local_only' => 'types', 'local_only_types' => array( 'text' ) ) );
		$text = $this->upload( 'a.txt', 'a', 'text/plain' );
		$pdf  = $this->upload();
		self::assertSame( array( true, false ), array( $this->job_of( $text )->localOnly, $this->job_of( $pdf )->localOnly ) );
		$this->plugin()->job_manager()->mark_local_only( $pdf, true );
		$this->plugin()->settings()->update( array( 'local_only' => 'none' ) );
		self::assertSame( array( false, true ), array( $this->job_of( $text )->localOnly, $this->job_of( $pdf )->localOnly ), 'What a person marked stays marked.' );
		$this->plugin()->job_manager()->cancel( $this->job_of( $pdf )->id );
		$this->plugin()->job_manager()->retry( $this->job_of( $pdf )->id );
		self::assertTrue( $this->job_of( $pdf )->localOnly );
		self::assertSame( '1', get_post_meta( $pdf, LocalOnly::FIELD, true ) );
	}
}
