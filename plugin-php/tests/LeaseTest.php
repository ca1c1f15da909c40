<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Jobs\State;

final class LeaseTest extends TestCase {

	public function test_a_lease_names_everything_the_protocol_promises(): void {
		$id     = $this->upload( 'minutes.pdf', '%PDF hello' );
		$agent  = $this->agent();
		$answer = $agent->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data();
		$lease  = $answer['leases'][0];
		self::assertSame( $id, $lease['attachment_id'] );
		self::assertSame( array( 1, 1, 4 ), array( $lease['epoch'], $lease['attempt'], $lease['max_attempts'] ) );
		self::assertMatchesRegularExpression( '/^[A-Za-z0-9_-]{22}$/', $lease['lease_token'] );
		self::assertSame( hash( 'sha256', '%PDF hello' ), $lease['sha256'] );
		self::assertSame( 10, $lease['bytes'] );
		self::assertSame( 'application/pdf', $lease['mime'] );
		self::assertMatchesRegularExpression( '/^minutes.*\.pdf$/', $lease['filename'] );
		self::assertSame( 'minutes', $lease['title'] );
		self::assertSame( 'en-US', $lease['language'] );
		self::assertSame( array( 'kind' => 'site', 'url' => wp_get_attachment_url( $id ) ), $lease['source'] );
		self::assertNull( $lease['checkpoint'] );
		self::assertSame( array(), $lease['prior_failures'] );
		self::assertMatchesRegularExpression( '/^[0-9a-f]{32}$/', $lease['trace_id'] );
		self::assertSame( 30_000, $lease['beat_ms'] );
		self::assertGreaterThan( 119_000, $lease['ttl_ms'] );
		self::assertSame( 'run', $answer['directive'] );
		self::assertFalse( $answer['rotate_key'] );
		self::assertEqualsWithDelta( microtime( true ) * 1000, $answer['server_now_ms'], 5000 );
		$job = $this->job_of( $id );
		self::assertSame( State::Leased, $job->state );
		self::assertSame( 'scan-1', $job->agentName );
	}

	public function test_asking_again_with_the_same_request_id_gives_the_same_leases_until_they_end(): void {
		$this->upload( 'a.pdf' );
		$this->upload( 'b.pdf', 'b' );
		$agent = $this->agent();
		$first = $agent->lease( 1, array( '*/*' ), '11111111-1111-4111-8111-111111111111' );
		$again = $agent->lease( 1, array( '*/*' ), '11111111-1111-4111-8111-111111111111' );
		self::assertSame( TestAgent::ref( $first[0] ), TestAgent::ref( $again[0] ) );
		self::assertCount( 1, $again );
		self::assertNotSame( $first[0]['job_id'], $agent->lease()[0]['job_id'] );
	}

	public function test_a_request_id_of_another_agent_shares_nothing(): void {
		$this->upload();
		$id = '11111111-1111-4111-8111-111111111111';
		self::assertCount( 1, $this->agent( 'one' )->lease( 1, array( '*/*' ), $id ) );
		self::assertCount( 0, $this->agent( 'two' )->lease( 1, array( '*/*' ), $id ) );
	}

	public function test_an_agent_is_offered_only_what_it_can_read(): void {
		$pdf   = $this->upload( 'a.pdf', 'pdf' );
		$text  = $this->upload( 'b.txt', 'text', 'text/plain' );
		$agent = $this->agent();
		self::assertSame( array(), $agent->lease( 5, array() ) );
		self::assertSame( array(), $agent->lease( 5, array( 'image/*' ) ) );
		self::assertSame( array( $text ), array_column( $agent->lease( 5, array( 'text/*' ) ), 'attachment_id' ) );
		$small = $agent->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body( 5, array( 'application/pdf' ), 2 ) )->get_data();
		self::assertSame( array(), $small['leases'] );
		self::assertSame( array( $pdf ), array_column( $agent->lease( 5, array( 'application/pdf' ) ), 'attachment_id' ) );
	}

	public function test_a_document_nobody_can_take_waits_with_the_reason_until_somebody_can(): void {
		$big   = $this->upload( 'big.pdf', str_repeat( 'x', 5000 ) );
		$odd   = $this->upload( 'odd.txt', 'text', 'text/plain' );
		$agent = $this->agent();
		$ask   = static fn( TestAgent $who, array $mimes, int $bytes ) => $who->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body( 5, $mimes, $bytes ) )->get_data()['leases'];
		self::assertSame( array(), $ask( $agent, array( 'application/pdf' ), 2000 ) );
		foreach ( array( $big => 'no joined agent takes more than 2.0 KB', $odd => 'No joined agent reads files of type text/plain' ) as $id => $says ) {
			$job = $this->job_of( $id );
			self::assertSame( State::Queued, $job->state );
			self::assertStringContainsString( $says, $job->errorMessage );
		}
		$taken = $ask( $this->agent( 'bigger' ), array( 'application/pdf' ), 9000 );
		self::assertSame( array( $big ), array_column( $taken, 'attachment_id' ) );
		self::assertSame( '', $this->job_of( $big )->errorMessage );
	}

	public function test_an_agent_that_has_not_said_what_it_reads_keeps_the_site_silent(): void {
		$id = $this->upload( 'big.pdf', str_repeat( 'x', 5000 ) );
		$this->agent( 'silent' );
		$this->agent( 'small' )->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body( 5, array( 'application/pdf' ), 2000 ) );
		self::assertSame( '', $this->job_of( $id )->errorMessage );
	}

	public function test_never_more_leases_than_free_slots_and_all_different(): void {
		for ( $i = 0; $i < 5; $i++ ) {
			$this->upload( "$i.pdf", "bytes $i" );
		}
		$agent = $this->agent();
		$ids   = array_merge( array_column( $agent->lease( 2 ), 'job_id' ), array_column( $agent->lease( 2 ), 'job_id' ), array_column( $agent->lease( 2 ), 'job_id' ) );
		self::assertCount( 5, $ids );
		self::assertCount( 5, array_unique( $ids ) );
		self::assertSame( array(), $agent->lease( 0 ) );
	}

	/** @dataProvider directives */
	public function test_no_work_under_a_directive_and_the_admin_sees_that_it_was_acknowledged( string $directive ): void {
		$this->upload();
		$agent = $this->agent();
		$this->plugin()->agent_manager()->set_directive( $agent->agent->id, $directive );
		$this->clock()->advance( 10 );
		$before = $this->plugin()->agents()->find( $agent->agent->id );
		self::assertLessThan( $before->directiveSetMs, $before->directiveSeenMs );
		$answer = $agent->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data();
		self::assertSame( array(), $answer['leases'] );
		self::assertSame( $directive, $answer['directive'] );
		$after = $this->plugin()->agents()->find( $agent->agent->id );
		self::assertGreaterThanOrEqual( $after->directiveSetMs, $after->directiveSeenMs );
	}

	public function directives(): array {
		return array( 'pause' => array( 'pause' ), 'drain' => array( 'drain' ), 'stop' => array( 'stop' ) );
	}

	public function test_the_admin_sees_machine_and_note(): void {
		$agent = $this->agent();
		$agent->send( 'POST', '/aidoc/v1/lease', array( 'free_slots' => 0, 'note' => "disk full\n" ) + TestAgent::lease_body() );
		$seen = $this->plugin()->agents()->find( $agent->agent->id );
		self::assertSame( array( 'disk full', 'scan-1', 'linux', 'amd64', '1.0.0', 4 ), array( $seen->note, $seen->host, $seen->os, $seen->arch, $seen->version, $seen->slots ) );
		self::assertEqualsWithDelta( microtime( true ) * 1000, $seen->lastSeenMs, 5000 );
		$agent->lease( 0 );
		self::assertSame( '', $this->plugin()->agents()->find( $agent->agent->id )->note );
	}

	public function test_what_waits_says_why_no_agent_takes_documents(): void {
		$id     = $this->upload();
		$say    = static fn( TestAgent $agent, string $note ) => $agent->send( 'POST', '/aidoc/v1/lease', array( 'free_slots' => 0, 'note' => $note ) + TestAgent::lease_body() );
		$detail = function ( int $user ) use ( $id ): string {
			wp_set_current_user( $user );
			$this->plugin()->statuses()->forget();
			$detail = $this->plugin()->statuses()->status( $id )['detail'];
			wp_set_current_user( 0 );
			return $detail;
		};
		$one    = $this->agent( 'one' );
		$two    = $this->agent( 'two' );
		$say( $one, 'the account is empty: check its billing page' );
		$say( $two, '' );
		self::assertSame( 'Next in line.', $detail( 1 ), 'One of them takes documents.' );
		$this->clock()->advance( 10_000 );
		$say( $two, 'disk full' );
		self::assertSame( 'No agent takes documents at the moment (disk full).', $detail( 1 ) );
		$author = wp_insert_user( array( 'user_login' => 'a' . wp_rand(), 'user_pass' => 'x', 'role' => 'author' ) );
		self::assertStringContainsString( 'finds the reason on the Agents page', $detail( $author ) );
		self::assertStringNotContainsString( 'disk', $detail( $author ) );
		$this->clock()->advance( 200_000 );
		self::assertStringContainsString( 'Every agent is offline since', $detail( 1 ) );
		$say( $one, 'the account is empty: check its billing page' );
		self::assertStringContainsString( 'takes no documents at the moment (the account is empty: check its billing page)', $detail( 1 ) );
		$one->lease( 1 );
		self::assertStringNotContainsString( 'at the moment', $detail( 1 ), 'It was taken.' );
	}

	public function test_the_next_poll_comes_when_a_lease_would_expire(): void {
		$this->upload();
		self::assertCount( 1, $this->agent( 'one' )->lease() );
		$two  = $this->agent( 'two' );
		$poll = static fn() => $two->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data()['next_poll_ms'];
		self::assertSame( 60_000, $poll() );
		$this->clock()->advance( 110_000 );
		self::assertLessThan( 13_000, $poll() );
		self::assertGreaterThan( 8_000, $poll() );
	}

	public function test_an_agent_without_work_is_told_how_many_ask(): void {
		$one = $this->agent( 'one' );
		$ask = static fn( TestAgent $agent ) => $agent->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data();
		self::assertSame( 1, $ask( $one )['agents'] );
		$two = $this->agent( 'two' );
		$this->plugin()->agents()->set_state( $this->plugin()->agents()->insert( 'joined, and never heard of' )->id, 'active' );
		$ask( $two );
		self::assertSame( 2, $ask( $one )['agents'] );
		$this->clock()->advance( 86_400_000 );
		self::assertSame( 1, $ask( $two )['agents'], 'The other one has been silent for a day.' );
		$this->upload();
		self::assertArrayNotHasKey( 'agents', $ask( $two ), 'Whoever gets work is not about to wait.' );
	}

	public function test_without_a_doorbell_more_agents_poll_more_rarely(): void {
		$this->plugin()->settings()->update( array( 'doorbell' => false ) );
		$agent = $this->agent();
		$one   = $agent->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data();
		self::assertNull( $one['doorbell'] );
		self::assertSame( 2_000, $one['next_poll_ms'] );
		for ( $i = 0; $i < 19; $i++ ) {
			$this->plugin()->agents()->set_state( $this->plugin()->agents()->insert( "more $i" )->id, 'active' );
		}
		self::assertSame( 10_000, $agent->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data()['next_poll_ms'] );
	}

	public function test_a_job_that_was_put_off_does_not_block_those_behind_it(): void {
		$this->upload( 'first.pdf', '1' );
		$second = $this->upload( 'second.pdf', '2' );
		$agent  = $this->agent();
		$one    = $this->leases_by_name( $agent->lease( 2 ) )['first'];
		$agent->send( 'POST', '/aidoc/v1/fail', TestAgent::ref( $one ) + array( 'class' => 'transient', 'code' => 'model_down', 'message' => 'The model is down.' ) );
		$agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $this->job_ref( $second ) ) ), 'reason' => 'test' ) );
		self::assertSame( array( $second ), array_column( $agent->lease( 5 ), 'attachment_id' ) );
		$this->clock()->advance( 30_001 );
		self::assertSame( array( $one['attachment_id'] ), array_column( $agent->lease( 5 ), 'attachment_id' ) );
	}

	private function leases_by_name( array $leases ): array {
		return array_combine( array_column( $leases, 'title' ), $leases );
	}

	private function job_ref( int $attachment_id ): array {
		$job = $this->job_of( $attachment_id );
		return array( 'job_id' => $job->id, 'epoch' => $job->epoch, 'lease_token' => $job->leaseToken );
	}

	/** @dataProvider bad_bodies */
	public function test_a_body_that_is_not_the_protocols_is_refused_by_name( string $code, string $field, array $change, array $drop = array() ): void {
		$this->upload();
		$body   = array_diff_key( array_replace_recursive( TestAgent::lease_body(), $change ), array_flip( $drop ) );
		$answer = $this->agent()->send( 'POST', '/aidoc/v1/lease', $body );
		self::assertRefused( $code, 400, $answer );
		self::assertSame( $field, $answer->get_data()['data']['field'] );
		self::assertStringContainsString( $field, $answer->get_data()['message'] );
	}

	public function bad_bodies(): array {
		return array(
			'unknown field'         => array( 'aidoc_unknown_field', 'extra', array( 'extra' => 1 ) ),
			'unknown field inside'  => array( 'aidoc_unknown_field', 'agent.shell', array( 'agent' => array( 'shell' => 'sh' ) ) ),
			'number as text'        => array( 'aidoc_invalid_field', 'free_slots', array( 'free_slots' => '1' ) ),
			'too many slots'        => array( 'aidoc_invalid_field', 'free_slots', array( 'free_slots' => 65 ) ),
			'negative slots'        => array( 'aidoc_invalid_field', 'free_slots', array( 'free_slots' => -1 ) ),
			'a fraction'            => array( 'aidoc_invalid_field', 'free_slots', array( 'free_slots' => 1.5 ) ),
			'no request id'         => array( 'aidoc_invalid_field', 'request_id', array(), array( 'request_id' ) ),
			'request id no uuid'    => array( 'aidoc_invalid_field', 'request_id', array( 'request_id' => "' OR 1=1 --" ) ),
			'mime of nothing'       => array( 'aidoc_invalid_field', 'capabilities.mimes[0]', array( 'capabilities' => array( 'mimes' => array( '%' ) ) ) ),
			'object instead of list' => array( 'aidoc_invalid_field', 'capabilities.mimes', array( 'capabilities' => array( 'mimes' => array( 'a' => 'text/plain' ) ) ) ),
			'null where not allowed' => array( 'aidoc_invalid_field', 'agent', array( 'agent' => null ) ),
		);
	}

	public function test_what_an_agent_says_of_its_languages_and_its_model_is_kept(): void {
		$agent = $this->agent();
		$body  = TestAgent::lease_body( 0 );
		$said  = $agent->send( 'POST', '/aidoc/v1/lease', $body );
		self::assertSame( array( 'summariser', 'results', 'timings', 'warnings', 'vision', 'doorbell' ), $said->get_data()['takes'] );
		self::assertSame( '', $this->plugin()->agents()->find( $agent->agent->id )->capabilities()['summariser'] );
		$body['capabilities'] = array( 'ocr_languages' => array( 'deu', 'eng' ), 'summariser' => 'openai/small' ) + $body['capabilities'];
		$body['request_id']   = wp_generate_uuid4();
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/lease', $body )->get_status() );
		$caps = $this->plugin()->agents()->find( $agent->agent->id )->capabilities();
		self::assertSame( array( array( 'deu', 'eng' ), 'openai/small' ), array( $caps['ocr_languages'], $caps['summariser'] ) );
	}

	public function test_what_an_agent_says_of_the_doorbell_is_kept(): void {
		$agent = $this->agent();
		$heard = function ( mixed $doorbell ) use ( $agent ): array {
			$body                             = TestAgent::lease_body( 0 );
			$body['capabilities']['doorbell'] = $doorbell;
			$answer                           = $agent->send( 'POST', '/aidoc/v1/lease', $body );
			$caps                             = $this->plugin()->agents()->find( $agent->agent->id )->capabilities();
			return array( $answer->get_status(), $caps['doorbell'], $caps['doorbell_sign'] );
		};
		self::assertSame( array( 200, 'kept_by_cache', 'Age' ), $heard( array( 'state' => 'kept_by_cache', 'sign' => 'Age' ) ) );
		self::assertSame( array( 200, 'of_later', '' ), $heard( array( 'state' => 'of_later' ) ), 'An agent of a later version may say more.' );
		foreach ( array( array( 'state' => '<b>' ), array( 'sign' => 'Age' ), array( 'state' => 'works', 'sign' => str_repeat( 'x', 101 ) ), array( 'state' => 'works', 'more' => 1 ), 'works' ) as $bad ) {
			self::assertSame( array( 400, 'of_later', '' ), $heard( $bad ) );
		}
	}

	public function test_answers_tell_what_the_doorbell_holds_now(): void {
		$agent = $this->agent();
		$bell  = $this->plugin()->doorbell();
		foreach ( array( '/aidoc/v1/lease' => TestAgent::lease_body( 0 ), '/aidoc/v1/echo' => array() ) as $route => $body ) {
			$bell->ring();
			self::assertSame( array( 'url' => $bell->url(), 'now' => trim( $bell->content() ) ), $agent->send( 'POST', $route, $body )->get_data()['doorbell'] );
		}
	}

	public function test_leases_given_together_are_told_in_one_statement(): void {
		foreach ( range( 1, 4 ) as $i ) {
			$this->upload( "together-$i.pdf", "%PDF together $i" );
		}
		$agent = $this->agent();
		$told  = array();
		$watch = static function ( string $query ) use ( &$told ): string {
			if ( str_contains( $query, "'leased', '', ''" ) ) {
				$told[] = $query;
			}
			return $query;
		};
		add_filter( 'query', $watch );
		$leases = $agent->lease( 4 );
		remove_filter( 'query', $watch );
		self::assertCount( 4, $leases );
		self::assertCount( 1, $told );
		$events = $this->plugin()->events()->recent( array( 'kind' => 'leased' ) );
		self::assertEqualsCanonicalizing( array_column( $leases, 'job_id' ), array_map( static fn( array $event ): int => (int) $event['job_id'], $events ) );
	}
}
