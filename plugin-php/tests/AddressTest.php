<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Auth\AddressList;
use AIDoc\Auth\ClientAddress;

/** Where requests of agents may come from. */
final class AddressTest extends TestCase {

	private array $server;

	protected function setUp(): void {
		parent::setUp();
		$this->server           = $_SERVER;
		$_SERVER['REMOTE_ADDR'] = '192.0.2.7';
	}

	protected function tearDown(): void {
		$_SERVER = $this->server;
		parent::tearDown();
	}

	/** @dataProvider entries */
	public function test_an_entry_is_an_address_or_a_network( string $typed, ?string $kept, array $inside, array $outside ): void {
		$entries = AddressList::parse( $typed );
		if ( null === $kept ) {
			self::assertInstanceOf( \WP_Error::class, $entries );
			self::assertStringContainsString( "“{$typed}”", $entries->get_error_message(), 'The sentence names the entry.' );
			return;
		}
		self::assertSame( array( $kept ), $entries );
		$list = new AddressList( $entries );
		foreach ( $inside as $address ) {
			self::assertTrue( $list->has( $address ), "$address is in $kept." );
		}
		foreach ( $outside as $address ) {
			self::assertFalse( $list->has( $address ), "$address is not in $kept." );
		}
	}

	public function entries(): array {
		return array(
			'an address'             => array( '192.0.2.7', '192.0.2.7', array( '192.0.2.7', '::ffff:192.0.2.7' ), array( '192.0.2.8', '::c000:207', '' ) ),
			'a network'              => array( '192.0.2.77/26', '192.0.2.64/26', array( '192.0.2.64', '192.0.2.127' ), array( '192.0.2.63', '192.0.2.128' ) ),
			'everything of IPv4'     => array( '0.0.0.0/0', '0.0.0.0/0', array( '203.0.113.1' ), array( '2001:db8::1' ) ),
			'an IPv6 address'        => array( '2001:DB8::0007', '2001:db8::7', array( '2001:db8:0:0::7' ), array( '2001:db8::8', '192.0.2.7' ) ),
			'an IPv6 network'        => array( '2001:db8:1::/33', '2001:db8::/33', array( '2001:db8:7fff::1' ), array( '2001:db8:8000::1' ) ),
			'a whole length'         => array( '192.0.2.7/32', '192.0.2.7', array( '192.0.2.7' ), array( '192.0.2.6' ) ),
			'mapped'                 => array( '::ffff:192.0.2.0/120', '192.0.2.0/24', array( '192.0.2.9' ), array( '192.0.3.9' ) ),
			'too long a length'      => array( '192.0.2.0/33', null, array(), array() ),
			'too long, IPv6'         => array( '2001:db8::/129', null, array(), array() ),
			'mapped, before IPv4'    => array( '::ffff:192.0.2.0/95', null, array(), array() ),
			'no length'              => array( '192.0.2.0/', null, array(), array() ),
			'a signed length'        => array( '192.0.2.0/+8', null, array(), array() ),
			'a mask'                 => array( '192.0.2.0/255.255.255.0', null, array(), array() ),
			'a name'                 => array( 'agent.example.org', null, array(), array() ),
			'a wildcard'             => array( '192.0.2.*', null, array(), array() ),
			'an old form'            => array( '192.0.2', null, array(), array() ),
			'octal'                  => array( '192.0.02.7', null, array(), array() ),
			'a port'                 => array( '192.0.2.7:80', null, array(), array() ),
			'markup'                 => array( '<script>', null, array(), array() ),
		);
	}

	public function test_lists_are_typed_with_lines_commas_or_spaces_and_are_bounded(): void {
		self::assertSame( array( '192.0.2.7', '2001:db8::/32' ), AddressList::parse( "192.0.2.7,\r\n\n2001:db8::/32 192.0.2.7\n" ) );
		self::assertSame( array(), AddressList::parse( " \n" ) );
		self::assertInstanceOf( \WP_Error::class, AddressList::parse( array_map( static fn( int $i ) => "192.0.2.$i", range( 1, 101 ) ) ) );
		self::assertInstanceOf( \WP_Error::class, AddressList::parse( 7 ) );
		self::assertInstanceOf( \WP_Error::class, AddressList::parse( array( array( '192.0.2.7' ) ) ) );
	}

	/** @dataProvider hops */
	public function test_forwarded_addresses_count_only_behind_named_proxies( string $remote, ?string $forwarded, array $proxies, ?string $client ): void {
		$server = array( 'REMOTE_ADDR' => $remote ) + ( null === $forwarded ? array() : array( 'HTTP_X_FORWARDED_FOR' => $forwarded ) );
		self::assertSame( $client, ClientAddress::of( $server, new AddressList( $proxies ) ) );
	}

	public function hops(): array {
		$proxies = array( '10.0.0.0/8', '2001:db8:f::/48' );
		return array(
			'direct'                        => array( '192.0.2.7', null, array(), '192.0.2.7' ),
			'direct, with a lie'            => array( '192.0.2.7', '198.51.100.1', array(), '192.0.2.7' ),
			'no proxy of ours, with a lie'  => array( '192.0.2.7', '198.51.100.1', $proxies, '192.0.2.7' ),
			'behind a proxy'                => array( '10.0.0.1', '198.51.100.1', $proxies, '198.51.100.1' ),
			'behind one, with a lie before' => array( '10.0.0.1', '198.51.100.1, 203.0.113.9', $proxies, '203.0.113.9' ),
			'behind two'                    => array( '10.0.0.1', '198.51.100.1, 203.0.113.9,10.7.7.7', $proxies, '203.0.113.9' ),
			'a lie that names a proxy'      => array( '10.0.0.1', '10.0.0.2, 203.0.113.9', $proxies, '203.0.113.9' ),
			'only proxies'                  => array( '10.0.0.1', '10.0.0.2', $proxies, '10.0.0.2' ),
			'a proxy that adds nothing'     => array( '10.0.0.1', null, $proxies, '10.0.0.1' ),
			'with a port'                   => array( '10.0.0.1', '203.0.113.9:4711', $proxies, '203.0.113.9' ),
			'IPv6 with a port'              => array( '10.0.0.1', '[2001:db8::7]:4711', $proxies, '2001:db8::7' ),
			'IPv6'                          => array( '2001:db8:f::1', '2001:DB8::7', $proxies, '2001:db8::7' ),
			'a mapped proxy'                => array( '::ffff:10.0.0.1', '203.0.113.9', $proxies, '203.0.113.9' ),
			'nonsense'                      => array( '10.0.0.1', '203.0.113.9, unknown', $proxies, null ),
			'no address at all'             => array( '', '203.0.113.9', $proxies, null ),
		);
	}

	private function allow( string $entries, string $proxies = '' ): void {
		self::assertIsArray( $this->plugin()->settings()->update( array( 'allowed_ips' => $entries, 'trusted_proxies' => $proxies ) ) );
	}

	public function test_the_list_of_the_site_refuses_before_anything_is_read(): void {
		$agent = $this->agent();
		$this->allow( '198.51.100.0/24' );
		$request = $agent->request( 'POST', '/aidoc/v1/echo', array() );
		self::assertRefused( 'aidoc_address_refused', 403, TestAgent::dispatch( $request ) );
		self::assertNull( $this->plugin()->principals()->signer( $request ), 'Not even its key is looked up, so nothing is signed.' );
		$GLOBALS['wp']->query_vars['rest_route'] = '/aidoc/v1/lease';
		$first                                   = apply_filters( 'rest_authentication_errors', null );
		unset( $GLOBALS['wp']->query_vars['rest_route'] );
		self::assertSame( 'aidoc_address_refused', is_wp_error( $first ) ? $first->get_error_code() : $first, 'WordPress refuses before it looks for a route.' );
		$_SERVER['REMOTE_ADDR'] = '198.51.100.9';
		self::assertSame( 200, TestAgent::dispatch( $agent->request( 'POST', '/aidoc/v1/echo', array() ) )->get_status() );
	}

	public function test_people_are_not_bound_by_it(): void {
		$this->allow( '198.51.100.0/24' );
		wp_set_current_user( 1 );
		self::assertSame( 200, TestAgent::dispatch( new \WP_REST_Request( 'GET', '/wp/v2/users/me' ) )->get_status() );
		$GLOBALS['wp']->query_vars['rest_route'] = '/wp/v2/posts';
		self::assertNull( apply_filters( 'rest_authentication_errors', null ) );
		unset( $GLOBALS['wp']->query_vars['rest_route'] );
	}

	public function test_behind_a_proxy_the_client_counts(): void {
		$agent = $this->agent();
		$this->allow( '198.51.100.0/24', '192.0.2.0/24' );
		$_SERVER['HTTP_X_FORWARDED_FOR'] = '198.51.100.4';
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		$_SERVER['HTTP_X_FORWARDED_FOR'] = '198.51.100.4, 203.0.113.1';
		self::assertRefused( 'aidoc_address_refused', 403, $agent->send( 'POST', '/aidoc/v1/echo', array() ) );
		$_SERVER['HTTP_X_FORWARDED_FOR'] = '198.51.100.4, nonsense';
		self::assertRefused( 'aidoc_address_refused', 403, $agent->send( 'POST', '/aidoc/v1/echo', array() ) );
	}

	public function test_the_list_of_one_agent_is_its_own_and_comes_after_the_signature(): void {
		$one = $this->agent( 'one' );
		$two = $this->agent( 'two' );
		self::assertTrue( $this->plugin()->agent_manager()->allow( $one->agent->id, '198.51.100.0/24' ) );
		$request = $one->request( 'POST', '/aidoc/v1/echo', array() );
		self::assertRefused( 'aidoc_address_refused', 403, TestAgent::dispatch( $request ) );
		self::assertNotNull( $this->plugin()->principals()->signer( $request ), 'The agent can verify it.' );
		self::assertRefused( 'aidoc_signature_invalid', 401, $one->send( 'POST', '/aidoc/v1/echo', array(), array( 'Signature' => 'aidoc=:' . str_repeat( 'A', 43 ) . '=:' ) ) );
		self::assertSame( 200, $two->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		self::assertTrue( $this->plugin()->agent_manager()->allow( $one->agent->id, '' ) );
		self::assertSame( 200, $one->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
		self::assertSame( '192.0.2.7', $this->plugin()->agents()->find( $one->agent->id )->lastIp );
	}

	public function test_a_rotated_key_used_from_elsewhere_ends_no_other(): void {
		$agent                   = $this->agent();
		list( $key_id, $secret ) = $this->plugin()->key_ring()->rotate( $this->plugin()->key_ring()->find( $agent->keyId ) );
		$this->plugin()->agent_manager()->allow( $agent->agent->id, '198.51.100.0/24' );
		self::assertRefused( 'aidoc_address_refused', 403, ( new TestAgent( $agent->agent, $key_id, $secret ) )->send( 'POST', '/aidoc/v1/echo', array() ) );
		$_SERVER['REMOTE_ADDR'] = '198.51.100.1';
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/echo', array() )->get_status() );
	}

	public function test_a_wrong_entry_is_refused_by_name_and_nothing_is_changed(): void {
		$agent = $this->agent();
		$wrong = $this->plugin()->agent_manager()->allow( $agent->agent->id, '192.0.2.7 192.0.2.300' );
		self::assertSame( 'allowed_ips', $wrong->get_error_data()['field'] );
		self::assertStringContainsString( '“192.0.2.300”', $wrong->get_error_message() );
		self::assertSame( array(), $this->plugin()->agents()->find( $agent->agent->id )->allowed_ips() );
		$wrong = $this->plugin()->settings()->update( array( 'trusted_proxies' => 'proxy.example.org' ) );
		self::assertStringContainsString( '“proxy.example.org”', $wrong->get_error_message() );
	}

	public function test_a_list_that_excludes_agents_names_them(): void {
		$one = $this->agent( 'one' );
		$one->send( 'POST', '/aidoc/v1/echo', array() );
		$this->agent( 'never seen' );
		$this->allow( '192.0.2.0/24' );
		self::assertSame( array(), $this->plugin()->caller()->excluded_agents() );
		$this->allow( '198.51.100.0/24' );
		self::assertSame( array( 'one (192.0.2.7)' ), $this->plugin()->caller()->excluded_agents() );
		$this->allow( '' );
		$this->plugin()->agent_manager()->allow( $one->agent->id, '203.0.113.1' );
		self::assertSame( array( 'one (192.0.2.7)' ), $this->plugin()->caller()->excluded_agents() );
	}

	public function test_site_health_tells_of_refused_addresses(): void {
		$this->allow( '198.51.100.0/24' );
		$this->agent()->send( 'POST', '/aidoc/v1/echo', array() );
		$health = $this->plugin()->site_health()->run( 'aidoc_refusals' );
		self::assertSame( 'recommended', $health['status'] );
		self::assertStringContainsString( 'aidoc_address_refused', $health['description'] );
	}
}
