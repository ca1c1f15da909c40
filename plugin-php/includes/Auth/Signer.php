<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** Signs one answer, bound to the signature of the request it answers. Made before the request is verified, it signs refusals. */
final class Signer {

	public function __construct(
		private readonly Credential $credential,
		private readonly string $requestSignature,
		public readonly Tag $tag = Tag::Refusal,
	) {}

	public function tagged( Tag $tag ): self {
		return new self( $this->credential, $this->requestSignature, $tag );
	}

	/**
	 * @param string $digest    Base64 of the SHA-256 of the content; on 206 of the whole representation.
	 * @param int    $created_s Seconds since the epoch.
	 * @return array<string,string> Headers to add.
	 */
	public function headers( int $status, string $digest, int $created_s ): array {
		$component = 206 === $status ? 'repr-digest' : 'content-digest';
		$params    = sprintf( '("@status" "%s" "signature";req;key="aidoc");created=%d;keyid="%s";tag="%s"', $component, $created_s, $this->credential->answer_key_id(), $this->tag->value );
		$base      = "\"@status\": $status\n\"$component\": sha-256=:$digest:\n\"signature\";req;key=\"aidoc\": :{$this->requestSignature}:\n\"@signature-params\": $params";
		return array(
			206 === $status ? 'Repr-Digest' : 'Content-Digest' => "sha-256=:$digest:",
			'Signature-Input' => "aidoc=$params",
			'Signature'       => 'aidoc=:' . $this->credential->sign( $base ) . ':',
		);
	}
}
