<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Hearing;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Clock;
use AIDoc\Media\AgentBlock;
use AIDoc\Queue\Doorbell;
use AIDoc\Settings;

/** Whether agents can hear the doorbell: the file is there, what is given out at its public address is that file, as it is now, and no agent says otherwise. */
final class DoorbellCheck extends Check {

	public const ASYNC = true;

	/** So many agents are named. */
	private const NAMED = 5;

	public function __construct(
		private readonly Settings $settings,
		private readonly Doorbell $doorbell,
		private readonly Agents $agents,
		private readonly Clock $clock,
	) {}

	public function name(): string {
		return 'aidoc_doorbell';
	}

	public function label(): string {
		return __( 'Document queue doorbell', 'ai-doc-pipeline' );
	}

	public function run(): array {
		if ( ! $this->settings->get( 'doorbell' ) ) {
			return $this->found( self::GOOD, __( 'The doorbell is switched off', 'ai-doc-pipeline' ), __( 'Agents ask this site every half minute instead.', 'ai-doc-pipeline' ) );
		}
		$url = $this->doorbell->url();
		if ( null === $url ) {
			return $this->found( self::RECOMMENDED, __( 'The doorbell file cannot be written', 'ai-doc-pipeline' ), __( 'Agents notice new documents later and load this site more. Make the uploads folder writable for WordPress, or switch the doorbell off in the settings.', 'ai-doc-pipeline' ) );
		}
		$this->doorbell->ring();
		$before = $this->doorbell->content();
		return $this->heard( $url, Loopback::get( $url ), array( $before, $this->doorbell->content() ) );
	}

	/**
	 * @param array<string,mixed>|\WP_Error $answer
	 * @param string[]                      $files  What the file held before and after: it may have been rung meanwhile.
	 * @return array<string,mixed>
	 */
	private function heard( string $url, array|\WP_Error $answer, array $files ): array {
		$later = __( 'Until then agents notice new documents later and load this site more.', 'ai-doc-pipeline' );
		if ( is_wp_error( $answer ) ) {
			/* translators: %s: an error message */
			return $this->found( self::RECOMMENDED, __( 'The doorbell could not be tested', 'ai-doc-pipeline' ), sprintf( __( 'This site cannot reach its own public address: %s. Agents may still be able to.', 'ai-doc-pipeline' ), $answer->get_error_message() ) );
		}
		$status = (int) wp_remote_retrieve_response_code( $answer );
		if ( 200 !== $status ) {
			/* translators: 1: URL, 2: number of an HTTP status */
			return $this->found( self::RECOMMENDED, __( 'Agents cannot reach the doorbell', 'ai-doc-pipeline' ), sprintf( __( '%1$s answers with status %2$d. Let the web server give out text files below this folder, or switch the doorbell off in the settings.', 'ai-doc-pipeline' ), $url, $status ), $later );
		}
		if ( ! in_array( wp_remote_retrieve_body( $answer ), $files, true ) ) {
			/* translators: %s: URL */
			return $this->found( self::RECOMMENDED, __( 'The doorbell that agents hear is an old one', 'ai-doc-pipeline' ), sprintf( __( 'What %s gives out is not the file as it is now: a cache or a CDN keeps it. Exempt this folder from caching.', 'ai-doc-pipeline' ), $url ), $later );
		}
		$troubles = $this->troubles();
		if ( $troubles ) { // From here nothing stands between, or not what stands between the agents and this site.
			return $this->found( self::RECOMMENDED, __( 'Agents do not hear the doorbell as it is', 'ai-doc-pipeline' ), ...$troubles );
		}
		return $this->found( self::GOOD, __( 'Agents learn of new documents without loading WordPress', 'ai-doc-pipeline' ), __( 'A static file below the uploads folder changes when there may be work, and its public address gives it out as it is.', 'ai-doc-pipeline' ) );
	}

	/** @return string[] What agents that are online say of the doorbell, a sentence for each, at most as many as are read. */
	private function troubles(): array {
		$now    = $this->clock->now_ms();
		$lines  = array();
		$online = array_filter( $this->agents->all(), static fn( Agent $agent ): bool => 'active' === $agent->state && AgentBlock::is_online( $agent, $now ) );
		foreach ( $online as $agent ) {
			$trouble = Hearing::trouble( $agent );
			if ( '' !== $trouble ) {
				/* translators: 1: name of an agent, 2: a sentence. */
				$lines[] = sprintf( __( '“%1$s”: %2$s', 'ai-doc-pipeline' ), $agent->name, $trouble );
			}
		}
		return array_slice( $lines, 0, self::NAMED );
	}
}
