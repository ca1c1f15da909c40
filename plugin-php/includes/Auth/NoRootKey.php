<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** Nothing can be sealed on this site; see RootKeys::complaint(). Whoever seals asks KeyStore::complaint() first. */
final class NoRootKey extends \RuntimeException {}
