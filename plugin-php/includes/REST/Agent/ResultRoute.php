<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\LegacyVerifier;
use AIDoc\Auth\Nonces;
use AIDoc\Auth\Principal;
use AIDoc\Queue\LeaseRef;
use AIDoc\Queue\Spending;
use AIDoc\Summaries\Acceptor;
use AIDoc\Summaries\Adjustments;
use AIDoc\Summaries\ResultFields;
use AIDoc\Summaries\Summary;

/** POST /result: finished work. */
final class ResultRoute extends AgentRoute {

	public const TAKES_UNKNOWN = true;

	public function __construct(
		private readonly Caller $caller,
		private readonly Agents $agents,
		private readonly Acceptor $acceptor,
		private readonly Spending $spending,
		private readonly Nonces $nonces,
	) {}

	/** Only what names the lease, the result and the document can be wrong: a summary was paid for and is taken as it is, see Summary. */
	public function fields(): array {
		$protocol = array(
			'result_id'     => Field::uuid(),
			'attachment_id' => Field::int( 1 ),
			'source_sha256' => Field::text( 64, '/^(?:[0-9a-f]{64})?$/D' ),
		);
		return self::lease_fields() + $protocol + array_fill_keys( ResultFields::names(), Field::any() );
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		return $principal->legacy ? $this->legacy( $body, $request ) : $this->leased( $principal, $body, $request );
	}

	private function leased( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$adjusted = new Adjustments();
		foreach ( array_diff( array_keys( get_object_vars( $principal->body ) ), ResultFields::names() ) as $unknown ) {
			$adjusted->add( (string) $unknown );
		}
		$checkpoint = self::kept( $body['checkpoint'] ?? null, $adjusted );
		$summary    = Summary::from_body( $body, $agent->name, $adjusted );
		if ( is_wp_error( $summary ) ) {
			return $summary;
		}
		$this->agents->seen( $agent );
		$ref = LeaseRef::from_body( $body, $agent->id );
		$this->spending->book( $ref, $summary->spent );
		$answer = $this->acceptor->accept( $ref, strtolower( $body['result_id'] ), hash( 'sha256', (string) $request->get_body() ), $summary, $checkpoint );
		if ( ! is_wp_error( $answer ) ) {
			$this->spending->settle( $ref, $summary->fields );
		}
		return $answer;
	}

	/**
	 * A body that was refused stays remembered: the same bytes must not fit a document that is made one day. Only what failed
	 * through this site's own fault may come again.
	 */
	private function legacy( array $body, \WP_REST_Request $request ): array|\WP_Error {
		$answer = null;
		try {
			$summary = Summary::from_body( $body, is_string( $body['agent'] ?? null ) ? $body['agent'] : '' );
			$answer  = is_wp_error( $summary ) ? $summary : $this->acceptor->accept_legacy( (int) ( $body['job_id'] ?? 0 ), (int) ( $body['attachment_id'] ?? 0 ), $summary );
			return $answer;
		} finally {
			if ( null === $answer || ( is_wp_error( $answer ) && 500 <= rest_convert_error_to_response( $answer )->get_status() ) ) {
				LegacyVerifier::forget( $this->nonces, (string) $request->get_body() );
			}
		}
	}

	/** The summary counts without what a retry of missing pages could build on. */
	private static function kept( mixed $checkpoint, Adjustments $adjusted ): ?string {
		$json = $checkpoint instanceof \stdClass ? self::encoded( $checkpoint ) : null;
		if ( null !== $checkpoint && null === $json ) {
			$adjusted->add( 'checkpoint' );
		}
		return $json;
	}
}
