<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\Principal;
use AIDoc\Jobs\Job;
use AIDoc\Queue\Leases;
use AIDoc\Text;

/** POST /lease: an agent asks for work. */
final class LeaseRoute extends AgentRoute {

	private const POLL_MIN_MS  = 2_000;
	private const POLL_MAX_MS  = 30_000;
	private const POLL_BELL_MS = 60_000;

	/** One more agent asks this much later, so that their number does not become the site's load. */
	private const POLL_PER_AGENT_MS = 500;

	protected function fields(): array {
		return array(
			'request_id'   => Field::uuid(),
			'free_slots'   => Field::int( 0, 64 ),
			'capabilities' => Field::object(
				array(
					'mimes'         => Field::list( Field::text( 100, '#^[A-Za-z0-9][A-Za-z0-9.+_-]*/[A-Za-z0-9*][A-Za-z0-9.+_-]*$|^\*/\*$#D' ), 300 )->nullable(),
					'ocr_languages' => Field::list( Field::text( 40 ), 300 )->nullable(),
					'max_bytes'     => Field::int(),
				)
			),
			'agent'        => Field::object( self::agent_fields() ),
			'note'         => Field::text( 500 )->optional(),
			'stopped'      => Field::bool()->optional(),
		);
	}

	protected function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$agent = $this->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$this->plugin->agents()->seen( $agent, $body['agent'], $body['note'] ?? '' );
		$this->plugin->agents()->set_stopped( $agent, $body['stopped'] ?? false );
		$agent = $this->heeding( $agent, $body['agent'] );
		$this->plugin->reaper()->run();
		$slots = 'run' === $agent->directive && empty( $body['stopped'] ) ? $body['free_slots'] : 0;
		$mimes = $body['capabilities']['mimes'] ?? array();
		$bytes = $body['capabilities']['max_bytes'];
		$jobs  = $this->plugin->claimer()->claim( $agent, strtolower( $body['request_id'] ), $slots, $mimes, $bytes, $body['agent']['slots'] ?? null );
		$news  = $this->plugin->agents()->set_capabilities(
			$agent,
			array(
				'mimes'     => $mimes,
				'max_bytes' => $bytes,
			)
		);
		if ( $slots > 0 && ! $jobs ) {
			$this->plugin->unclaimable()->run( $news );
		}
		$this->plugin->housekeeping()->now_and_then();
		$now  = $this->plugin->clock()->now_ms();
		$bell = $this->plugin->settings()->get( 'doorbell' ) ? $this->plugin->doorbell()->url() : null;
		return array(
			'leases'        => array_map( fn( Job $job ) => $this->lease( $job, $now ), $jobs ),
			'next_poll_ms'  => $this->next_poll_ms( $bell, $now, $jobs ),
			'doorbell'      => null === $bell ? null : array( 'url' => $bell ),
			'directive'     => $agent->directive,
			'rotate_key'    => $agent->rotationRequested,
			'server_now_ms' => $now,
		);
	}

	/**
	 * With a doorbell an agent need not ask until something is due by itself; without one, the more agents the rarer.
	 *
	 * @param Job[] $given
	 */
	private function next_poll_ms( ?string $bell, int $now, array $given ): int {
		if ( $given ) {
			return self::POLL_MIN_MS; // There may be more.
		}
		$poll = null === $bell ? min( self::POLL_MAX_MS, self::POLL_PER_AGENT_MS * $this->plugin->agents()->count_active() ) : self::POLL_BELL_MS;
		$due  = $this->plugin->jobs()->next_due_ms();
		if ( $due > 0 ) {
			$poll = min( $poll, max( 0, $due - $now ) + random_int( 250, 1500 ) );
		}
		return max( self::POLL_MIN_MS, $poll );
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
