<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** What a site has of one key: enough to verify its owner's requests, and something to sign the answers with. */
interface Credential {

	/** The key id in the signatures of answers. */
	public function answer_key_id(): string;

	/** @param string $signature Base64, as it came. */
	public function verifies( string $base, string $signature ): bool;

	/** @return string Base64 of the signature of an answer. */
	public function sign( string $base ): string;
}
