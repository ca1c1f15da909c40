<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/**
 * Binds a verified principal, and what is needed to sign the answer, to the very request object. Not to its parameters
 * or attributes: those a client or another plugin could set.
 */
final class Principals {

	private \WeakMap $verified;
	private \WeakMap $signers;

	public function __construct() {
		$this->verified = new \WeakMap();
		$this->signers  = new \WeakMap();
	}

	public function admit( \WP_REST_Request $request, Principal $principal ): void {
		$this->verified[ $request ] = $principal;
	}

	public function of( \WP_REST_Request $request ): ?Principal {
		return $this->verified[ $request ] ?? null;
	}

	public function sign_with( \WP_REST_Request $request, Signer $signer ): void {
		$this->signers[ $request ] = $signer;
	}

	public function signer( \WP_REST_Request $request ): ?Signer {
		return $this->signers[ $request ] ?? null;
	}

	/** Whatever was verified so far, the answer is signed as a refusal: its cause is not covered by the request's signature. */
	public function mark_unverified( \WP_REST_Request $request ): void {
		$signer = $this->signer( $request );
		if ( $signer ) {
			$this->sign_with( $request, $signer->tagged( Tag::Refusal ) );
		}
	}

	/** Before a request is verified: what an earlier pass left must not count. */
	public function reset( \WP_REST_Request $request ): void {
		unset( $this->verified[ $request ], $this->signers[ $request ] );
	}
}
