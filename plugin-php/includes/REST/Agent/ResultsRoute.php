<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Directives;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Auth\Caller;
use AIDoc\Auth\Principal;
use AIDoc\Auth\Refusal;
use AIDoc\Clock;
use AIDoc\DatabaseError;
use AIDoc\ErrorLog;

/** POST /results: several finished works. Each is taken, or refused, as if it had come alone. */
final class ResultsRoute extends AgentRoute {

	private const MOST = 16;

	/** So long are results taken in one request; what is left is answered as transient, before a proxy gives up on all. */
	private const SECONDS = 20.0;

	public function __construct(
		private readonly Caller $caller,
		private readonly Directives $directives,
		private readonly Agents $agents,
		private readonly Delivery $delivery,
		private readonly Clock $clock,
	) {}

	public function fields(): array {
		return array(
			'results' => Field::list( null, self::MOST ),
			'agent'   => Field::object( self::agent_fields() )->optional()->nullable(),
		);
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_Error {
		$agent = $this->caller->agent( $principal );
		if ( is_wp_error( $agent ) ) {
			return $agent;
		}
		if ( ! $body['results'] ) {
			throw new FieldError( 'aidoc_invalid_field', 'results' );
		}
		$this->agents->seen( $agent, $body['agent'] ?? array() );
		self::prime( $body['results'] );
		$until = microtime( true ) + self::SECONDS;
		return array(
			'results'       => array_map( fn( mixed $given ): array => self::entry( $given, $this->take( $agent, $given, $until ) ), $body['results'] ),
			'directive'     => $this->directive( $agent, $body['agent'] ?? array() ),
			'server_now_ms' => $this->clock->now_ms(),
		);
	}

	/** The documents are looked at one by one: read once for all. Nothing is concluded from what is read here. */
	private static function prime( array $results ): void {
		$ids = array_map( static fn( mixed $given ): mixed => $given instanceof \stdClass ? $given->attachment_id ?? 0 : 0, $results );
		_prime_post_caches( array_filter( $ids, static fn( mixed $id ): bool => is_int( $id ) && $id > 0 ), false, true );
	}

	private function take( Agent $agent, mixed $given, float $until ): array|\WP_Error {
		if ( microtime( true ) > $until ) {
			return Refusal::of( 'aidoc_unavailable' );
		}
		try {
			if ( ! $given instanceof \stdClass ) {
				throw new FieldError( 'aidoc_invalid_field', 'results' );
			}
			$fields = Delivery::fields();
			$body   = Field::read( (object) array_intersect_key( get_object_vars( $given ), $fields ), $fields );
			return is_wp_error( $body ) ? $body : $this->delivery->take( $agent, $body, $given );
		} catch ( FieldError $error ) {
			return $error->wp_error();
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
			return Refusal::of( 'aidoc_unavailable' );
		}
	}

	/** @return array{result_id:string,status:int,body:mixed} */
	private static function entry( mixed $given, array|\WP_Error $answer ): array {
		$response = is_wp_error( $answer ) ? rest_convert_error_to_response( $answer ) : new \WP_REST_Response( $answer );
		$id       = $given instanceof \stdClass ? $given->result_id ?? '' : '';
		return array(
			'result_id' => is_string( $id ) ? $id : '',
			'status'    => $response->get_status(),
			'body'      => $response->get_data(),
		);
	}

	/** Whether `stop` is meant for this process follows from what it says of itself. */
	private function directive( Agent $agent, array $process ): string {
		if ( $process ) {
			return $this->directives->for_process( $agent, $process )->directive;
		}
		return 'stop' === $agent->directive ? 'run' : $agent->directive;
	}
}
