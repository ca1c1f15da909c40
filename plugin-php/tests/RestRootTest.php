<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** The REST root travels in signed answers: an agent keeps no other. */
final class RestRootTest extends TestCase {

	/** @return iterable<string, array{string, string}> permalink structure and what the root looks like below the home URL */
	public static function structures(): iterable {
		yield 'pretty' => array( '/%postname%/', '/wp-json/' );
		yield 'through index.php' => array( '/index.php/%postname%/', '/index.php/wp-json/' );
		yield 'plain' => array( '', '/index.php?rest_route=/' );
	}

	/** @dataProvider structures */
	public function test_echo_and_join_name_it( string $structure, string $root ): void {
		add_filter( 'pre_option_permalink_structure', static fn() => $structure );
		$GLOBALS['wp_rewrite']->init();
		$told = $this->agent()->send( 'POST', '/aidoc/v1/echo', array() )->get_data()['rest_root'];
		self::assertSame( untrailingslashit( home_url() ) . $root, $told );
		$made                  = $this->plugin()->agent_manager()->create( 'b' );
		list( , $id, $secret ) = explode( '.', $made['token'] );
		$token                 = new TestAgent( $made['agent'], $id, (string) base64_decode( strtr( $secret, '-_', '+/' ) ) );
		$answer                = $token->send( 'POST', '/aidoc/v1/join', array( 'token' => $id, 'agent' => TestAgent::INFO ) );
		self::assertSame( $told, $answer->get_data()['site']['rest_root'] );
	}

	protected function tearDown(): void {
		remove_all_filters( 'pre_option_permalink_structure' );
		$GLOBALS['wp_rewrite']->init();
		parent::tearDown();
	}
}
