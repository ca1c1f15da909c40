<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/**
 * Ties a verified principal, and what is needed to sign the answer, to the very request object. Not to its parameters
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

	/** Whatever was found so far: this site cannot say that the request was verified. */
	public function doubt( \WP_REST_Request $request ): void {
		$signer = $this->signer( $request );
		if ( $signer ) {
			$this->sign_with( $request, $signer->tagged( Tag::Refusal ) );
		}
	}

	/** Before a request is judged: what an earlier pass left must not count. */
	public function reset( \WP_REST_Request $request ): void {
		unset( $this->verified[ $request ], $this->signers[ $request ] );
	}
}
