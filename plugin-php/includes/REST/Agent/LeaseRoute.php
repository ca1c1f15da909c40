<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Directives;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\Principal;
use AIDoc\Clock;
use AIDoc\Jobs\Job;
use AIDoc\Queue\Claimer;
use AIDoc\Queue\Housekeeping;
use AIDoc\Queue\Leases;
use AIDoc\Queue\Polling;
use AIDoc\Queue\Reaper;
use AIDoc\Queue\Unclaimable;
use AIDoc\Text;

/** POST /lease: an agent asks for work. */
final class LeaseRoute extends AgentRoute {

	public function __construct(
		private readonly Caller $caller,
		private readonly Directives $directives,
		private readonly Agents $agents,
		private readonly Reaper $reaper,
		private readonly Claimer $claimer,
		private readonly Unclaimable $unclaimable,
		private readonly Housekeeping $housekeeping,
		private readonly Polling $polling,
		private readonly Clock $clock,
	) {}

	public function fields(): array {
		return array(
			'request_id'   => Field::uuid(),
			'free_slots'   => Field::int( 0, 64 ),
			'capabilities' => Field::object(
				array(
					'mimes'         => Field::list( Field::text( 100, '#^[A-Za-z0-9][A-Za-z0-9.+_-]*/[A-Za-z0-9*][A-Za-z0-9.+_-]*$|^\*/\*$#D' ), 300 )->nullable(),
					'ocr_languages' => Field::list( Field::text( 40 ), 300 )->nullable(),
					'max_bytes'     => Field::int(),
					'local_only'    => Field::bool()->optional(),
				)
			),
			'agent'        => Field::object( self::agent_fields() ),
			'note'         => Field::text( 500 )->optional(),
			'stopped'      => Field::bool()->optional(),
		);
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$this->agents->seen( $agent, $body['agent'], $body['note'] ?? '' );
		$this->agents->set_stopped( $agent, $body['stopped'] ?? false );
		$agent = $this->directives->for_process( $agent, $body['agent'] );
		$this->reaper->run();
		$slots = 'run' === $agent->directive && empty( $body['stopped'] ) ? $body['free_slots'] : 0;
		$mimes = $body['capabilities']['mimes'] ?? array();
		$bytes = $body['capabilities']['max_bytes'];
		$jobs  = $this->claimer->claim( $agent, strtolower( $body['request_id'] ), $slots, $mimes, $bytes, $body['agent']['slots'] ?? null );
		$news  = $this->agents->set_capabilities(
			$agent,
			array(
				'mimes'     => $mimes,
				'max_bytes' => $bytes,
			)
		);
		if ( $slots > 0 && ! $jobs ) {
			$this->unclaimable->run( $news );
		}
		$this->housekeeping->now_and_then();
		$now  = $this->clock->now_ms();
		$bell = $this->polling->doorbell();
		return array(
			'leases'        => array_map( fn( Job $job ) => $this->lease( $job, $now ), $jobs ),
			'next_poll_ms'  => $this->polling->next_ms( $bell, $now, array() !== $jobs ),
			'doorbell'      => null === $bell ? null : array( 'url' => $bell ),
			'directive'     => $agent->directive,
			'rotate_key'    => $agent->rotationRequested,
			'server_now_ms' => $now,
		);
	}

	/** @return array<string,mixed> */
	private function lease( Job $job, int $now ): array {
		return array(
			'job_id'         => $job->id,
			'epoch'          => $job->epoch,
			'lease_token'    => $job->leaseToken,
			'attempt'        => $job->attempt,
			'max_attempts'   => $job->maxAttempts,
			'ttl_ms'         => max( 0, min( Leases::TTL_MS, $job->leaseExpiresMs - $now ) ),
			'beat_ms'        => $job->watchedUntilMs > $now ? Leases::WATCHED_MS : Leases::BEAT_MS,
			'max_runtime_ms' => Leases::MAX_RUNTIME_MS,
			'attachment_id'  => $job->attachmentId,
			'filename'       => self::shown( $job->filename, 255 ),
			'title'          => self::shown( html_entity_decode( (string) get_post_field( 'post_title', $job->attachmentId, 'raw' ), ENT_QUOTES, 'UTF-8' ), 500 ),
			'mime'           => $job->mime,
			'bytes'          => $job->bytes,
			'sha256'         => $job->sourceSha256,
			'language'       => $job->language,
			'source'         => $job->source_spec(),
			'checkpoint'     => '' === $job->checkpoint ? null : json_decode( $job->checkpoint ),
			'prior_failures' => array_map( array( self::class, 'failure' ), array_slice( $job->failure_list(), -10 ) ),
			'trace_id'       => $job->traceId,
		);
	}

	/** Text of people, without what would steer the terminal or the log that shows it: an agent does not take such a lease. */
	private static function shown( string $text, int $max ): string {
		return (string) preg_replace( '/[\x{202D}\x{202E}]/u', '', Text::clip( $text, $max ) );
	}

	/** @param array<string,mixed> $failure */
	private static function failure( array $failure ): array {
		return array(
			'agent'   => self::shown( (string) ( $failure['agent'] ?? '' ), 200 ),
			'class'   => (string) ( $failure['class'] ?? '' ),
			'code'    => (string) ( $failure['code'] ?? '' ),
			'message' => self::shown( (string) ( $failure['message'] ?? '' ), 500 ),
			'at_ms'   => (int) ( $failure['at_ms'] ?? 0 ),
		);
	}
}
