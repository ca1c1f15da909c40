<?php
declare( strict_types=1 );

namespace AIDoc\Front;

/** One sentence for people who may do something about it. */
final class Hint {

	public function __construct(
		public readonly string $sentence,
		public readonly string $url = '',
		public readonly string $action = '',
	) {}
}
