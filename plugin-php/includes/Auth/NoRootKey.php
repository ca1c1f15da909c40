<?php
declare( strict_types=1 );

namespace AIDoc\Auth;

/** Nothing can be sealed on this site; see RootKeys::problem(). Code that seals asks KeyStore::problem() first. */
final class NoRootKey extends \RuntimeException {}
