<?php
declare( strict_types=1 );

namespace AIDoc\Queue;

/** What models may cost under one lease. */
final class Budget {

	/**
	 * @param float|null $maxUsd     Null where no cap is set; 0 where it is reached.
	 * @param int|null   $maxTokens  Likewise; input and output.
	 * @param int        $renewsInMs When what is spent begins at nothing again; 0 where no cap is set.
	 */
	public function __construct(
		public readonly ?float $maxUsd = null,
		public readonly ?int $maxTokens = null,
		public readonly int $renewsInMs = 0,
	) {}

	/** As it stands in a lease: what is not set is not there, and nothing at all is an empty object. */
	public function wire(): \stdClass {
		$set = array(
			'max_usd'      => $this->maxUsd,
			'max_tokens'   => $this->maxTokens,
			'renews_in_ms' => $this->renewsInMs > 0 ? $this->renewsInMs : null,
		);
		return (object) array_filter( $set, static fn( $value ): bool => null !== $value );
	}
}
