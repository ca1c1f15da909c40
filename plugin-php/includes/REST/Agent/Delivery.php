<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Agent;
use AIDoc\Jobs\Events;
use AIDoc\Queue\LeaseRef;
use AIDoc\Queue\Spending;
use AIDoc\Summaries\Acceptor;
use AIDoc\Summaries\Adjustments;
use AIDoc\Summaries\ResultFields;
use AIDoc\Summaries\Summary;

/** One result of an agent, by whichever route it came. */
final class Delivery {

	private const PHASES = array( 'download', 'extract', 'ocr', 'summarise', 'store' );

	public function __construct(
		private readonly Acceptor $acceptor,
		private readonly Spending $spending,
		private readonly Events $events,
	) {}

	/** Only what names the lease, the result and the document can be wrong: a summary was paid for and is taken as it is, see Summary. */
	public static function fields(): array {
		$protocol = array(
			'result_id'     => Field::uuid(),
			'attachment_id' => Field::int( 1 ),
			'source_sha256' => Field::text( 64, '/^(?:[0-9a-f]{64})?$/D' ),
		);
		return AgentRoute::lease_fields() + $protocol + array_fill_keys( ResultFields::names(), Field::any() );
	}

	/**
	 * @param array<string,mixed> $body  Checked by fields().
	 * @param \stdClass           $given As it came: what is unknown in it is told, and the whole of it tells a repetition from another result.
	 * @return array{status:string,job_id:int,post_id:int,edit_url:string}|\WP_Error
	 */
	public function take( Agent $agent, array $body, \stdClass $given ): array|\WP_Error {
		$adjusted = new Adjustments();
		foreach ( array_diff( array_keys( get_object_vars( $given ) ), ResultFields::names() ) as $unknown ) {
			$adjusted->add( (string) $unknown );
		}
		$checkpoint = self::kept( $body['checkpoint'] ?? null, $adjusted );
		$summary    = Summary::from_body( $body, $agent->name, $adjusted );
		if ( is_wp_error( $summary ) ) {
			return $summary;
		}
		$ref = LeaseRef::from_body( $body, $agent->id );
		$this->spending->book( $ref, $summary->spent );
		$answer = $this->acceptor->accept( $ref, strtolower( $body['result_id'] ), hash( 'sha256', (string) wp_json_encode( $given ) ), $summary, $checkpoint );
		if ( ! is_wp_error( $answer ) ) {
			$this->spending->settle( $ref, $summary->fields );
			$this->note( $ref, self::timings( $body['timings'] ?? null ) );
		}
		return $answer;
	}

	/** @param array<string,int> $timings */
	private function note( LeaseRef $ref, array $timings ): void {
		if ( $timings ) {
			$this->events->log( Events::TIMINGS, $ref->jobId, $ref->agentId, '', (string) wp_json_encode( $timings ), "timings|$ref->jobId|$ref->epoch", $ref->epoch );
		}
	}

	/** @return array<string,int> Phase → milliseconds, in the order of the work; what is no duration is left out. */
	private static function timings( mixed $given ): array {
		$timings = array();
		foreach ( self::PHASES as $phase ) {
			$ms = $given instanceof \stdClass ? $given->{ $phase . '_ms' } ?? null : null;
			if ( is_int( $ms ) && $ms > 0 && $ms <= DAY_IN_SECONDS * 7000 ) {
				$timings[ $phase ] = $ms;
			}
		}
		return $timings;
	}

	/** The summary counts without what a retry of missing pages could build on. */
	private static function kept( mixed $checkpoint, Adjustments $adjusted ): ?string {
		$json = $checkpoint instanceof \stdClass ? AgentRoute::encoded( $checkpoint ) : null;
		if ( null !== $checkpoint && null === $json ) {
			$adjusted->add( 'checkpoint' );
		}
		return $json;
	}
}
