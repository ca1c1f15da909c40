<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\LegacyVerifier;
use AIDoc\Auth\Nonces;
use AIDoc\Auth\Principal;
use AIDoc\Summaries\Acceptor;
use AIDoc\Summaries\Summary;

/** POST /result: finished work. */
final class ResultRoute extends AgentRoute {

	public const TAKES_UNKNOWN = true;

	public function __construct(
		private readonly Caller $caller,
		private readonly Agents $agents,
		private readonly Acceptor $acceptor,
		private readonly Delivery $delivery,
		private readonly Nonces $nonces,
	) {}

	public function fields(): array {
		return Delivery::fields();
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		return $principal->legacy ? $this->legacy( $body, $request ) : $this->leased( $principal, $body );
	}

	private function leased( Principal $principal, array $body ): array|\WP_Error {
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$this->agents->seen( $agent );
		return $this->delivery->take( $agent, $body, $principal->body );
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
}
