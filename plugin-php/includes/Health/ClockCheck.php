<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Auth\Verifier;
use AIDoc\Clock;

/** Whether the web server and the database agree on the time: signatures go by the one, leases by the other. */
final class ClockCheck extends Check {

	/** Less is the way to the database and back. */
	private const APART_S = 30;

	public function __construct( private readonly Clock $clock ) {}

	public function name(): string {
		return 'aidoc_clock';
	}

	public function label(): string {
		return __( 'Clocks', 'ai-doc-pipeline' );
	}

	public function run(): array {
		$apart = intdiv( abs( $this->clock->wall_ms() - $this->clock->now_ms() ), 1000 );
		if ( $apart < self::APART_S ) {
			return $this->found( self::GOOD, __( 'The clocks of web server and database agree', 'ai-doc-pipeline' ), __( 'What the clock of an agent says is seen when it asks: one that is more than 5 minutes off is refused, and the test of refused requests tells.', 'ai-doc-pipeline' ) );
		}
		return $this->found(
			$apart > Verifier::SKEW_S ? self::CRITICAL : self::RECOMMENDED,
			__( 'The clocks of web server and database differ', 'ai-doc-pipeline' ),
			/* translators: %s: a length of time such as "7 minutes" */
			sprintf( __( 'They are %s apart. Switch on NTP on both. A request of an agent is refused when its clock and the web server’s differ by more than 5 minutes.', 'ai-doc-pipeline' ), human_time_diff( 0, $apart ) )
		);
	}
}
