<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Clock;
use AIDoc\Jobs\Events;

/** Requests of agents that were refused in the last day, with what to do about each kind. */
final class RefusalsCheck extends Check {

	private const DAY_MS = DAY_IN_SECONDS * 1000;

	/** Refusals that point to a fault of the site or the network. Others are noise of the internet. */
	private const NOTEWORTHY = array( 'aidoc_clock_skew', 'aidoc_digest_mismatch', 'aidoc_wrong_site', 'aidoc_wrong_route', 'aidoc_keys_unreadable', 'aidoc_key_revoked', 'aidoc_replayed', 'aidoc_signature_missing', 'aidoc_signature_invalid', 'aidoc_address_refused', 'aidoc_rate_limited' );

	public function __construct(
		private readonly Events $events,
		private readonly Clock $clock,
	) {}

	public function name(): string {
		return 'aidoc_refusals';
	}

	public function label(): string {
		return __( 'Refused agent requests', 'ai-doc-pipeline' );
	}

	public function run(): array {
		$all        = $this->events->refusals_since( $this->clock->now_ms() - self::DAY_MS );
		$noteworthy = array_intersect_key( $all, array_flip( self::NOTEWORTHY ) );
		if ( ! $noteworthy ) {
			return $this->found( self::GOOD, __( 'No agent was refused in the last 24 hours', 'ai-doc-pipeline' ), __( 'Requests of agents arrive unchanged. To test the connection in both directions, run “aidoc-agent doctor” on the agent’s machine.', 'ai-doc-pipeline' ) );
		}
		$lines = array();
		foreach ( $noteworthy as $code => $hours ) {
			/* translators: 1: error code, 2: number of hours, 3: advice */
			$lines[] = sprintf( __( '%1$s (in %2$d of the last 24 hours): %3$s', 'ai-doc-pipeline' ), $code, $hours, self::advice( $code ) );
		}
		return $this->found( self::RECOMMENDED, __( 'Requests of agents were refused in the last 24 hours', 'ai-doc-pipeline' ), ...$lines );
	}

	private static function advice( string $code ): string {
		return match ( $code ) {
			'aidoc_clock_skew'        => __( 'the clocks of an agent and this server differ; switch on NTP on both.', 'ai-doc-pipeline' ),
			'aidoc_digest_mismatch'   => __( 'something between the agent and this site changes requests; exempt the path /aidoc/v1/ from rewriting firewalls and proxies.', 'ai-doc-pipeline' ),
			'aidoc_wrong_site'        => __( 'an agent that joined another address calls this site; if this site is a copy, create a new agent for it.', 'ai-doc-pipeline' ),
			'aidoc_signature_missing' => __( 'headers do not arrive; the host or a proxy must pass on Signature, Signature-Input, Content-Digest, X-Aidoc-Route and X-Aidoc-Site.', 'ai-doc-pipeline' ),
			'aidoc_key_revoked'       => __( 'a revoked agent still runs; stop it, or make a new join command for it.', 'ai-doc-pipeline' ),
			'aidoc_keys_unreadable'   => __( 'the secret keys in wp-config.php have changed; make new join commands.', 'ai-doc-pipeline' ),
			'aidoc_replayed'          => __( 'a request arrived twice; a proxy that repeats POST requests must not.', 'ai-doc-pipeline' ),
			'aidoc_address_refused'   => __( 'an agent calls from an address that is not listed; add it in the settings or to the agent’s own list, or name your proxy in the settings.', 'ai-doc-pipeline' ),
			'aidoc_rate_limited'      => __( 'an agent fails or returns far more documents than usual; look at its log, and revoke it if somebody else may have its key.', 'ai-doc-pipeline' ),
			default                   => __( 'run “aidoc-agent doctor” on the agent’s machine: it compares what was sent with what arrived.', 'ai-doc-pipeline' ),
		};
	}
}
