<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Agent;
use AIDoc\Auth\KeyRecord;
use AIDoc\Auth\Principal;
use AIDoc\Auth\Refusal;
use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Queue\Leases;
use AIDoc\Plugin;

/** One route for agents: admitted requests only, strict bodies, no exception ever becomes a page of HTML. */
abstract class AgentRoute {

	protected const METHOD = 'POST';

	/** Whether a shared secret opens this route even where the admin demands public keys. */
	protected const SHARED_SECRET = false;

	private const CHECKPOINT_BYTES = 16 * KB_IN_BYTES;

	public function __construct( protected readonly Plugin $plugin ) {}

	/** @return array<string,Field> The body's fields. */
	abstract protected function fields(): array;

	/**
	 * @param array<string,mixed> $body Checked.
	 * @return array<string,mixed>|\WP_REST_Response|\WP_Error
	 */
	abstract protected function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error;

	/** @param string $path Below the namespace; see AgentRoutes. */
	public function register( string $path ): void {
		register_rest_route(
			AgentRoutes::NAMESPACE,
			$path,
			array(
				'methods'             => static::METHOD,
				'callback'            => array( $this, 'handle' ),
				'permission_callback' => array( $this, 'permit' ),
				'show_in_index'       => false,
			)
		);
	}

	/** Fails closed: whatever dispatched the request, without the gate's word it is refused. */
	public function permit( \WP_REST_Request $request ): bool|\WP_Error {
		return $this->plugin->principals()->of( $request ) ? true : Refusal::of( 'aidoc_signature_missing' );
	}

	public function handle( \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		$principal = $this->plugin->principals()->of( $request );
		if ( ! $principal ) {
			return Refusal::of( 'aidoc_signature_missing' );
		}
		$answer = $this->work( $principal, $request );
		return $this->plugin->answers()->made( $request, is_wp_error( $answer ) ? rest_convert_error_to_response( $answer ) : rest_ensure_response( $answer ) );
	}

	/** @return array<string,mixed>|\WP_REST_Response|\WP_Error */
	private function work( Principal $principal, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error {
		try {
			$body = $principal->body ? Field::read( $principal->body, $this->fields(), $principal->legacy ) : array();
			return $this->identity_refused( $principal ) ?? ( is_wp_error( $body ) ? $body : $this->answer( $principal, $body, $request ) );
		} catch ( FieldError $error ) {
			return $error->wp_error();
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
			return Refusal::of( 'aidoc_unavailable' );
		}
	}

	/** An answer that follows from what no signature covers (a header): anybody on the way could have brought it about. */
	protected function uncovered( \WP_REST_Request $request, \WP_REST_Response|\WP_Error $answer ): \WP_REST_Response|\WP_Error {
		$this->plugin->principals()->doubt( $request );
		return $answer;
	}

	/** The agent changes to a public key on this word, and asks again. Tokens are shared secrets too; /join looks after them. */
	private function identity_refused( Principal $principal ): ?\WP_Error {
		$shared = $principal->key && KeyRecord::KEY === $principal->key->kind && ! $principal->key->is_public();
		return $shared && ! static::SHARED_SECRET && $this->plugin->settings()->get( 'require_public_keys' ) ? Refusal::of( 'aidoc_public_key_required' ) : null;
	}

	protected function agent( Principal $principal ): Agent|\WP_Error {
		$agent = $this->plugin->caller()->agent( $principal->agentId );
		return $agent && 'active' === $agent->state ? $agent : Refusal::of( 'aidoc_key_revoked' );
	}

	/**
	 * The agent as this process of it must see it. An order to stop is for the processes that were running when it was given;
	 * whoever comes later was started by a person, or after a crash, and simply works. A process that does not tell its age
	 * is taken for an old one: it does not know the order anyway, and pauses.
	 *
	 * @param array{uptime_ms?:int} $info What the process says of itself.
	 */
	protected function heeding( Agent $agent, array $info ): Agent {
		$uptime = $info['uptime_ms'] ?? 0;
		$later  = Agent::STOP === $agent->directive && $uptime > 0 && $this->plugin->clock()->now_ms() - $uptime > $agent->directiveSetMs;
		if ( $later && $this->plugin->agents()->end_stop( $agent ) ) {
			$this->plugin->events()->log( 'directive', 0, $agent->id, '', 'run: started again' );
		}
		$agent = $later ? $this->plugin->agents()->find( $agent->id ) : $agent;
		$this->plugin->agents()->directive_seen( $agent );
		return $agent;
	}

	/** @return array<string,Field> */
	protected static function lease_fields(): array {
		return array(
			'job_id'      => Field::int( 1 ),
			'epoch'       => Field::int( 0 ),
			'lease_token' => Field::text( 22, '/^[A-Za-z0-9_-]{22}$/D' ),
		);
	}

	/** @return array<string,Field> What an agent tells of its machine. */
	protected static function agent_fields(): array {
		return array(
			'name'      => Field::text( 200 )->optional(),
			'version'   => Field::text( 200 ),
			'host'      => Field::text( 300 ),
			'os'        => Field::text( 100 ),
			'arch'      => Field::text( 100 ),
			'slots'     => Field::int( 0, 10_000 )->optional(),
			'uptime_ms' => Field::int()->optional(),
		);
	}

	/**
	 * What an agent notes down for whoever has the job next; opaque to the site.
	 *
	 * @throws FieldError Where it is too long.
	 */
	protected static function checkpoint( ?\stdClass $given, string $path ): ?string {
		$json = null === $given ? null : (string) wp_json_encode( $given );
		if ( strlen( (string) $json ) > self::CHECKPOINT_BYTES ) {
			throw new FieldError( 'aidoc_invalid_field', $path ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- becomes a clipped field of a JSON answer, see FieldError::wp_error().
		}
		return $json;
	}

	/** @return array{max_bytes:int,ttl_ms:int,beat_ms:int} */
	protected function limits(): array {
		return array(
			'max_bytes' => (int) $this->plugin->settings()->get( 'max_bytes' ),
			'ttl_ms'    => Leases::TTL_MS,
			'beat_ms'   => Leases::BEAT_MS,
		);
	}
}
