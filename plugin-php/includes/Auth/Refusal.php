<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** The refusals of docs/protocol.md, section 3, with their sentences. */
final class Refusal {

	private const STATUS = array(
		'aidoc_signature_missing'   => 401,
		'aidoc_signature_malformed' => 400,
		'aidoc_key_unknown'         => 401,
		'aidoc_key_revoked'         => 403,
		'aidoc_token_used'          => 403,
		'aidoc_token_expired'       => 403,
		'aidoc_public_key_required' => 403,
		'aidoc_clock_skew'          => 401,
		'aidoc_digest_mismatch'     => 400,
		'aidoc_signature_invalid'   => 401,
		'aidoc_wrong_route'         => 421,
		'aidoc_wrong_site'          => 421,
		'aidoc_replayed'            => 409,
		'aidoc_query_refused'       => 400,
		'aidoc_body_too_large'      => 413,
		'aidoc_invalid_field'       => 400,
		'aidoc_keys_unreadable'     => 503,
		'aidoc_root_key_missing'    => 503,
		'aidoc_unavailable'         => 503,
	);

	/** @param array<string,mixed> $data */
	public static function of( string $code, array $data = array() ): \WP_Error {
		return new \WP_Error( $code, self::sentence( $code, $data ), array( 'status' => self::STATUS[ $code ] ) + $data );
	}

	private static function sentence( string $code, array $data ): string {
		return match ( $code ) {
			'aidoc_signature_missing'   => __( 'The request is not signed: the Signature or Signature-Input header did not arrive.', 'ai-doc-pipeline' ),
			'aidoc_signature_malformed' => __( 'The signature headers do not follow the profile of this plugin; update the agent.', 'ai-doc-pipeline' ),
			'aidoc_key_unknown'         => __( 'This site does not know the key; join the agent again.', 'ai-doc-pipeline' ),
			'aidoc_key_revoked'         => __( 'The key was revoked or replaced; join the agent again with a new join command.', 'ai-doc-pipeline' ),
			'aidoc_token_used'          => __( 'The join command was used already; make a new one on the Agents page.', 'ai-doc-pipeline' ),
			'aidoc_token_expired'       => __( 'The join command has expired; make a new one on the Agents page.', 'ai-doc-pipeline' ),
			'aidoc_public_key_required' => __( 'This site requires agents to use a public key: update the agent, or join it again without “--identity hmac”.', 'ai-doc-pipeline' ),
			'aidoc_clock_skew'          => __( 'The clocks of the agent and this site differ by more than 5 minutes; set the agent’s clock (NTP).', 'ai-doc-pipeline' ),
			'aidoc_digest_mismatch'     => __( 'The body is not what Content-Digest says; something between the agent and this site changes it.', 'ai-doc-pipeline' ),
			'aidoc_signature_invalid'   => __( 'The signature does not match the request.', 'ai-doc-pipeline' ),
			'aidoc_wrong_route'         => __( 'The request was signed for another route.', 'ai-doc-pipeline' ),
			/* translators: %s: URL of this site */
			'aidoc_wrong_site'          => sprintf( __( 'The request was signed for another site; this one is %s. Join the agent to the address that this site uses.', 'ai-doc-pipeline' ), $data['site'] ?? '' ),
			'aidoc_replayed'            => __( 'This request was received before.', 'ai-doc-pipeline' ),
			'aidoc_query_refused'       => __( 'Agent routes take no query parameter and no method override.', 'ai-doc-pipeline' ),
			/* translators: %d: number of bytes */
			'aidoc_body_too_large'      => sprintf( __( 'The body has more than %d bytes.', 'ai-doc-pipeline' ), $data['max_bytes'] ?? 0 ),
			'aidoc_invalid_field'       => __( 'The body is not a JSON object.', 'ai-doc-pipeline' ),
			'aidoc_keys_unreadable'     => __( 'This site cannot read its agent keys because the secret keys in wp-config.php have changed; an administrator must make new join commands.', 'ai-doc-pipeline' ),
			'aidoc_root_key_missing'    => __( 'This site cannot protect the key of an agent; an administrator must add AIDOC_KEY to wp-config.php, as the Agents page explains.', 'ai-doc-pipeline' ),
			default                     => __( 'The site cannot answer now; ask again.', 'ai-doc-pipeline' ),
		};
	}
}
