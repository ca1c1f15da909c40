<?php
declare( strict_types=1 );

namespace AIDoc\REST;

use AIDoc\Admin\BackfillView;
use AIDoc\Backfill\Manager;
use AIDoc\Backfill\Runner;
use AIDoc\Rights;

/** What the open page of a backfill asks for: how far it is. Where nobody else works on it, the request does, for a moment. */
final class BackfillController {

	/** Others that work on it are heard of more often. */
	private const IDLE_MS = 1_000;

	private const SECONDS = 1.0;

	/** @param \Closure():Runner $runner */
	public function __construct(
		private readonly Manager $manager,
		private readonly \Closure $runner,
	) {}

	public function register_routes(): void {
		register_rest_route(
			'aidoc/v1',
			'/backfill/step',
			array(
				'methods'             => \WP_REST_Server::CREATABLE,
				'callback'            => array( $this, 'step' ),
				'permission_callback' => static fn(): bool => Rights::has( Rights::QUEUE ),
			)
		);
	}

	public function step(): \WP_REST_Response {
		$run    = ( $this->runner )()->nudge( self::IDLE_MS, self::SECONDS ) ?? $this->manager->latest();
		$answer = new \WP_REST_Response( $run ? BackfillView::progress( $run ) : array( 'state' => 'none' ) );
		$answer->header( 'Cache-Control', 'no-store' );
		return $answer;
	}
}
