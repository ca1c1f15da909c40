<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\LegacyVerifier;
use AIDoc\Auth\Nonces;
use AIDoc\Auth\Principal;
use AIDoc\Queue\LeaseRef;
use AIDoc\Summaries\Acceptor;
use AIDoc\Summaries\Summary;

/** POST /result: finished work. */
final class ResultRoute extends AgentRoute {

	public function __construct(
		private readonly Caller $caller,
		private readonly Agents $agents,
		private readonly Acceptor $acceptor,
		private readonly Nonces $nonces,
	) {}

	public function fields(): array {
		$count = static fn() => Field::int( 0, 2_000_000_000 );
		$key   = static fn() => Field::text( 1024 )->optional();
		return self::lease_fields() + array(
			'result_id'        => Field::uuid(),
			'attachment_id'    => Field::int( 1 ),
			'source_sha256'    => Field::text( 64, '/^(?:[0-9a-f]{64})?$/D' ),
			'title'            => Field::text( 2000 ),
			'summary_markdown' => Field::text( 2_000_000 ),
			'summary_blocks'   => Field::list( null, 500 )->optional()->nullable(),
			'language'         => Field::text( 40 )->optional(),
			'word_count'       => $count(),
			'pages'            => $count()->optional(),
			'pages_ocr'        => $count()->optional(),
			'pages_failed'     => Field::list( Field::int( 0, 2_000_000_000 ), 100_000 )->optional()->nullable(),
			'confidence'       => Field::number( 0, 1 )->optional()->nullable(),
			'chunks'           => $count(),
			'processing_ms'    => Field::int(),
			'provider'         => Field::text( 100 )->optional(),
			'model'            => Field::text( 200 )->optional(),
			'prompt_version'   => Field::text( 100 )->optional(),
			'tokens_in'        => Field::int()->optional(),
			'tokens_out'       => Field::int()->optional(),
			'cost_usd'         => Field::number( 0, 1e9 )->optional(),
			's3_text_key'      => Field::text( 1024 ),
			'artifacts'        => Field::object(
				array(
					'text'    => $key(),
					'pages'   => $key(),
					'summary' => $key(),
				)
			)->optional()->nullable(),
			'checkpoint'       => Field::object()->optional()->nullable(),
			'agent'            => Field::text( 200 )->optional(),
			'agent_version'    => Field::text( 200 )->optional(),
		);
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		return $principal->legacy ? $this->legacy( $body, $request ) : $this->leased( $principal, $body, $request );
	}

	private function leased( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$summary = Summary::from_body( $body, $agent->name );
		if ( is_wp_error( $summary ) ) {
			return $summary;
		}
		$checkpoint = self::checkpoint( $body['checkpoint'] ?? null, 'checkpoint' );
		$this->agents->seen( $agent );
		return $this->acceptor->accept( LeaseRef::from_body( $body, $agent->id ), strtolower( $body['result_id'] ), hash( 'sha256', (string) $request->get_body() ), $summary, $checkpoint );
	}

	/**
	 * A body that was refused stays remembered: the same bytes must not fit a document that is made one day. Only what failed
	 * through this site's own fault may come again.
	 */
	private function legacy( array $body, \WP_REST_Request $request ): array|\WP_Error {
		$answer = null;
		try {
			$summary = Summary::from_body( $body, (string) ( $body['agent'] ?? '' ) );
			$answer  = is_wp_error( $summary ) ? $summary : $this->acceptor->accept_legacy( (int) ( $body['job_id'] ?? 0 ), (int) ( $body['attachment_id'] ?? 0 ), $summary );
			return $answer;
		} finally {
			if ( null === $answer || ( is_wp_error( $answer ) && 500 <= rest_convert_error_to_response( $answer )->get_status() ) ) {
				LegacyVerifier::forget( $this->nonces, (string) $request->get_body() );
			}
		}
	}
}
