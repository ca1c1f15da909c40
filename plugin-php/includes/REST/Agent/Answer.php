<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\Refusal;

/** One answer, fixed when it is made: what filters of other plugins do to the response afterwards changes nothing that is sent and signed. */
final class Answer {

	/** @param array<string,string> $headers */
	private function __construct(
		public readonly int $status,
		public readonly array $headers,
		public readonly string $body,
		public readonly ?FileAnswer $file = null,
	) {}

	public static function of( \WP_REST_Response $response ): self {
		if ( $response instanceof FileAnswer ) {
			return new self( $response->get_status(), $response->get_headers(), '', $response );
		}
		$body = wp_json_encode( $response->get_data(), JSON_UNESCAPED_SLASHES );
		return false === $body
			? self::of( rest_convert_error_to_response( Refusal::of( 'aidoc_unavailable' ) ) )
			: new self( $response->get_status(), $response->get_headers() + array( 'Content-Type' => 'application/json; charset=UTF-8' ), $body );
	}

	/** Base64 of the SHA-256 of the content; of the whole file where this is a part of one. */
	public function digest(): string {
		return $this->file ? $this->file->digest : base64_encode( hash( 'sha256', $this->body, true ) );
	}
}
