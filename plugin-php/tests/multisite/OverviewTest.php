<?php
declare( strict_types=1 );

namespace AIDoc\Tests\Multisite;

use AIDoc\Network\Overview;
use AIDoc\Network\Page;

require_once __DIR__ . '/NetworkTestCase.php';

/** The network's screen: what each site has, a page of sites at a time. */
final class OverviewTest extends NetworkTestCase {

	private function overview(): Overview {
		return new Overview( $this->clock() );
	}

	public function test_each_site_has_its_own_numbers(): void {
		$home = get_current_blog_id();
		$this->attach( 'one' );
		$this->agent()->lease( 0 );
		$this->on( $this->two, fn() => array( $this->attach( 'two' ), $this->attach( 'three' ) ) );
		$facts = $this->overview()->of( array( $home, $this->two, 4711 ), 0 );
		self::assertSame( array( $home, $this->two ), array_keys( $facts ), 'A site without tables is left out.' );
		self::assertSame( array( 'queued' => 1, 'leased' => 0, 'failed' => 0, 'agents' => 1, 'online' => 1, 'usd' => 0.0 ), $facts[ $home ] );
		self::assertSame( array( 'queued' => 2, 'leased' => 0, 'failed' => 0, 'agents' => 0, 'online' => 0, 'usd' => 0.0 ), $facts[ $this->two ] );
		$this->clock()->advance( 3_600_000 );
		self::assertSame( 0, $this->overview()->of( array( $home ), 0 )[ $home ]['online'] );
	}

	public function test_a_page_of_sites_costs_two_queries_and_no_switch(): void {
		$blogs    = array( get_current_blog_id(), $this->two, $this->new_site(), $this->new_site() );
		$count    = static function ( array $blogs, Overview $overview ): int {
			$before = $GLOBALS['wpdb']->num_queries;
			$overview->of( $blogs, 0 );
			return $GLOBALS['wpdb']->num_queries - $before;
		};
		$switched = did_action( 'switch_blog' );
		self::assertSame( array( 2, 2 ), array( $count( array( $blogs[0] ), $this->overview() ), $count( $blogs, $this->overview() ) ) );
		self::assertSame( $switched, did_action( 'switch_blog' ) );
	}

	public function test_the_screen(): void {
		wp_set_current_user( 1 );
		grant_super_admin( 1 );
		$this->on( $this->two, fn() => $this->attach( 'two' ) );
		$rows = array_column( ( new Page( $this->overview() ) )->rows( 1 ), null, 'url' );
		$two  = $rows[ get_network()->domain . '/two/' ];
		self::assertSame( 'Documents wait, and no agent has joined.', $two['state'] );
		self::assertStringContainsString( '/two/wp-admin/edit.php?post_type=aidoc_summary&page=aidoc-queue', $two['queue'] );
		ob_start();
		( new Page( $this->overview() ) )->render();
		self::assertStringContainsString( 'Documents wait, and no agent has joined.', (string) ob_get_clean() );
	}

	public function test_it_is_for_those_who_manage_sites(): void {
		self::assertFalse( user_can( 0, Page::CAPABILITY ) );
		add_filter( 'wp_die_handler', $stop = static fn() => static fn( $message ) => throw new \RuntimeException( (string) $message ) );
		try {
			$this->expectExceptionMessage( 'You are not allowed to see the sites of this network.' );
			( new Page( $this->overview() ) )->render();
		} finally {
			remove_filter( 'wp_die_handler', $stop );
		}
	}
}
