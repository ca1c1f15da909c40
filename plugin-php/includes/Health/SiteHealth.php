<?php
declare( strict_types=1 );

namespace AIDoc\Health;

use AIDoc\Plugin;
final class SiteHealth {
	public function __construct( private readonly Plugin $plugin ) {}
	public function register(): void {}
}
