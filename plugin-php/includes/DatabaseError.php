<?php
declare( strict_types=1 );

namespace AIDoc;

/** A statement failed. Its text may name tables, so it goes to the log and never into an answer. */
class DatabaseError extends \RuntimeException {}
