<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\KeyRecord;
use AIDoc\Auth\Principal;
use AIDoc\Auth\Principals;
use AIDoc\Auth\Refusal;
use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Settings;

/** Registers one route for agents with WordPress: admitted requests only, strict bodies, no exception ever becomes a page of HTML. */
final class Endpoint {

	/**
	 * @param class-string<AgentRoute> $route
	 * @param \Closure():AgentRoute    $make  Called when a request for the route was admitted: most requests of a site are for others.
	 */
	public function __construct(
		private readonly string $route,
		private readonly \Closure $make,
		private readonly Principals $principals,
		private readonly Answers $answers,
		private readonly Settings $settings,
	) {}

	/** @param string $path Below the namespace; see AgentRoutes. */
	public function register( string $path ): void {
		register_rest_route(
			AgentRoutes::NAMESPACE,
			$path,
			array(
				'methods'             => $this->route::METHOD,
				'callback'            => array( $this, 'handle' ),
				'permission_callback' => array( $this, 'permit' ),
				'show_in_index'       => false,
			)
		);
	}

	/** Fails closed: whatever dispatched the request, it is refused unless the gate has admitted it. */
	public function permit( \WP_REST_Request $request ): bool|\WP_Error {
		return $this->principals->of( $request ) ? true : Refusal::of( 'aidoc_signature_missing' );
	}

	public function handle( \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		$principal = $this->principals->of( $request );
		if ( ! $principal ) {
			return Refusal::of( 'aidoc_signature_missing' );
		}
		$answer = $this->identity_refused( $principal ) ?? $this->work( $principal, $request );
		return $this->answers->made( $request, is_wp_error( $answer ) ? rest_convert_error_to_response( $answer ) : rest_ensure_response( $answer ) );
	}

	/** @return array<string,mixed>|\WP_REST_Response|\WP_Error */
	private function work( Principal $principal, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error {
		try {
			$route = ( $this->make )();
			$body  = $principal->body ? Field::read( $this->known( $principal->body, $route->fields() ), $route->fields(), $principal->legacy ) : array();
			if ( is_wp_error( $body ) ) {
				return $body;
			}
			$this->tell( $request );
			return $route->answer( $principal, $body, $request );
		} catch ( FieldError $error ) {
			return $error->wp_error();
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
			return Refusal::of( 'aidoc_unavailable' );
		}
	}

	/** For who measures a site. The header is nobody's signature: what does not look like one is taken for none. */
	private function tell( \WP_REST_Request $request ): void {
		$parent = (string) $request->get_header( 'traceparent' );
		/**
		 * An agent's request was admitted and is answered next.
		 *
		 * @param string $route       The route, such as `/aidoc/v1/lease`.
		 * @param string $traceparent The W3C header by which the agent names its span, '' where it sends none. Not signed: good for linking traces, and for nothing else.
		 */
		do_action( 'aidoc_agent_request', $request->get_route(), preg_match( '/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/D', $parent ) ? $parent : '' );
	}

	/** @param array<string,Field> $fields */
	private function known( \stdClass $body, array $fields ): \stdClass {
		return $this->route::TAKES_UNKNOWN ? (object) array_intersect_key( get_object_vars( $body ), $fields ) : $body;
	}

	/** The agent changes to a public key on this answer, and asks again. Tokens are shared secrets too; /join looks after them. */
	private function identity_refused( Principal $principal ): ?\WP_Error {
		$shared = $principal->key && KeyRecord::KEY === $principal->key->kind && ! $principal->key->is_public();
		return $shared && ! $this->route::SHARED_SECRET && $this->settings->get( 'require_public_keys' ) ? Refusal::of( 'aidoc_public_key_required' ) : null;
	}
}
