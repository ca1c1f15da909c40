<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** Join, rotation, revocation, and secrets at rest. */
final class KeysTest extends TestCase {

	private function join( array $made, array $change = array() ): \WP_REST_Response {
		list( , $id, $secret ) = explode( '.', $made['token'] );
		$token                 = new TestAgent( $made['agent'], $id, (string) base64_decode( strtr( $secret, '-_', '+/' ) ) );
		return $token->send( 'POST', '/aidoc/v1/join', array_merge( array( 'token' => $id, 'agent' => TestAgent::INFO ), $change ) );
	}

	public function test_a_token_becomes_a_key_once(): void {
		$made = $this->plugin()->agent_manager()->create( ' Scan  station ' );
		self::assertSame( array( 'Scan  station', 'pending' ), array( $made['agent']->name, $made['agent']->state ) );
		self::assertMatchesRegularExpression( '/^aidoc1\.jt_[0-9a-f]{24}\.[A-Za-z0-9_-]{43}$/', $made['token'] );
		self::assertSame( "aidoc-agent join '" . untrailingslashit( home_url() ) . "' '{$made['token']}'", $made['command'] );
		self::assertEqualsWithDelta( microtime( true ) * 1000 + 900_000, $made['expires_ms'], 5000 );
		$answer = $this->join( $made );
		self::assertSame( 200, $answer->get_status(), wp_json_encode( $answer->get_data() ) );
		$data = $answer->get_data();
		self::assertMatchesRegularExpression( '/^ak_[0-9a-f]{24}$/', $data['key_id'] );
		self::assertSame( 64, strlen( base64_decode( $data['secret'], true ) ) );
		self::assertSame( array( 'id' => $made['agent']->id, 'name' => 'Scan  station' ), $data['agent'] );
		self::assertSame( array( untrailingslashit( home_url() ), AIDOC_VERSION ), array( $data['site']['url'], $data['site']['plugin_version'] ) );
		self::assertSame( 'active', $this->plugin()->agents()->find( $made['agent']->id )->state );
		$agent = new TestAgent( $made['agent'], $data['key_id'], base64_decode( $data['secret'] ) );
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		self::assertRefused( 'aidoc_token_used', 403, $this->join( $made ) );
	}

	public function test_whoever_joins_is_told_how_many_may_begin_with_it(): void {
		$join = fn( string $name ): int => $this->join( $this->plugin()->agent_manager()->create( $name ) )->get_data()['new_agents'];
		self::assertSame( array( 1, 2, 3 ), array( $join( 'a' ), $join( 'b' ), $join( 'c' ) ) );
		$at_work = $this->agent( 'at work' );
		self::assertSame( 4, $at_work->send( 'POST', '/aidoc/v1/echo', array() )->get_data()['agents'], 'All that were heard of.' );
		$at_work->lease();
		self::assertSame( 4, $join( 'd' ), 'Who has asked for work does not begin with it.' );
		$this->clock()->advance( 86_400_000 );
		self::assertSame( 1, $join( 'e' ), 'The others joined a day ago.' );
	}

	public function test_a_token_lives_15_minutes(): void {
		$made = $this->plugin()->agent_manager()->create( 'a' );
		$this->clock()->advance( 901_000 );
		self::assertRefused( 'aidoc_token_expired', 403, $this->join( $made ) );
	}

	public function test_a_new_join_command_ends_the_older_one(): void {
		$made = $this->plugin()->agent_manager()->create( 'a' );
		$new  = $this->plugin()->agent_manager()->new_token( $made['agent']->id );
		self::assertRefused( 'aidoc_key_revoked', 403, $this->join( $made ) );
		self::assertSame( 200, $this->join( $new )->get_status() );
	}

	public function test_joining_anew_ends_the_old_key(): void {
		$agent = $this->agent( 'a' );
		self::assertSame( 200, $this->join( $this->plugin()->agent_manager()->new_token( $agent->agent->id ) )->get_status() );
		self::assertRefused( 'aidoc_key_revoked', 403, $agent->send( 'POST', '/aidoc/v1/echo', array() ) );
	}

	public function test_tokens_open_nothing_but_join_and_keys_all_but_join(): void {
		$made                  = $this->plugin()->agent_manager()->create( 'a' );
		list( , $id, $secret ) = explode( '.', $made['token'] );
		$token                 = new TestAgent( $made['agent'], $id, (string) base64_decode( strtr( $secret, '-_', '+/' ) ) );
		self::assertRefused( 'aidoc_key_unknown', 401, $token->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() ) );
		self::assertRefused( 'aidoc_key_unknown', 401, $this->agent( 'b' )->send( 'POST', '/aidoc/v1/join', array( 'token' => $id, 'agent' => TestAgent::INFO ) ) );
		self::assertRefused( 'aidoc_key_unknown', 401, $this->join( $made, array( 'token' => 'jt_000000000000000000000000' ) ) );
		self::assertSame( 200, $this->join( $made )->get_status(), 'The refused attempts did not use the token up.' );
	}

	public function test_the_secret_half_of_a_token_does_not_travel(): void {
		$made = $this->plugin()->agent_manager()->create( 'a' );
		self::assertRefused( 'aidoc_invalid_field', 400, $this->join( $made, array( 'token' => $made['token'] ) ) );
	}

	public function test_rotation(): void {
		$old = $this->agent();
		self::assertTrue( $this->plugin()->agent_manager()->request_rotation( $old->agent->id ) );
		$asked = fn( TestAgent $agent ) => $agent->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data()['rotate_key'];
		self::assertTrue( $asked( $old ) );
		$lost  = $old->send( 'POST', '/aidoc/v1/rotate', array() )->get_data();
		self::assertTrue( $asked( $old ), 'Until the new key is used.' );
		$data = $old->send( 'POST', '/aidoc/v1/rotate', array() )->get_data();
		self::assertRefused( 'aidoc_key_revoked', 403, ( new TestAgent( $old->agent, $lost['key_id'], base64_decode( $lost['secret'] ) ) )->send( 'POST', '/aidoc/v1/echo', array() ) );
		self::assertSame( 200, $old->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		$new = new TestAgent( $old->agent, $data['key_id'], base64_decode( $data['secret'] ) );
		self::assertFalse( $asked( $new ) );
		self::assertRefused( 'aidoc_key_revoked', 403, $old->send( 'POST', '/aidoc/v1/echo', array() ) );
	}

	public function test_a_rotated_key_that_nobody_uses_is_revoked_with_the_day_of_the_old_one(): void {
		$old = $this->agent();
		$old->send( 'POST', '/aidoc/v1/rotate', array() );
		$this->clock()->advance( 86_300_000 );
		self::assertSame( 200, $old->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		$this->clock()->advance( 200_000 );
		self::assertRefused( 'aidoc_key_revoked', 403, $old->send( 'POST', '/aidoc/v1/echo', array() ) );
	}

	public function test_a_sealed_secret_opens_only_under_its_name_and_salts(): void {
		$store  = self::store( 'one random root key 0123456789abcdef' );
		$sealed = $store->seal( 'ak_1', "secret\x00" );
		self::assertSame( "secret\x00", $store->open( 'ak_1', $sealed ) );
		self::assertNotSame( $sealed, $store->seal( 'ak_1', "secret\x00" ) );
		self::assertNull( $store->open( 'ak_2', $sealed ) );
		self::assertNull( self::store( 'another random root key 0123456789' )->open( 'ak_1', $sealed ) );
		list( $version, $root, $text ) = explode( '.', $sealed );
		$raw                           = base64_decode( $text );
		foreach ( array_keys( str_split( $raw ) ) as $i ) {
			$raw[ $i ] = chr( ord( $raw[ $i ] ) ^ 1 );
			self::assertNull( $store->open( 'ak_1', "$version.$root." . base64_encode( $raw ) ) );
			self::assertNull( $store->open( 'ak_1', base64_encode( $raw ) ) );
			$raw[ $i ] = chr( ord( $raw[ $i ] ) ^ 1 );
		}
		foreach ( array( '', 'x', '!!!', base64_encode( 'short' ), "$version.$root.", "$version.00000000.$text", "k3.$root.$text", "$sealed." ) as $garbage ) {
			self::assertNull( $store->open( 'ak_1', $garbage ) );
		}
	}

	public function test_names(): void {
		$manager = $this->plugin()->agent_manager();
		self::assertSame( 'aidoc_invalid_name', $manager->create( " \n" )->get_error_code() );
		self::assertSame( 'Größe 机器', $manager->create( 'Größe 机器' )['agent']->name );
		self::assertSame( 'aidoc_name_taken', $manager->create( 'Größe 机器' )->get_error_code() );
		self::assertSame( array( 'aidoc_agent_unknown', 'aidoc_agent_unknown', 'aidoc_invalid_directive' ), array( $manager->revoke( 999 )->get_error_code(), $manager->new_token( 999 )->get_error_code(), $manager->set_directive( 1, 'fly' )->get_error_code() ) );
	}

	public function test_delete_leaves_no_key(): void {
		$agent = $this->agent();
		self::assertTrue( $this->plugin()->agent_manager()->delete( $agent->agent->id ) );
		self::assertNull( $this->plugin()->agents()->find( $agent->agent->id ) );
		self::assertRefused( 'aidoc_key_unknown', 401, $agent->send( 'POST', '/aidoc/v1/echo', array() ) );
	}
}
