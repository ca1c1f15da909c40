<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Database;
use AIDoc\Jobs\State;
use AIDoc\Queue\Budgets;
use AIDoc\Queue\LeaseRef;
use AIDoc\Queue\Period;
use AIDoc\Queue\Spent;
use AIDoc\Schema;

/** What the site allows for models is divided among leases, and never more of it. */
final class BudgetTest extends TestCase {

	protected function setUp(): void {
		parent::setUp();
		$now = $this->clock()->now_ms();
		if ( Period::day( $now, 1.0, 0 )->endMs - $now < 2 * HOUR_IN_SECONDS * 1000 ) {
			$this->clock()->advance( 3 * HOUR_IN_SECONDS * 1000 ); // No test runs across midnight.
		}
	}

	private function caps( array $caps ): void {
		$this->plugin()->settings()->update( $caps );
	}

	/** @return list<array<string,mixed>> */
	private function leases( TestAgent $agent, int $slots = 4 ): array {
		return $agent->lease( $slots );
	}

	private static function spent( float $usd, int $tokens = 0 ): array {
		return array( 'usd' => $usd, 'tokens' => $tokens );
	}

	/** @return array{usd:float,tokens:int} */
	private function booked(): array {
		return $this->plugin()->budgets()->spent()['month'];
	}

	private function uploads( int $number ): void {
		for ( $i = 0; $i < $number; $i++ ) {
			$this->upload( "doc$i.pdf", "pdf $i " . wp_rand() );
		}
	}

	public function test_without_a_cap_a_lease_has_an_empty_budget_and_what_is_spent_is_booked_all_the_same(): void {
		$this->uploads( 1 );
		$agent = $this->agent();
		$lease = $this->leases( $agent )[0];
		self::assertSame( '{}', wp_json_encode( $lease['budget'] ) );
		$agent->result( $lease, array( 'spent' => self::spent( 0.25, 1200 ) ) );
		self::assertSame( self::spent( 0.25, 1200 ), $this->booked() );
	}

	public function test_an_agent_that_knows_no_budget_tells_the_same_in_other_fields(): void {
		$this->uploads( 1 );
		$agent = $this->agent();
		$agent->result( $this->leases( $agent )[0], array( 'tokens_in' => 1000, 'tokens_out' => 200, 'cost_usd' => 0.0123 ) );
		self::assertSame( self::spent( 0.0123, 1200 ), $this->booked() );
	}

	public function test_leases_get_shares_that_together_are_within_every_cap(): void {
		$this->caps( array( 'max_usd_day' => '5', 'max_usd_month' => '8', 'max_tokens_month' => '1000000' ) );
		$this->uploads( 4 );
		$leases = $this->leases( $this->agent() );
		self::assertCount( 4, $leases );
		$usd    = array_column( array_column( $leases, 'budget' ), 'max_usd' );
		$tokens = array_column( array_column( $leases, 'budget' ), 'max_tokens' );
		self::assertEqualsWithDelta( 1.25, $usd[0], 1e-9, 'A quarter of the smaller cap.' );
		self::assertEqualsWithDelta( 0.9375, $usd[1], 1e-9, 'A quarter of what is left.' );
		self::assertLessThanOrEqual( 5.0, array_sum( $usd ) );
		self::assertSame( array( 250_000, 187_500 ), array_slice( $tokens, 0, 2 ) );
		self::assertLessThanOrEqual( 1_000_000, array_sum( $tokens ) );
		self::assertGreaterThan( 0, $leases[0]['budget']->renews_in_ms );
		self::assertLessThanOrEqual( DAY_IN_SECONDS * 1000, $leases[0]['budget']->renews_in_ms );
	}

	public function test_asked_again_the_budget_of_a_lease_is_the_same(): void {
		$this->caps( array( 'max_usd_month' => '8' ) );
		$this->uploads( 1 );
		$agent = $this->agent();
		$id    = wp_generate_uuid4();
		$first = $agent->lease( 1, array( '*/*' ), $id )[0]['budget']->max_usd;
		self::assertSame( $first, $agent->lease( 1, array( '*/*' ), $id )[0]['budget']->max_usd );
		self::assertSame( 2.0, (float) $first );
	}

	/** @dataProvider ends */
	public function test_what_a_lease_did_not_spend_comes_free_with_its_end( string $route, array $body, float $booked ): void {
		$this->caps( array( 'max_usd_month' => '0.5' ) );
		$this->uploads( 1 );
		$agent = $this->agent();
		$lease = $this->leases( $agent )[0];
		self::assertSame( 0.25, $lease['budget']->max_usd );
		$ref = TestAgent::ref( $lease );
		if ( 'expiry' === $route ) {
			$agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( $ref + array( 'phase' => 'summarise', 'done' => 1, 'total' => 2 ) + $body ) ) );
			$this->clock()->advance( 121_000 );
			$this->plugin()->reaper()->run();
		} elseif ( 'cancel' === $route ) {
			$this->plugin()->job_manager()->cancel( $lease['job_id'] );
			$agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( $ref + array( 'phase' => 'summarise', 'done' => 1, 'total' => 2 ) + $body ) ) );
		} else {
			$answer = $agent->send( 'POST', "/aidoc/v1/$route", 'release' === $route ? array( 'leases' => array( $ref + $body ), 'reason' => 'drain' ) : $ref + $body );
			self::assertSame( 200, $answer->get_status(), wp_json_encode( $answer->get_data() ) );
		}
		self::assertNotSame( State::Leased, $this->plugin()->jobs()->find( $lease['job_id'] )->state );
		self::assertSame( $booked, $this->booked()['usd'] );
		$this->uploads( 1 );
		$next = array_column( $this->agent( 'next' )->lease( 8 ), null, 'job_id' );
		self::assertNotSame( array(), $next );
		self::assertEqualsWithDelta( 0.5 - $booked, array_sum( array_column( array_column( $next, 'budget' ), 'max_usd' ) ), 0.26 );
	}

	public function ends(): array {
		$failed = array( 'class' => 'transient', 'code' => 'llm_unavailable', 'message' => 'The model is away.' );
		return array(
			'a failure'              => array( 'fail', $failed + array( 'spent' => self::spent( 0.1 ) ), 0.1 ),
			'a failure of old'       => array( 'fail', $failed, 0.0 ),
			'a release'              => array( 'release', array( 'spent' => self::spent( 0.1 ) ), 0.1 ),
			'silence after a beat'   => array( 'expiry', array( 'spent' => self::spent( 0.2 ) ), 0.2 ),
			'an admin cancels'       => array( 'cancel', array( 'spent' => self::spent( 0.15 ) ), 0.15 ),
		);
	}

	public function test_while_others_hold_all_that_is_left_nothing_is_given_and_the_agent_asks_again_soon(): void {
		$this->caps( array( 'max_usd_month' => '0.5' ) );
		$this->uploads( 4 );
		$agent  = $this->agent();
		$leases = $this->leases( $agent );
		self::assertCount( 2, $leases, 'Two shares of 25 cents.' );
		self::assertSame( 2, $this->plugin()->leases()->held_by( $agent->agent->id ) );
		self::assertNull( $this->plugin()->budgets()->reached() );
		$answer = $this->agent( 'other' )->send( 'POST', '/aidoc/v1/lease', TestAgent::lease_body() )->get_data();
		self::assertSame( array(), $answer['leases'] );
		self::assertLessThanOrEqual( Budgets::LOOK_AGAIN_MS, $answer['next_poll_ms'] );
		foreach ( Database::rows( 'SELECT attempt, state FROM ' . Database::table( 'jobs' ) . " WHERE state = 'queued'" ) as $row ) {
			self::assertSame( '0', (string) $row['attempt'], 'What was taken back is no attempt.' );
		}
		$agent->result( $leases[0], array( 'spent' => self::spent( 0.05 ) ) );
		self::assertEqualsWithDelta( 0.2, $this->agent( 'third' )->lease()[0]['budget']->max_usd, 1e-9 );
	}

	public function test_a_document_whose_share_was_too_small_gets_all_that_is_left(): void {
		$this->caps( array( 'max_usd_month' => '8' ) );
		$this->uploads( 1 );
		$agent = $this->agent();
		$lease = $this->leases( $agent )[0];
		$agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $lease ) + array( 'spent' => self::spent( 1.5 ) ) ), 'reason' => 'what this site allows for models is spent' ) );
		self::assertEqualsWithDelta( 6.5, $this->leases( $agent )[0]['budget']->max_usd, 1e-9 );
	}

	/** @dataProvider too_dear */
	public function test_a_document_that_costs_more_than_what_is_left_says_so_and_lets_others_pass( array $caps, array $cost, string $sentence, string $period ): void {
		$this->caps( $caps );
		$this->uploads( 3 );
		$agent = $this->agent();
		$agent->result( $agent->lease()[0], array( 'spent' => self::spent( 0.4, 4000 ) ) );
		$lease = $agent->lease()[0];
		$now   = $this->clock()->now_ms();
		$until = ( 'day' === $period ? Period::day( $now, 1.0, 0 ) : Period::month( $now, 1.0, 0 ) )->endMs;
		$body  = array( 'leases' => array( TestAgent::ref( $lease ) + array( 'spent' => self::spent( 0.0 ) ) ), 'reason' => 'what this site allows for models is spent' );
		self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/release', $body + array( 'code' => 'spend_cap_reached', 'cost' => $cost ) )->get_status() );
		$job = $this->plugin()->jobs()->find( $lease['job_id'] );
		self::assertSame( array( State::Queued, 0, 'waiting', 'aidoc_cap_too_small' ), array( $job->state, $job->attempt, $job->errorClass, $job->errorCode ) );
		wp_set_current_user( 1 );
		self::assertSame( sprintf( $sentence, wp_date( 'j F', intdiv( $until, 1000 ) ) ), $this->plugin()->statuses()->status( $lease['attachment_id'] )['detail'] );
		wp_set_current_user( 0 );
		$next = $agent->lease( 4 );
		self::assertCount( 1, $next );
		self::assertNotSame( $lease['job_id'], $next[0]['job_id'], 'A cheaper one goes first.' );
		$agent->result( $next[0], array( 'spent' => self::spent( 0.0 ) ) );
		$this->clock()->advance( 15 * MINUTE_IN_SECONDS * 1000 + 1000 );
		$next = $this->agent( 'other' )->lease( 4 );
		self::assertContains( $lease['job_id'], array_column( $next, 'job_id' ) );
		self::assertSame( '', $this->plugin()->jobs()->find( $lease['job_id'] )->errorMessage );
	}

	public function too_dear(): array {
		return array(
			'dollars of a month' => array( array( 'max_usd_month' => '2' ), self::spent( 1.701, 9 ), 'A summary of this document may cost $1.71, and this site’s monthly cap for models leaves $1.60 until %s.', 'month' ),
			'tokens of a day'    => array( array( 'max_tokens_day' => '500000' ), self::spent( 0.0, 499000 ), 'A summary of this document may cost 499,000 tokens, and this site’s daily cap for models leaves 496,000 tokens until %s.', 'day' ),
			'more than a day'    => array( array( 'max_usd_day' => '2' ), self::spent( 7.0 ), 'A summary of this document may cost $7.00, more than this site allows for models on a day. Raise the cap in the settings.', 'day' ),
		);
	}

	public function test_a_document_whose_share_others_hold_keeps_its_place_and_has_no_reason_of_its_own(): void {
		$this->caps( array( 'max_usd_month' => '8' ) );
		$this->uploads( 1 );
		$agent = $this->agent();
		foreach ( array( self::spent( 5.0 ), null, 'x' ) as $cost ) {
			$lease = $agent->lease()[0];
			$body  = array( 'leases' => array( TestAgent::ref( $lease ) ), 'reason' => 'waits', 'code' => 'spend_cap_reached', 'cost' => $cost );
			self::assertSame( 200, $agent->send( 'POST', '/aidoc/v1/release', $body )->get_status() );
			self::assertSame( '', $this->plugin()->jobs()->find( $lease['job_id'] )->errorCode );
		}
	}

	/** @dataProvider reached */
	public function test_once_a_cap_is_reached_leases_have_nothing_to_spend_until_it_renews( array $caps, array $spent, string $sentence, ?float $usd, ?int $tokens, string $period ): void {
		$this->caps( $caps );
		$this->uploads( 2 );
		$agent = $this->agent();
		$agent->result( $agent->lease()[0], array( 'spent' => $spent ) );
		$now   = $this->clock()->now_ms();
		$until = ( 'day' === $period ? Period::day( $now, 1.0, 0 ) : Period::month( $now, 1.0, 0 ) )->endMs;
		self::assertSame( sprintf( $sentence, wp_date( 'j F', intdiv( $until, 1000 ) ) ), $this->plugin()->budgets()->reached() );
		$lease = $agent->lease()[0];
		self::assertSame( array( $usd, $tokens ), array( $lease['budget']->max_usd ?? null, $lease['budget']->max_tokens ?? null ), 'An agent that asks no model goes on working.' );
		self::assertEqualsWithDelta( $until - $now, $lease['budget']->renews_in_ms, 60_000 );
		$agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $lease ) ), 'reason' => 'waits' ) );
		wp_set_current_user( 1 );
		self::assertSame( $this->plugin()->budgets()->reached(), $this->plugin()->statuses()->status( $lease['attachment_id'] )['detail'] );
		wp_set_current_user( 0 );
		$this->clock()->advance( $until - $now + 1000 );
		self::assertNull( $this->plugin()->budgets()->reached() );
		$budget = $agent->lease()[0]['budget'];
		self::assertNotSame( array( $usd, $tokens ), array( $budget->max_usd ?? null, $budget->max_tokens ?? null ) );
	}

	public function reached(): array {
		return array(
			'dollars a day'   => array( array( 'max_usd_day' => '2' ), self::spent( 2.5 ), 'This site’s daily cap of $2.00 for models is reached; work goes on on %s.', 0.0, null, 'day' ),
			'dollars a month' => array( array( 'max_usd_month' => '20' ), self::spent( 19.995 ), 'This site’s monthly cap of $20.00 for models is reached; work goes on on %s.', 0.0, null, 'month' ),
			'tokens a month'  => array( array( 'max_tokens_month' => '20000' ), self::spent( 0.0, 19_500 ), 'This site’s monthly cap of 20,000 tokens for models is reached; work goes on on %s.', null, 0, 'month' ),
			'both'            => array( array( 'max_usd_day' => '2', 'max_usd_month' => '2' ), self::spent( 2 ), 'This site’s monthly cap of $2.00 for models is reached; work goes on on %s.', 0.0, null, 'month' ),
		);
	}

	public function test_what_a_batch_was_billed_takes_the_place_of_what_it_could_cost_and_the_share_is_an_ordinary_one_again(): void {
		$this->caps( array( 'max_usd_month' => '4' ) );
		$this->uploads( 1 );
		$agent = $this->agent();
		$lease = $agent->lease()[0];
		self::assertEqualsWithDelta( 1.0, $lease['budget']->max_usd, 1e-6 );
		$held = TestAgent::ref( $lease ) + array( 'phase' => 'summarise', 'done' => 0, 'total' => 0 );
		$agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( $held + array( 'spent' => self::spent( 0.8, 9000 ) ) ) ) );
		$agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( TestAgent::ref( $lease ) ), 'reason' => 'waits', 'code' => 'batch', 'retry_after_s' => 60 ) );
		self::assertSame( self::spent( 0.8, 9000 ), $this->booked(), 'The cap holds while the document waits.' );
		FakeClock::get()->advance( 61_000 );
		$again = $agent->lease()[0];
		self::assertEqualsWithDelta( 0.8, $again['budget']->max_usd, 1e-6, 'A quarter of what is left, not all of it.' );
		$later = array_merge( $held, array( 'lease_token' => $again['lease_token'], 'spent' => self::spent( 0.3, 4000 ) ) );
		self::assertSame( 'lost', $agent->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( $later ) ) )->get_data()['leases'][0]['status'] );
		self::assertSame( self::spent( 0.3, 4000 ), $this->booked() );
		self::assertSame( 200, $agent->result( $again, array( 'spent' => self::spent( 0.0 ) ) )->get_status(), 'The lease that is held is not touched.' );
	}

	public function test_who_does_not_hold_a_lease_books_nothing(): void {
		$this->caps( array( 'max_usd_month' => '8' ) );
		$this->uploads( 1 );
		$agent = $this->agent();
		$lease = $this->leases( $agent )[0];
		$thief = $this->agent( 'thief' );
		$ref   = TestAgent::ref( $lease ) + array( 'spent' => self::spent( 5 ) );
		$thief->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( $ref ), 'reason' => 'x' ) );
		$thief->send( 'POST', '/aidoc/v1/beat', array( 'held' => array( $ref + array( 'phase' => 'ocr', 'done' => 0, 'total' => 0 ) ) ) );
		$agent->send( 'POST', '/aidoc/v1/release', array( 'leases' => array( array( 'epoch' => 77 ) + $ref ), 'reason' => 'x' ) );
		$this->plugin()->spending()->book( new LeaseRef( $lease['job_id'], $lease['epoch'] + 1, $lease['lease_token'], $agent->agent->id ), new Spent( 5, 0 ) );
		self::assertSame( 0.0, $this->booked()['usd'] );
	}

	/** @dataProvider odd */
	public function test_odd_amounts_are_brought_into_bounds( mixed $spent, array $booked ): void {
		$this->uploads( 1 );
		$agent = $this->agent();
		self::assertSame( 'accepted', $agent->result( $this->leases( $agent )[0], array( 'spent' => $spent, 'tokens_in' => 0, 'tokens_out' => 0, 'cost_usd' => 0 ) )->get_data()['status'] );
		self::assertSame( $booked, $this->booked() );
	}

	public function odd(): array {
		return array(
			'nothing'         => array( null, self::spent( 0.0 ) ),
			'text'            => array( 'much', self::spent( 0.0 ) ),
			'texts'           => array( array( 'usd' => '5', 'tokens' => '7' ), self::spent( 0.0 ) ),
			'negative'        => array( self::spent( -5, -7 ), self::spent( 0.0 ) ),
			'many decimals'   => array( self::spent( 0.0000000015, 1 ), self::spent( 0.000000002, 1 ) ),
			'huge'            => array( self::spent( 1e30, PHP_INT_MAX ), self::spent( 1_000_000.0, 1_000_000_000_000 ) ),
		);
	}

	public function test_the_months_of_the_site_begin_at_its_own_midnight(): void {
		update_option( 'timezone_string', 'Pacific/Auckland' );
		$month = Period::month( 1_796_083_199_000, 1.0, 0 ); // 2026-11-30 23:59:59 UTC is December there.
		self::assertSame( array( '2026-12-01T00:00:00+13:00', '2027-01-01T00:00:00+13:00' ), array( wp_date( 'c', intdiv( $month->startMs, 1000 ) ), wp_date( 'c', intdiv( $month->endMs, 1000 ) ) ) );
		$day = Period::day( 1_790_431_200_000, 1.0, 0 ); // 2026-09-27, when clocks go forward there: a day of 23 hours.
		update_option( 'timezone_string', '' );
		self::assertSame( 23 * HOUR_IN_SECONDS * 1000, $day->endMs - $day->startMs );
	}

	public function test_what_is_old_is_forgotten(): void {
		$this->uploads( 1 );
		$agent = $this->agent();
		$agent->result( $this->leases( $agent )[0], array( 'spent' => self::spent( 0.25 ) ) );
		self::assertSame( 0, $this->plugin()->spending()->purge() );
		$this->clock()->advance( 401 * DAY_IN_SECONDS * 1000 );
		self::assertSame( 1, $this->plugin()->spending()->purge() );
	}

	public function test_table_column_and_key_come_with_an_upgrade_that_may_be_repeated(): void {
		$jobs = Database::table( 'jobs' );
		Database::write( 'DROP TABLE ' . Database::table( 'spending' ) );
		Database::write( "ALTER TABLE $jobs DROP KEY claim_open" );
		Database::write( "ALTER TABLE $jobs DROP COLUMN local_only" );
		update_option( Schema::OPTION, 5, false );
		Schema::maybe_upgrade();
		Schema::add_spending();
		self::assertSame( Schema::version(), (int) get_option( Schema::OPTION ) );
		$this->caps( array( 'max_usd_month' => '8' ) );
		$this->uploads( 1 );
		$agent = $this->agent();
		self::assertSame( 2.0, (float) $this->leases( $agent )[0]['budget']->max_usd );
	}
}
