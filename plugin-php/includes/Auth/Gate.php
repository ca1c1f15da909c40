<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

use AIDoc\Agents\Repository as Agents;
use AIDoc\Database;
use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Jobs\Events;
use AIDoc\REST\Agent\AgentRoutes;
use AIDoc\REST\Agent\Answers;
use AIDoc\REST\Agent\Json;

/**
 * Verifies each request to an agent route exactly once, before WordPress reads its parameters. The permission
 * callbacks then only ask whether the request was admitted.
 */
final class Gate {

	public function __construct(
		private readonly Caller $caller,
		private readonly Verifier $verifier,
		private readonly LegacyVerifier $legacy,
		private readonly Principals $principals,
		private readonly Answers $answers,
		private readonly KeyRing $keys,
		private readonly Agents $agents,
		private readonly Events $events,
		private readonly RefusalLog $refusals,
	) {}

	public function register(): void {
		// Last: security plugins refuse REST to everybody without a cookie, and an agent has none. Its signature is checked below.
		add_filter( 'rest_authentication_errors', array( $this, 'let_agents_through' ), PHP_INT_MAX );
		add_filter( 'rest_pre_dispatch', array( $this, 'verify' ), 5, 3 );
	}

	/**
	 * @param \WP_Error|bool|null $result
	 * @return \WP_Error|bool|null
	 */
	public function let_agents_through( $result ) {
		$route = untrailingslashit( (string) ( $GLOBALS['wp']->query_vars['rest_route'] ?? '' ) );
		if ( ! AgentRoutes::is_ours( $route ) ) {
			return $result;
		}
		wp_set_current_user( 0 ); // A cookie grants nothing on these routes.
		return $this->caller->refused_by_site_list() ?? true;
	}

	/**
	 * @param mixed            $result
	 * @param \WP_REST_Server  $server
	 * @param \WP_REST_Request $request
	 * @return mixed Null where the request may go on to its route.
	 */
	public function verify( $result, $server, $request ) {
		if ( null !== $result || ! AgentRoutes::is_ours( $request->get_route() ) ) {
			return $result;
		}
		$this->principals->reset( $request );
		$this->answers->reset( $request );
		try {
			Database::use_primary();
			$principal = $this->caller->refused_by_site_list() ?? $this->principal( $request );
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
			$this->principals->mark_unverified( $request );
			$principal = Refusal::of( 'aidoc_unavailable' );
		}
		if ( is_wp_error( $principal ) ) {
			// A response and no error: core's batches break on those.
			return $this->answers->made( $request, rest_convert_error_to_response( $principal ) );
		}
		$this->principals->admit( $request, $principal );
		return null;
	}

	private function principal( \WP_REST_Request $request ): Principal|\WP_Error {
		$route     = $request->get_route();
		$objection = $this->objection( $request );
		if ( AgentRoutes::RESULT === $route && null === $request->get_header( 'Signature' ) && null !== $request->get_header( 'X-AI-Signature' ) ) {
			return $this->legacy->verify( $request, $objection );
		}
		$key = $this->verifier->verify( $request, self::method(), AgentRoutes::JOIN === $route, $objection );
		if ( is_wp_error( $key ) ) {
			$this->note_refusal( $request, $key );
			return $key;
		}
		if ( KeyRecord::PROBE === $key->kind && AgentRoutes::ECHO !== $route ) {
			return Refusal::of( 'aidoc_key_revoked' );
		}
		$refused = $this->caller->refused_by_agent_list( $key->agentId );
		if ( $refused ) {
			return $refused;
		}
		if ( $this->keys->first_use( $key ) ) {
			$this->agents->set_rotation( $key->agentId, false );
			$this->caller->forget();
			$this->events->log( 'key_rotated', 0, $key->agentId );
		}
		if ( AgentRoutes::RESULT === $route ) {
			$this->shorten( $request );
		}
		$body = 'POST' === self::method() ? self::json( $request ) : null;
		return is_wp_error( $body ) ? $body : new Principal( $key, $key->agentId, $body );
	}

	/** Why a request is refused for something that its signature does not cover. */
	private function objection( \WP_REST_Request $request ): ?\WP_Error {
		$extra = array_diff( array_keys( $request->get_query_params() ), array( 'rest_route' ) );
		if ( $extra || null !== $request->get_header( 'X-HTTP-Method-Override' ) || self::method() !== $request->get_method() ) {
			return Refusal::of( 'aidoc_query_refused' );
		}
		$limit = AgentRoutes::body_limit( $request->get_route() );
		return strlen( (string) $request->get_body() ) > $limit ? Refusal::of( 'aidoc_body_too_large', array( 'max_bytes' => $limit ) ) : null;
	}

	/** In the request itself: WordPress decodes its body once more. */
	private function shorten( \WP_REST_Request $request ): void {
		$body  = (string) $request->get_body();
		$short = Json::without_surplus_blocks( $body );
		if ( $short !== $body ) {
			$request->set_body( $short );
		}
	}

	public static function json( \WP_REST_Request $request ): \stdClass|\WP_Error {
		return Json::read( (string) $request->get_body() ) ?? Refusal::of( 'aidoc_invalid_field' );
	}

	/** The method of the request line, whatever an override header made of it since. */
	public static function method(): string {
		return (string) ( $_SERVER['REQUEST_METHOD'] ?? '' ); // phpcs:ignore WordPress.Security.ValidatedSanitizedInput.InputNotSanitized, WordPress.Security.ValidatedSanitizedInput.MissingUnslash -- it is what was signed, byte by byte; compared and hashed, never stored or shown.
	}

	private function note_refusal( \WP_REST_Request $request, \WP_Error $error ): void {
		$code = (string) $error->get_error_code();
		preg_match( '/keyid="((?:ak|ae|jt)_[0-9a-f]{24})"/', (string) $request->get_header( 'Signature-Input' ), $part );
		$key = isset( $part[1] ) ? $this->keys->find( $part[1] ) : null;
		if ( KeyRecord::PROBE === $key?->kind ) {
			return; // Site Health tells what became of its own request.
		}
		$this->refusals->add( $code, $key->keyId ?? '?', $key->agentId ?? 0, $key->keyId ?? '' );
	}
}
