<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Auth\KeyRing;

/** Whether requests of agents arrive and answers go back unchanged, past firewalls, security plugins, proxies and caches. */
final class ConnectionCheck extends Check {

	public const ASYNC = true;

	private const MARK = '/aidoc/v1/';

	/** Before and after the plugin's own look at a request: whoever refused it does so at one of these moments. What is no error stays. */
	public const LINE = "foreach ( array( 4, PHP_INT_MAX ) as \$at ) { add_filter( 'rest_pre_dispatch', fn( \$answer, \$server, \$request ) => is_wp_error( \$answer ) && str_starts_with( \$request->get_route(), '" . self::MARK . "' ) ? null : \$answer, \$at, 3 ); }";

	public function __construct(
		private readonly KeyRing $keys,
		private readonly Probe $probe,
	) {}

	public function name(): string {
		return 'aidoc_connection';
	}

	public function label(): string {
		return __( 'Connection of agents', 'ai-doc-pipeline' );
	}

	public function run(): array {
		if ( null !== $this->keys->problem() ) {
			return $this->found( self::RECOMMENDED, __( 'The connection of agents could not be tested', 'ai-doc-pipeline' ), __( 'The test needs a key, and this site can protect none; see the test of agent keys.', 'ai-doc-pipeline' ) );
		}
		$outcome = $this->probe->run();
		return match ( $outcome['code'] ) {
			'intact'                => $this->found( self::GOOD, __( 'Signed requests and answers pass unchanged', 'ai-doc-pipeline' ), __( 'A signed request to this site’s public address arrived as it was sent, and its signed answer came back as it was made.', 'ai-doc-pipeline' ) ),
			'unreachable'           => $this->untested( $outcome['detail'] ),
			'aidoc_address_refused' => $this->found( self::GOOD, __( 'Agents may only call from listed addresses', 'ai-doc-pipeline' ), __( 'This server’s own address is not among those in the settings, so the connection could not be tested from here. Run “aidoc-agent doctor” on the agent’s machine.', 'ai-doc-pipeline' ) ),
			'answer_changed'        => $this->answer_changed( $outcome['detail'] ),
			'foreign'               => $this->blocked( $outcome['status'], $outcome['detail'] ),
			default                 => $this->request_changed( $outcome['code'] ),
		};
	}

	/** @return array<string,mixed> */
	private function untested( string $why ): array {
		/* translators: %s: an error message */
		return $this->found( self::RECOMMENDED, __( 'The connection of agents could not be tested', 'ai-doc-pipeline' ), sprintf( __( 'This site cannot reach its own public address: %s. Agents may still be able to; “aidoc-agent doctor” on the agent’s machine tells.', 'ai-doc-pipeline' ), $why ) );
	}

	/**
	 * Something else than this plugin has answered.
	 *
	 * @return array<string,mixed>
	 */
	private function blocked( int $status, string $code ): array {
		if ( '' === $code ) {
			/* translators: 1: number of an HTTP status, 2: part of a URL */
			return $this->found( self::CRITICAL, __( 'Agents do not reach this site', 'ai-doc-pipeline' ), sprintf( __( 'Something in front of WordPress answered a request without cookies, with status %1$d: a firewall, a password, a redirect or a cache. Exempt addresses with %2$s in them; every request there is signed.', 'ai-doc-pipeline' ), $status, self::MARK ) );
		}
		return $this->found(
			self::CRITICAL,
			__( 'The REST API is closed to agents', 'ai-doc-pipeline' ),
			/* translators: 1: an error code, 2: number of an HTTP status */
			sprintf( __( 'A plugin refused a request without cookies (%1$s, status %2$d). Allow the namespace aidoc/v1 in its settings. Where it has none for that, add this line to a plugin of your own; every request there is signed, and verified by this plugin:', 'ai-doc-pipeline' ), $code, $status ),
			'`' . self::LINE . '`'
		);
	}

	/** @return array<string,mixed> */
	private function answer_changed( string $header ): array {
		return $this->found(
			self::CRITICAL,
			__( 'Answers to agents are changed on their way', 'ai-doc-pipeline' ),
			/* translators: %s: name of an HTTP header */
			sprintf( __( 'The header %s is missing or does not fit the answer. Agents refuse such answers.', 'ai-doc-pipeline' ), $header ),
			/* translators: %s: part of a URL */
			sprintf( __( 'A cache, a minifier, a proxy or a plugin that edits output changes it: exempt addresses with %s in them, and have Signature, Signature-Input and Content-Digest passed on.', 'ai-doc-pipeline' ), self::MARK )
		);
	}

	/** @return array<string,mixed> */
	private function request_changed( string $code ): array {
		$advice = match ( $code ) {
			'aidoc_signature_missing', 'aidoc_signature_malformed' => __( 'Headers do not arrive. The host or a proxy must pass on Signature, Signature-Input, Content-Digest, X-Aidoc-Route and X-Aidoc-Site.', 'ai-doc-pipeline' ),
			'aidoc_query_refused'                                 => __( 'Something adds a parameter to the address or changes the method. Exempt agents from it.', 'ai-doc-pipeline' ),
			/* translators: %s: part of a URL */
			default                                               => sprintf( __( 'Something between the public address and WordPress changes requests: exempt addresses with %s in them from rewriting firewalls and proxies.', 'ai-doc-pipeline' ), self::MARK ),
		};
		/* translators: %s: an error code */
		return $this->found( self::CRITICAL, __( 'Requests of agents are changed on their way', 'ai-doc-pipeline' ), $advice, sprintf( __( 'This site refused its own signed request: %s.', 'ai-doc-pipeline' ), $code ) );
	}
}
