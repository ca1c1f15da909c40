<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Jobs\State;
use AIDoc\Queue\Period;
use AIDoc\Settings;

/** What the address of the queue page asks to be shown. What is not understood is left out. */
final class QueueFilter {

	private const CODE = '/^[a-z0-9_]{1,64}$/D';

	private function __construct(
		public readonly string $state,
		public readonly int $agentId,
		public readonly string $type,
		public readonly string $when,
		public readonly string $code,
		public readonly string $search,
	) {}

	public static function from_address(): self {
		$state = sanitize_key( Screens::asked( 'state' ) );
		$type  = sanitize_key( Screens::asked( 'type' ) );
		$when  = sanitize_key( Screens::asked( 'when' ) );
		$code  = Screens::asked( 'code' );
		return new self(
			State::tryFrom( $state ) ? $state : '',
			absint( Screens::asked( 'agent' ) ),
			isset( Settings::type_groups()[ $type ] ) ? $type : '',
			isset( self::times()[ $when ] ) ? $when : '',
			preg_match( self::CODE, $code ) ? $code : '',
			Screens::asked( 's' )
		);
	}

	/** @return array<string,string> Name → label, of when a document was queued first. */
	public static function times(): array {
		return array(
			'today' => __( 'Today', 'ai-doc-pipeline' ),
			'week'  => __( 'Last 7 days', 'ai-doc-pipeline' ),
			'month' => __( 'This month', 'ai-doc-pipeline' ),
			'older' => __( 'Before this month', 'ai-doc-pipeline' ),
		);
	}

	/** Whether nothing but the state is asked for: the counts of states then tell how many there are. */
	public function is_only_state(): bool {
		return 0 === $this->agentId && '' === $this->type . $this->when . $this->code . $this->search;
	}

	/** @return array<string,mixed> As Jobs\Repository::query() takes it. */
	public function query( int $now_ms ): array {
		$day   = Period::day( $now_ms, 0.0, 0 )->startMs;
		$month = Period::month( $now_ms, 0.0, 0 )->startMs;
		return array_filter(
			array(
				'state'    => $this->state,
				'agent_id' => $this->agentId,
				'mimes'    => '' === $this->type ? array() : Settings::mimes_of( array( $this->type ) ),
				'code'     => $this->code,
				'search'   => $this->search,
				'since_ms' => match ( $this->when ) {
					'today' => $day,
					'week'  => $day - 6 * DAY_IN_SECONDS * 1000,
					'month' => $month,
					default => 0,
				},
				'until_ms' => 'older' === $this->when ? $month : 0,
			)
		);
	}
}
