<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Jobs\Events;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\State;
use AIDoc\Media\SummaryFacts;

/**
 * The life of a job as people read it, made of its events: what happened to it one after the other, and what happened under a lease
 * within that lease. Pure: rows in, entries out.
 */
final class Timeline {

	/** What an agent, or its silence, makes of a lease. */
	private const ENDS = array( 'done', 'released', 'recalled', 'expired', 'crashed', 'attempt_failed', 'failed' );

	/** What is told while a lease is held or as it ends. */
	private const WITHIN = array( 'adjusted', 'kept_edited_text' );

	/** @var list<array<string,mixed>> */
	private array $entries = array();

	/** Index of the lease that is held at this point of the story, or null. */
	private ?int $open = null;

	/**
	 * @param array<int,string>                                                             $agents Agent → name.
	 * @param array<int,string>                                                             $users  User → name.
	 * @param array<int,array{usd:float,tokens:int,provider:string,model:string,fallback:string}> $costs  By epoch, see Queue\SpendingReport::of_job().
	 */
	public function __construct(
		private readonly Job $job,
		private readonly array $agents,
		private readonly array $users,
		private readonly array $costs,
		private readonly int $now_ms,
	) {}

	/**
	 * @param list<array{at_ms:int,epoch:int,agent_id:int,user_id:int,kind:string,code:string,message:string}> $events Newest first, as Events gives them.
	 * @return list<array<string,mixed>> Oldest first. Each has kind, label, at_ms, who, text and code; a lease also epoch, phases
	 *                                   (label, at_ms, ms, live), notes and end (entries like the others), held_ms, live and cost.
	 */
	public function of( array $events ): array {
		$this->entries = array();
		$this->open    = null;
		foreach ( array_reverse( $events ) as $event ) {
			$this->add( $event );
		}
		return array_map( array( $this, 'timed' ), $this->entries );
	}

	private function add( array $event ): void {
		match ( true ) {
			'leased' === $event['kind']                       => $this->begin( $event ),
			'phase' === $event['kind']                        => $this->phase( $event ),
			Events::TIMINGS === $event['kind']                => $this->timings( $event ),
			in_array( $event['kind'], self::ENDS, true )      => $this->end( $event ),
			in_array( $event['kind'], self::WITHIN, true )    => $this->within( $event ),
			default                                           => $this->plain( $event ),
		};
	}

	private function begin( array $event ): void {
		$this->entries[] = $this->entry( $event ) + array(
			'epoch'  => $event['epoch'],
			'phases' => array(),
			'notes'  => array(),
			'end'    => null,
		);
		$this->open      = array_key_last( $this->entries );
	}

	/** The beginning of the lease may be among the events that are no longer kept. */
	private function phase( array $event ): void {
		if ( null === $this->open || $this->entries[ $this->open ]['epoch'] !== $event['epoch'] ) {
			$this->begin( array( 'kind' => 'leased' ) + $event );
		}
		$this->entries[ $this->open ]['phases'][] = array(
			'label' => When::phase( $event['code'] ),
			'at_ms' => $event['at_ms'],
		);
	}

	/** Of work that ended within one beat: no beat has told of its phases. */
	private function timings( array $event ): void {
		if ( null === $this->open || $this->entries[ $this->open ]['epoch'] !== $event['epoch'] || $this->entries[ $this->open ]['phases'] ) {
			return;
		}
		$at = $this->entries[ $this->open ]['at_ms'];
		foreach ( (array) json_decode( $event['message'], true ) as $phase => $ms ) {
			$this->entries[ $this->open ]['phases'][] = array(
				'label' => When::phase( (string) $phase ),
				'at_ms' => $at,
				'ms'    => (int) $ms,
			);
			$at                                      += (int) $ms;
		}
	}

	private function within( array $event ): void {
		if ( null === $this->open ) {
			$this->plain( $event );
			return;
		}
		$this->entries[ $this->open ]['notes'][] = $this->entry( $event );
	}

	/** What is told of another lease than the one that is held, such as a refused upload, stands for itself. */
	private function end( array $event ): void {
		if ( null === $this->open || ( $event['epoch'] > 0 && $this->entries[ $this->open ]['epoch'] > 0 && $this->entries[ $this->open ]['epoch'] !== $event['epoch'] ) ) {
			$this->plain( $event );
			return;
		}
		$this->entries[ $this->open ]['end'] = $this->entry( $event );
		$this->open                          = 'done' === $event['kind'] ? $this->open : null; // What was kept of an edited text is told after it.
	}

	private function plain( array $event ): void {
		if ( in_array( $event['kind'], array( 'cancelled', 'enqueued' ), true ) && null !== $this->open ) {
			$this->entries[ $this->open ]['end'] ??= $this->entry( $event );
			if ( 'cancelled' === $event['kind'] ) {
				$this->open = null;
				return;
			}
			$this->open = null;
		}
		$this->entries[] = $this->entry( $event );
	}

	/** @return array{kind:string,label:string,at_ms:int,who:string,text:string,code:string} */
	private function entry( array $event ): array {
		return array(
			'kind'  => $event['kind'],
			'label' => EventView::label( $event['kind'] ),
			'at_ms' => $event['at_ms'],
			'who'   => $event['agent_id'] > 0 && 'cancelled' !== $event['kind'] ? $this->agents[ $event['agent_id'] ] ?? __( 'an agent that was deleted', 'ai-doc-pipeline' ) : $this->users[ $event['user_id'] ] ?? '',
			'text'  => Events::MORE === $event['kind']
				/* translators: %s: number of events. */
				? sprintf( _n( '%s event', '%s events', (int) $event['message'], 'ai-doc-pipeline' ), number_format_i18n( (int) $event['message'] ) )
				: $event['message'],
			'code'  => 'phase' === $event['kind'] ? '' : $event['code'],
		);
	}

	private function timed( array $entry ): array {
		if ( ! isset( $entry['epoch'] ) ) {
			return $entry;
		}
		$entry['live']    = null === $entry['end'] && State::Leased === $this->job->state && $this->job->epoch === $entry['epoch'];
		$until            = $entry['end']['at_ms'] ?? ( $entry['live'] ? $this->now_ms : null );
		$entry['held_ms'] = null === $until ? null : max( 0, $until - $entry['at_ms'] );
		foreach ( $entry['phases'] as $i => $phase ) {
			$next                          = $entry['phases'][ $i + 1 ]['at_ms'] ?? $until;
			$entry['phases'][ $i ]['ms'] ??= null === $next ? null : max( 0, $next - $phase['at_ms'] );
			$entry['phases'][ $i ]['live'] = $entry['live'] && ! isset( $entry['phases'][ $i + 1 ] );
		}
		$entry['cost'] = $this->cost( $entry['epoch'] );
		return $entry;
	}

	/** Who wrote the summary, and what models were paid for under that lease; '' where nothing is known. */
	private function cost( int $epoch ): string {
		$cost = $this->costs[ $epoch ] ?? null;
		if ( null === $cost ) {
			return '';
		}
		$parts = array( SummaryFacts::writer( $cost['provider'], $cost['model'], $cost['fallback'] ) );
		if ( $cost['tokens'] > 0 ) {
			/* translators: %s: a number of tokens, by which models count text. */
			$parts[] = sprintf( __( '%s tokens', 'ai-doc-pipeline' ), number_format_i18n( $cost['tokens'] ) );
		}
		$parts[] = SummaryFacts::cost( $cost['usd'] );
		return implode( ' · ', array_filter( $parts ) );
	}
}
