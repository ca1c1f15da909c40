<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Directives;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\Principal;
use AIDoc\Clock;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\LocalOnly;
use AIDoc\Jobs\Priority;
use AIDoc\Jobs\Pages;
use AIDoc\Jobs\PublicAddress;
use AIDoc\Offload\Places;
use AIDoc\Privacy\Erasures;
use AIDoc\Queue\Budget;
use AIDoc\Queue\Budgets;
use AIDoc\Queue\Claimer;
use AIDoc\Queue\Digests;
use AIDoc\Queue\Freshness;
use AIDoc\Queue\Housekeeping;
use AIDoc\Queue\LeaseRef;
use AIDoc\Queue\Leases;
use AIDoc\Queue\Polling;
use AIDoc\Queue\Reaper;
use AIDoc\Queue\Unclaimable;
use AIDoc\Text;

/** POST /lease: an agent asks for work. */
final class LeaseRoute extends AgentRoute {

	/** Optional fields that older plugins refuse: an agent sends them only where they are named. */
	private const TAKES = array( 'summariser', 'results', 'timings', 'warnings', 'vision', 'doorbell' );

	public function __construct(
		private readonly Caller $caller,
		private readonly Directives $directives,
		private readonly Agents $agents,
		private readonly Reaper $reaper,
		private readonly Claimer $claimer,
		private readonly Digests $digests,
		private readonly Freshness $fresh,
		private readonly Places $places,
		private readonly Leases $leases,
		private readonly LocalOnly $local,
		private readonly Pages $pages,
		private readonly Budgets $budgets,
		private readonly Unclaimable $unclaimable,
		private readonly Erasures $erasures,
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
					'summariser'    => Field::text( 300 )->optional(),
					'doorbell'      => Field::object(
						array(
							'state' => Field::text( 32, '/^[a-z_]+$/D' ),
							'sign'  => Field::text( 100 )->optional(),
						)
					)->optional(),
				)
			),
			'agent'        => Field::object( self::agent_fields() ),
			'note'         => Field::text( 500 )->optional(),
			'only'         => Field::one_of( 'local_only' )->optional(),
			'stopped'      => Field::bool()->optional(),
			'erased'       => Field::list( Field::int( 1 ), Erasures::MOST )->optional(),
		);
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		$this->agents->seen( $agent, $body['agent'], $body['note'] ?? '' );
		$this->agents->set_stopped( $agent, $body['stopped'] ?? false );
		$this->erasures->acknowledge( $agent->id, $body['erased'] ?? array() );
		$agent = $this->directives->for_process( $agent, $body['agent'] );
		$this->reaper->run();
		$slots = 'run' === $agent->directive && empty( $body['stopped'] ) ? $body['free_slots'] : 0;
		$room  = $slots <= 0 || $this->budgets->have_room();
		$keeps = $body['capabilities']['local_only'] ?? false;
		$only  = isset( $body['only'] ); // It takes no others now, because those wait for its model.
		$slots = $only && ! $keeps ? 0 : $slots;
		$jobs  = $this->claimer->claim( $agent, strtolower( $body['request_id'] ), $room ? $slots : 0, $body['capabilities']['mimes'] ?? array(), $body['capabilities']['max_bytes'], $body['agent']['slots'] ?? null, $keeps, $only );
		$taken = array() !== $jobs;
		// Post and fields of each are looked at several times below: read once for all.
		_prime_post_caches( array_map( static fn( Job $job ): int => $job->attachmentId, $jobs ), false, true );
		$jobs   = $this->fresh->keep( $this->digests->complete( $jobs ) );
		$news   = $this->agents->set_capabilities( $agent, self::capabilities( $body ) );
		$now    = $this->clock->now_ms();
		$leases = $this->leases_of( $jobs, $agent->id, $keeps, $only, $now );
		$room   = $room && ( $leases || ! $jobs );
		if ( $room && $slots > 0 && ! $leases ) {
			$this->unclaimable->run( $news );
		}
		$this->housekeeping->now_and_then();
		$bell = $this->polling->doorbell();
		$poll = $this->polling->next_ms( null !== $bell, $now, array() !== $leases || ( $taken && ! $jobs ) );
		return $this->erase( $agent->id ) + ( $leases ? array() : array( 'agents' => $this->polling->agents() ) ) + array(
			'leases'        => $leases,
			'next_poll_ms'  => $room ? $poll : min( Budgets::LOOK_AGAIN_MS, $poll ),
			'doorbell'      => $bell,
			'directive'     => $agent->directive,
			'rotate_key'    => $agent->rotationRequested,
			'takes'         => self::TAKES,
			'queue'         => array( 'waiting' => $this->polling->waiting() ),
			'server_now_ms' => $now,
		);
	}

	/** @return array{erase?:list<array{job_id:int,sha256:string}>} Left out where there is nothing: the agent then has nothing to say to it either. */
	private function erase( int $agent_id ): array {
		$erase = $this->erasures->for_agent( $agent_id );
		return $erase ? array( 'erase' => $erase ) : array();
	}

	/** @return array{mimes:string[],max_bytes:int,local_only:bool,ocr_languages:string[],summariser:string,doorbell:string,doorbell_sign:string} */
	private static function capabilities( array $body ): array {
		return array(
			'mimes'         => $body['capabilities']['mimes'] ?? array(),
			'max_bytes'     => $body['capabilities']['max_bytes'],
			'local_only'    => $body['capabilities']['local_only'] ?? false,
			'ocr_languages' => $body['capabilities']['ocr_languages'] ?? array(),
			'summariser'    => Text::clip( $body['capabilities']['summariser'] ?? '', 200 ),
			'doorbell'      => $body['capabilities']['doorbell']['state'] ?? '',
			'doorbell_sign' => Text::clip( $body['capabilities']['doorbell']['sign'] ?? '', 100 ),
		);
	}

	/**
	 * What an agent is told of the jobs it has won, but for those that it may not have.
	 *
	 * @param Job[] $jobs
	 * @param bool  $keeps Whether the agent keeps what is local only to itself.
	 * @param bool  $only  Whether it takes nothing else now.
	 * @return list<array<string,mixed>>
	 */
	private function leases_of( array $jobs, int $agent_id, bool $keeps, bool $only, int $now ): array {
		$marked  = $this->marked( $jobs );
		$open    = array_map( static fn( bool $mark ): bool => $mark ? $keeps : ! $only, $marked );
		$jobs    = $this->keep( $jobs, $open, $agent_id );
		$budgets = $this->budgets->for_leases( $jobs );
		return array_map( fn( Job $job ) => $this->lease( $job, $budgets[ $job->id ], $marked[ $job->id ], $now ), $this->keep( $jobs, $budgets, $agent_id ) );
	}

	/**
	 * Which of these documents are local only, now that they are given: whatever was so when they were queued.
	 *
	 * @param Job[] $jobs
	 * @return array<int,bool> By job.
	 */
	private function marked( array $jobs ): array {
		$marked = array();
		foreach ( $jobs as $job ) {
			$marked[ $job->id ] = $this->local->is( $job->attachmentId, $job->mime );
			if ( $marked[ $job->id ] !== $job->localOnly ) {
				$this->leases->set_local_only( $job, $marked[ $job->id ] );
			}
		}
		return $marked;
	}

	/**
	 * Takes the other leases back before anybody has heard of them.
	 *
	 * @param Job[]             $jobs
	 * @param array<int,mixed> $reasons By job: what speaks for it, false or null where nothing does.
	 * @return Job[]
	 */
	private function keep( array $jobs, array $reasons, int $agent_id ): array {
		$kept = array();
		foreach ( $jobs as $job ) {
			if ( $reasons[ $job->id ] ) {
				$kept[] = $job;
			} else {
				$this->leases->release( new LeaseRef( $job->id, $job->epoch, $job->leaseToken, $agent_id ) );
			}
		}
		return $kept;
	}

	/** @return array<string,mixed> */
	private function lease( Job $job, Budget $budget, bool $marked, int $now ): array {
		$pages = $this->pages->of( $job->attachmentId );
		$marks = array_filter( // Absent where they say nothing.
			array(
				'instruction' => $job->instruction,
				'local_only'  => $marked,
				'pages'       => $pages?->wire(),
				'backfill'    => $job->priority > Priority::NORMAL,
			)
		);
		return $marks + array(
			'job_id'            => $job->id,
			'epoch'             => $job->epoch,
			'lease_token'       => $job->leaseToken,
			'attempt'           => $job->attempt,
			'max_attempts'      => $job->maxAttempts,
			'ttl_ms'            => max( 0, min( Leases::TTL_MS, $job->leaseExpiresMs - $now ) ),
			'beat_ms'           => $job->watchedUntilMs > $now ? Leases::WATCHED_MS : Leases::BEAT_MS,
			'max_runtime_ms'    => Leases::MAX_RUNTIME_MS,
			'max_retry_after_s' => Leases::MAX_AWAY_S,
			'attachment_id'     => $job->attachmentId,
			'filename'          => self::shown( $job->filename, 255 ),
			'title'             => self::shown( html_entity_decode( (string) get_post_field( 'post_title', $job->attachmentId, 'raw' ), ENT_QUOTES, 'UTF-8' ), 500 ),
			'mime'              => $job->mime,
			'bytes'             => $job->bytes,
			'sha256'            => $job->sourceSha256,
			'language'          => $job->language,
			'source'            => $this->places->for_lease( $job ) + self::address( $job, $marked ),
			'checkpoint'        => '' === $job->checkpoint ? null : json_decode( $job->checkpoint ),
			'prior_failures'    => array_map( array( self::class, 'failure' ), array_slice( $job->failure_list(), -10 ) ),
			'trace_id'          => $job->traceId,
			'budget'            => $budget->wire(),
		);
	}

	/** @return array{url?:string} None for what is local only: caches on the way keep what anybody may ask for. */
	private static function address( Job $job, bool $local_only ): array {
		$address = $local_only ? '' : PublicAddress::of( $job );
		return '' === $address ? array() : array( 'url' => $address );
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
