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

	/** @return array{max_usd:?float,max_tokens:?int,renews_in_ms:int} As it stands in a lease. */
	public function wire(): array {
		return array(
			'max_usd'      => $this->maxUsd,
			'max_tokens'   => $this->maxTokens,
			'renews_in_ms' => $this->renewsInMs,
		);
	}
}
