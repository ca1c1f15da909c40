<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Queue\Line;

/** What the media library says of a document's place is what happens. */
final class LineTest extends TestCase {

	private function waits( int $document ): string {
		wp_set_current_user( 1 );
		$statuses = $this->plugin()->statuses();
		$statuses->forget();
		return $statuses->status( $document )['detail'];
	}

	public function test_the_line_is_the_order_in_which_documents_are_given_out(): void {
		$agent = $this->agent();
		$agent->lease( 0 );
		$documents = array();
		foreach ( array( 'a.pdf', 'b.pdf', 'c.pdf' ) as $name ) {
			$documents[] = $this->upload( $name, "%PDF $name" );
		}
		Database::write( 'UPDATE ' . Database::table( 'jobs' ) . ' SET priority = 5 WHERE attachment_id = %d', $documents[2] );
		self::assertSame( array( '1 document ahead.', '2 documents ahead.', 'Next in line.' ), array_map( array( $this, 'waits' ), $documents ) );
		self::assertSame( $documents[2], $agent->lease()[0]['attachment_id'] );
		self::assertSame( 'Next in line.', $this->waits( $documents[0] ) );
	}

	public function test_the_pace_is_that_of_the_last_documents_and_of_all_slots(): void {
		$agent = $this->agent();
		$line  = new Line( $this->clock() );
		self::assertSame( 0, $line->held_ms() );
		$this->upload( 'done.pdf', '%PDF done' );
		$lease = $agent->lease()[0];
		$this->clock()->advance( 600_000 );
		$agent->result( $lease );
		self::assertEqualsWithDelta( 600_000, $line->held_ms(), 10_000 );
		$this->upload( 'a.pdf', '%PDF a' );
		$last = $this->upload( 'b.pdf', '%PDF b' );
		$agent->lease( 0 );
		self::assertSame( '1 document ahead, about ' . human_time_diff( 0, intdiv( 600, max( 1, $this->plugin()->agents()->all()[0]->slots ) ) ) . '.', $this->waits( $last ) );
	}

	public function test_who_paused_an_agent_is_named_and_forgotten_when_it_runs(): void {
		$agent = $this->agent( 'scan-1' );
		$agent->lease( 0 );
		$id       = $this->plugin()->agents()->find_by_name( 'scan-1' )->id;
		$document = $this->upload();
		wp_set_current_user( 1 );
		$this->plugin()->agent_manager()->set_directive( $id, 'pause' );
		self::assertSame( 'The agent scan-1 is paused by ' . get_userdata( 1 )->display_name . '.', $this->waits( $document ) );
		$this->plugin()->agent_manager()->set_directive( $id, 'run' );
		self::assertSame( 'Next in line.', $this->waits( $document ) );
	}

	public function test_a_screen_of_waiting_documents_costs_few_queries(): void {
		$this->agent()->lease( 0 );
		$documents = array();
		for ( $i = 0; $i < 20; $i++ ) {
			$documents[] = $this->upload( "many-$i.pdf", "%PDF $i" );
		}
		wp_set_current_user( 1 );
		$statuses = $this->plugin()->statuses();
		$statuses->forget();
		wp_cache_flush();
		get_option( 'siteurl' );
		get_userdata( 1 );
		_prime_post_caches( $documents ); // As WordPress does before it shows a list.
		$before = get_num_queries();
		$statuses->prime( $documents );
		array_map( array( $statuses, 'status' ), $documents );
		self::assertLessThanOrEqual( 7, get_num_queries() - $before );
	}
}
