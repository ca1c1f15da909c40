<?php
declare( strict_types=1 );

namespace AIDoc;

/** The database rolled a transaction back because of another one (deadlock, lock wait timeout). Transient: run again, it may succeed. */
final class RolledBack extends DatabaseError {}
