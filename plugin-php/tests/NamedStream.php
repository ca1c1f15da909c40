<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

/** WordPress and the plugin ask PHP for its name only: whatever else is asked of the bucket is an error. */
final class NamedStream {

	/** @var resource|null */
	public $context;
}
