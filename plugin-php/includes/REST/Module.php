<?php
declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Agents\Directives;
use AIDoc\Auth\Gate;
use AIDoc\Auth\LegacyVerifier;
use AIDoc\Auth\Verifier;
use AIDoc\Plugin;
use AIDoc\Queue\Polling;
use AIDoc\Queue\Shortfall;
use AIDoc\REST\Agent\AgentRoute;
use AIDoc\REST\Agent\AgentRoutes;
use AIDoc\REST\Agent\Answers;
use AIDoc\REST\Agent\BeatRoute;
use AIDoc\REST\Agent\Delivery;
use AIDoc\REST\Agent\EchoRoute;
use AIDoc\REST\Agent\FailRoute;
use AIDoc\REST\Agent\FileRoute;
use AIDoc\REST\Agent\JoinRoute;
use AIDoc\REST\Agent\KeyIssuer;
use AIDoc\REST\Agent\LeanStart;
use AIDoc\REST\Agent\LeaseRoute;
use AIDoc\REST\Agent\RateLimit;
use AIDoc\REST\Agent\ReleaseRoute;
use AIDoc\REST\Agent\ResultRoute;
use AIDoc\REST\Agent\ResultsRoute;
use AIDoc\REST\Agent\RotateRoute;
use AIDoc\Review\EditorField;

/** The part of the composition root that requests of the REST API need, built when the first of them comes. */
final class Module {

	private ?Answers $answers = null;

	private ?Gate $gate = null;

	/** Null where the request's address does not name us. */
	private ?LeanStart $lean = null;

	public function __construct( private readonly Plugin $plugin ) {}

	public function register(): void {
		add_action( 'rest_api_init', array( $this, 'register_rest' ), 1 );
		// The query string may have the route percent-encoded.
		$uri = (string) ( $_SERVER['REQUEST_URI'] ?? '' ); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized, WordPress.Security.ValidatedSanitizedInput.MissingUnslash -- only looked through for our own name.
		if ( str_contains( rawurldecode( $uri ), '/aidoc/v1/' ) ) {
			Answers::hold_output();
			$this->lean = new LeanStart( $uri );
			$this->lean->register();
		}
	}

	/** May come again with another server: the same objects then take the place of themselves, so that no request is verified twice. */
	public function register_rest(): void {
		$this->gate()->register();
		$this->answers()->register();
		( new AgentRoutes( $this->make( ... ), $this->plugin->principals(), $this->answers(), $this->plugin->settings() ) )->register_routes();
		$this->lean ? $this->lean->spare_routes( $this->register_others( ... ) ) : $this->register_others();
	}

	/** What people ask for. */
	private function register_others(): void {
		$this->items()->register_routes();
		( new BackfillController( $this->plugin->backfill_manager(), $this->plugin->backfill_runner( ... ) ) )->register_routes();
		$this->reviews()->register_routes();
		( new EditorField( $this->plugin->panel( ... ) ) )->register();
	}

	public function reviews(): ReviewController {
		return new ReviewController( $this->plugin->links(), $this->plugin->reviews(), $this->plugin->regeneration(), $this->plugin->panel() );
	}

	public function items(): ItemsController {
		return new ItemsController( $this->plugin->jobs(), $this->plugin->job_manager(), $this->plugin->statuses(), $this->plugin->batch() );
	}

	private function answers(): Answers {
		return $this->answers ??= new Answers( $this->plugin->principals(), $this->plugin->clock() );
	}

	private function gate(): Gate {
		if ( ! $this->gate ) {
			$p          = $this->plugin;
			$this->gate = new Gate( $p->caller(), $this->verifier(), $this->legacy_verifier(), $p->principals(), $this->answers(), $p->key_ring(), $p->agents(), $p->events(), $p->refusals() );
		}
		return $this->gate;
	}

	private function verifier(): Verifier {
		return new Verifier( $this->plugin->key_ring(), $this->plugin->nonces(), $this->plugin->principals(), $this->plugin->clock() );
	}

	private function legacy_verifier(): LegacyVerifier {
		return new LegacyVerifier( $this->plugin->settings(), $this->plugin->nonces(), $this->plugin->refusals(), $this->plugin->clock() );
	}

	/** @param class-string<AgentRoute> $route One of AgentRoutes. */
	private function make( string $route ): AgentRoute {
		$p      = $this->plugin;
		$issuer = new KeyIssuer( $p->key_ring(), $p->site_keys(), $p->settings() );
		$limit  = new RateLimit( $p->agents(), $p->refusals() );
		return match ( $route ) {
			JoinRoute::class    => new JoinRoute( $p->key_ring(), $issuer, $p->agents(), $p->settings(), $p->events() ),
			RotateRoute::class  => new RotateRoute( $p->caller(), $p->key_ring(), $issuer, $limit, $p->events() ),
			LeaseRoute::class   => new LeaseRoute( $p->caller(), $this->directives(), $p->agents(), $p->reaper(), $p->claimer(), $p->digests(), $p->freshness(), $p->places(), $p->leases(), $p->local_only(), $p->pages(), $p->budgets(), $p->unclaimable(), $p->erasures(), $p->housekeeping(), new Polling( $p->settings(), $p->doorbell(), $p->agents(), $p->jobs() ), $p->clock() ),
			BeatRoute::class    => new BeatRoute( $p->caller(), $this->directives(), $p->agents(), $p->jobs(), $p->leases(), $p->spending(), $p->reaper(), $p->events(), $p->housekeeping(), $p->clock() ),
			ResultRoute::class  => new ResultRoute( $p->caller(), $p->agents(), $p->acceptor(), new Delivery( $p->acceptor(), $p->spending(), $p->events() ), $p->nonces() ),
			ResultsRoute::class => new ResultsRoute( $p->caller(), $this->directives(), $p->agents(), new Delivery( $p->acceptor(), $p->spending(), $p->events() ), $p->clock() ),
			FailRoute::class    => new FailRoute( $p->caller(), $limit, $p->agents(), $p->jobs(), $p->leases(), $p->spending(), $p->events(), $p->doorbell(), $p->clock() ),
			ReleaseRoute::class => new ReleaseRoute( $limit, $p->leases(), $p->spending(), $p->jobs(), new Shortfall( $p->budgets(), $p->spending(), $p->clock() ), $p->events(), $p->doorbell() ),
			FileRoute::class    => new FileRoute( $p->principals(), $p->jobs(), $p->job_manager(), $p->digests(), $p->freshness(), $p->leases() ),
			EchoRoute::class    => new EchoRoute( $p->caller(), $p->agents(), $p->settings(), new Polling( $p->settings(), $p->doorbell(), $p->agents(), $p->jobs() ), $p->clock() ),
		};
	}

	private function directives(): Directives {
		return new Directives( $this->plugin->agents(), $this->plugin->events(), $this->plugin->clock() );
	}
}
