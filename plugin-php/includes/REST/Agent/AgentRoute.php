<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\Principal;

/** What one route takes from an agent and answers. Endpoint does what all routes share. */
abstract class AgentRoute {

	public const METHOD = 'POST';

	/** Whether a shared secret opens this route even where the admin demands public keys. */
	public const SHARED_SECRET = false;

	/** Whether unknown fields are left to the route; else they are refused. */
	public const TAKES_UNKNOWN = false;

	private const CHECKPOINT_BYTES = 16 * KB_IN_BYTES;

	/** @return array<string,Field> The body's fields. */
	abstract public function fields(): array;

	/**
	 * @param array<string,mixed> $body Checked.
	 * @return array<string,mixed>|\WP_REST_Response|\WP_Error
	 * @throws FieldError Where a field is of its type and still not what the route takes.
	 */
	abstract public function answer( Principal $principal, array $body, \WP_REST_Request $request ): array|\WP_REST_Response|\WP_Error;

	/** @return array<string,Field> */
	public static function lease_fields(): array {
		return array(
			'job_id'      => Field::int( 1 ),
			'epoch'       => Field::int( 0 ),
			'lease_token' => Field::text( 22, '/^[A-Za-z0-9_-]{22}$/D' ),
		);
	}

	/** @return array<string,Field> What models have cost under a lease; see Queue\Spent. */
	protected static function spent_field(): array {
		return array( 'spent' => Field::any() );
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
	 * What an agent notes down for the next holder of the job; opaque to the site.
	 *
	 * @throws FieldError Where it is too long.
	 */
	protected static function checkpoint( ?\stdClass $given, string $path ): ?string {
		$json = null === $given ? null : self::encoded( $given );
		if ( null !== $given && null === $json ) {
			throw new FieldError( 'aidoc_invalid_field', $path ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- becomes a clipped field of a JSON answer, see FieldError::wp_error().
		}
		return $json;
	}

	/** @return string|null A checkpoint as JSON; null where it is too long. */
	public static function encoded( \stdClass $checkpoint ): ?string {
		$json = (string) wp_json_encode( $checkpoint );
		return strlen( $json ) <= self::CHECKPOINT_BYTES ? $json : null;
	}
}
