<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Pace;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\Principal;
use AIDoc\Clock;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Hooks;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\State;
use AIDoc\Queue\Backoff;
use AIDoc\Queue\Crash;
use AIDoc\Queue\Doorbell;
use AIDoc\Queue\Failures;
use AIDoc\Queue\Fence;
use AIDoc\Queue\LeaseRef;
use AIDoc\Queue\Leases;
use AIDoc\Queue\Spending;
use AIDoc\Queue\Spent;
use AIDoc\Text;

/** POST /fail: an attempt ended without a result. */
final class FailRoute extends AgentRoute {

	public function __construct(
		private readonly Caller $caller,
		private readonly RateLimit $limit,
		private readonly Agents $agents,
		private readonly Jobs $jobs,
		private readonly Leases $leases,
		private readonly Spending $spending,
		private readonly Events $events,
		private readonly Doorbell $doorbell,
		private readonly Clock $clock,
	) {}

	public function fields(): array {
		return self::lease_fields() + self::spent_field() + array(
			'class'         => Field::one_of( 'transient', 'permanent' ),
			'code'          => Field::text( 64, '/^[A-Za-z0-9_.-]{1,64}$/D' ),
			'message'       => Field::text( 500 ),
			'retry_after_s' => Field::int( 0, 10_000_000 )->optional(),
			'page'          => Field::int()->optional(),
		);
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error {
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$refused = $this->limit->refused( $agent->id, Pace::Ending );
		if ( $refused ) {
			return $refused;
		}
		$ref = LeaseRef::from_body( $body, $agent->id );
		$this->spending->book( $ref, Spent::read( $body['spent'] ?? null ) );
		$job  = $this->jobs->find( $ref->jobId );
		$code = Fence::check( $job, $ref );
		if ( '' !== $code ) {
			return Fence::error( $code );
		}
		return Crash::REPORTED === $body['code'] ? $this->crash( $agent, $job, $ref, $body ) : $this->failure( $agent, $job, $ref, $body );
	}

	/** @return array<string,mixed>|\WP_Error */
	private function failure( Agent $agent, Job $job, LeaseRef $ref, array $body ): array|\WP_Error {
		$message  = Text::clip( $body['message'], 500 );
		$failed   = 'permanent' === $body['class'] || $job->attempt >= $job->maxAttempts;
		$next     = $failed ? State::Failed : State::Queued;
		$wait_ms  = $failed ? 0 : Backoff::after( $job->attempt, $body['retry_after_s'] ?? 0 );
		$failures = Failures::append( $job, $agent->name, $body['class'], $body['code'], $message, $this->clock->now_ms() );
		$ended    = $this->leases->end_attempt( $ref, $next, $wait_ms, $body['class'], $body['code'], $message, $failures, $job->crashes );
		return $ended ? $this->ended( $agent, $job, $next, $wait_ms, 'attempt_failed', $body['code'], $message ) : $this->lost( $ref );
	}

	/**
	 * The agent crashed and was started again: the same rules as when a lease runs out, only sooner. Its message says that
	 * the work continues, which is wrong where the job fails.
	 *
	 * @return array<string,mixed>|\WP_Error
	 */
	private function crash( Agent $agent, Job $job, LeaseRef $ref, array $body ): array|\WP_Error {
		$crash = Crash::of( $job, Crash::REPORTED, $body['message'], $body['message'], $this->clock->now_ms() );
		if ( ! $this->leases->hand_back( $ref, $crash ) ) {
			return $this->lost( $ref );
		}
		if ( State::Queued === $crash->next ) {
			$this->doorbell->ring();
		}
		return $this->ended( $agent, $job, $crash->next, 0, 'crashed', $crash->code, $crash->message );
	}

	private function lost( LeaseRef $ref ): \WP_Error {
		return Fence::error( Fence::refusal( $this->jobs->find( $ref->jobId ), $ref ) );
	}

	/** @return array<string,mixed> */
	private function ended( Agent $agent, Job $job, State $next, int $wait_ms, string $event, string $code, string $message ): array {
		$this->agents->seen( $agent );
		$failed = State::Failed === $next;
		$this->events->log( $failed ? 'failed' : $event, $job->id, $agent->id, $code, $message, '', $job->epoch );
		if ( $failed ) {
			Hooks::failed( $job->id, $job->attachmentId, $code, $message );
		}
		return array(
			'state'           => $next->value,
			'attempt'         => $job->attempt,
			'max_attempts'    => $job->maxAttempts,
			'available_in_ms' => $wait_ms,
		);
	}
}
