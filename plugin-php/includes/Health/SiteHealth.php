<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\KeyRing;
use AIDoc\Clock;
use AIDoc\Jobs\Events;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Queue\Doorbell;
use AIDoc\Settings;

/** Tells Site Health what an administrator can fix. */
final class SiteHealth {

	private const DAY_MS = DAY_IN_SECONDS * 1000;

	/** An expired lease older than this means that no agent asks for work and cron does not run. */
	private const OVERDUE_MS = 15 * MINUTE_IN_SECONDS * 1000;

	/** Refusals that point to a fault of the site or the network. Others are noise of the internet. */
	private const NOTEWORTHY = array( 'aidoc_clock_skew', 'aidoc_digest_mismatch', 'aidoc_wrong_site', 'aidoc_wrong_route', 'aidoc_keys_unreadable', 'aidoc_key_revoked', 'aidoc_replayed', 'aidoc_signature_missing', 'aidoc_signature_invalid', 'aidoc_address_refused', 'aidoc_rate_limited' );

	public function __construct(
		private readonly KeyRing $keys,
		private readonly Settings $settings,
		private readonly Events $events,
		private readonly Jobs $jobs,
		private readonly Agents $agents,
		private readonly Doorbell $doorbell,
		private readonly Clock $clock,
	) {}

	/** @param \Closure():self $make Called when somebody looks at Site Health. */
	public static function register( \Closure $make ): void {
		add_filter( 'site_status_tests', static fn( array $tests ): array => $make()->add_tests( $tests ) );
		add_filter( 'debug_information', static fn( array $info ): array => $make()->add_information( $info ) );
	}

	/** @param array{direct:array,async:array} $tests */
	public function add_tests( array $tests ): array {
		$tests['direct']['aidoc_keys']     = array(
			'label' => __( 'Agent keys', 'ai-doc-pipeline' ),
			'test'  => array( $this, 'keys' ),
		);
		$tests['direct']['aidoc_refusals'] = array(
			'label' => __( 'Refused agent requests', 'ai-doc-pipeline' ),
			'test'  => array( $this, 'refusals' ),
		);
		$tests['direct']['aidoc_leases']   = array(
			'label' => __( 'Document queue', 'ai-doc-pipeline' ),
			'test'  => array( $this, 'leases' ),
		);
		$tests['direct']['aidoc_doorbell'] = array(
			'label' => __( 'Document queue doorbell', 'ai-doc-pipeline' ),
			'test'  => array( $this, 'doorbell' ),
		);
		return $tests;
	}

	/** @return array<string,mixed> */
	public function keys(): array {
		$keys    = $this->keys->readability();
		$problem = $this->keys->problem();
		if ( null !== $problem ) {
			$present = $keys['total'] > 0 ? __( 'Agents that have joined keep working. Their keys are encrypted at the first request after that. Rotate the keys then: earlier copies of the database contain them.', 'ai-doc-pipeline' ) : __( 'Until then no agent can be created.', 'ai-doc-pipeline' );
			return $this->result( 'aidoc_keys', 'critical', __( 'The keys of agents are not protected', 'ai-doc-pipeline' ), $problem, $present );
		}
		if ( $keys['unreadable'] > 0 ) {
			/* translators: 1: number of unreadable keys, 2: number of keys */
			return $this->result( 'aidoc_keys', 'critical', __( 'Agents cannot sign in', 'ai-doc-pipeline' ), sprintf( __( '%1$d of %2$d agent keys cannot be decrypted, because the secret keys in wp-config.php have changed since they were made. Make a new join command for each agent on the Agents page.', 'ai-doc-pipeline' ), $keys['unreadable'], $keys['total'] ) );
		}
		if ( $this->settings->has_legacy_secret() && null === $this->settings->legacy_secret() ) {
			return $this->result( 'aidoc_keys', 'critical', __( 'The shared secret of the legacy callback cannot be read', 'ai-doc-pipeline' ), __( 'The secret keys in wp-config.php have changed since it was set. Set it again in the settings.', 'ai-doc-pipeline' ) );
		}
		return $this->result( 'aidoc_keys', 'good', __( 'Agent keys can be read', 'ai-doc-pipeline' ), __( 'The keys of agents are stored encrypted, and only the secret keys in wp-config.php decrypt them.', 'ai-doc-pipeline' ) );
	}

	/** @return array<string,mixed> */
	public function refusals(): array {
		$all        = $this->events->refusals_since( $this->clock->now_ms() - self::DAY_MS );
		$noteworthy = array_intersect_key( $all, array_flip( self::NOTEWORTHY ) );
		if ( ! $noteworthy ) {
			return $this->result( 'aidoc_refusals', 'good', __( 'No agent was refused in the last 24 hours', 'ai-doc-pipeline' ), __( 'Requests of agents arrive unchanged. To test the connection in both directions, run “aidoc-agent doctor” on the agent’s machine.', 'ai-doc-pipeline' ) );
		}
		$lines = array();
		foreach ( $noteworthy as $code => $hours ) {
			/* translators: 1: error code, 2: number of hours, 3: advice */
			$lines[] = sprintf( __( '%1$s (in %2$d of the last 24 hours): %3$s', 'ai-doc-pipeline' ), $code, $hours, $this->advice( $code ) );
		}
		return $this->result( 'aidoc_refusals', 'recommended', __( 'Requests of agents were refused in the last 24 hours', 'ai-doc-pipeline' ), ...$lines );
	}

	/** @return array<string,mixed> */
	public function leases(): array {
		$due     = $this->jobs->oldest_expiry_ms();
		$overdue = $due > 0 && $due < $this->clock->now_ms() - self::OVERDUE_MS;
		if ( $overdue ) {
			return $this->result( 'aidoc_leases', 'recommended', __( 'A document waits for an agent that stopped answering', 'ai-doc-pipeline' ), __( 'An agent stopped answering during its work, and no agent has asked for work since. Start the agent, or run “aidoc-agent doctor” on its machine to see why it cannot reach this site.', 'ai-doc-pipeline' ) );
		}
		$counts = $this->jobs->counts();
		if ( $counts['queued'] > 0 && 0 === $this->agents->count_active() ) {
			return $this->result( 'aidoc_leases', 'recommended', __( 'Documents wait, and there is no agent', 'ai-doc-pipeline' ), __( 'Create an agent on the Agents page and run its join command on the machine that will process documents.', 'ai-doc-pipeline' ) );
		}
		return $this->result( 'aidoc_leases', 'good', __( 'The document queue works', 'ai-doc-pipeline' ), __( 'Documents of lost agents return to the queue whenever an agent asks for work. WP-Cron and loopback requests are not needed.', 'ai-doc-pipeline' ) );
	}

	/** @return array<string,mixed> */
	public function doorbell(): array {
		if ( $this->settings->get( 'doorbell' ) && null === $this->doorbell->url() ) {
			return $this->result( 'aidoc_doorbell', 'recommended', __( 'The doorbell file cannot be written', 'ai-doc-pipeline' ), __( 'Agents notice new documents later and load this site more. Make the uploads folder writable for WordPress, or switch the doorbell off in the settings.', 'ai-doc-pipeline' ) );
		}
		return $this->result( 'aidoc_doorbell', 'good', __( 'Agents learn of new documents without loading WordPress', 'ai-doc-pipeline' ), __( 'A static file below the uploads folder changes when there may be work.', 'ai-doc-pipeline' ) );
	}

	/** @param array<string,array> $info */
	public function add_information( array $info ): array {
		$counts = $this->jobs->counts();
		$keys   = $this->keys->readability();
		$fields = array(
			'version'  => array(
				'label' => __( 'Version', 'ai-doc-pipeline' ),
				'value' => AIDOC_VERSION,
			),
			'schema'   => array(
				'label' => __( 'Schema version', 'ai-doc-pipeline' ),
				'value' => (int) get_option( \AIDoc\Schema::OPTION ),
			),
			'database' => array(
				'label' => __( 'Database', 'ai-doc-pipeline' ),
				'value' => \AIDoc\Database::is_sqlite() ? 'SQLite' : 'MySQL',
			),
			'site'     => array(
				'label' => __( 'Address that agents sign for', 'ai-doc-pipeline' ),
				'value' => \AIDoc\Auth\SiteUrl::canonical(),
			),
			'agents'   => array(
				'label' => __( 'Active agents', 'ai-doc-pipeline' ),
				'value' => $this->agents->count_active(),
			),
			'keys'     => array(
				'label' => __( 'Keys (unreadable)', 'ai-doc-pipeline' ),
				'value' => "{$keys['total']} ({$keys['unreadable']})",
			),
			'cron'     => array(
				'label' => __( 'Next housekeeping', 'ai-doc-pipeline' ),
				'value' => (string) wp_next_scheduled( \AIDoc\Queue\Cron::HOOK ),
			),
		);
		foreach ( $counts as $state => $number ) {
			$fields[ "jobs_$state" ] = array(
				'label' => $state,
				'value' => $number,
			);
		}
		$info['ai-doc-pipeline'] = array(
			'label'  => 'AI Document Pipeline',
			'fields' => $fields,
		);
		return $info;
	}

	private function advice( string $code ): string {
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

	/** @return array<string,mixed> */
	private function result( string $test, string $status, string $label, string ...$lines ): array {
		return array(
			'test'        => $test,
			'label'       => $label,
			'status'      => $status,
			'badge'       => array(
				'label' => __( 'AI documents', 'ai-doc-pipeline' ),
				'color' => 'blue',
			),
			'description' => implode( '', array_map( static fn( $line ) => '<p>' . esc_html( $line ) . '</p>', $lines ) ),
			'actions'     => '',
		);
	}
}
