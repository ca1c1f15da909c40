<?php
declare( strict_types=1 );

namespace AIDoc;

/** The database took a transaction back: another one was in its way. Run again, it may well pass. */
final class RolledBack extends DatabaseError {}
