<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Settings;

/** Which types of file can be read at all, whatever the settings say now. */
final class Readable {

	/** False: a video, an archive, a font. The library says "—" there, and offers nothing. */
	public static function is_readable_type( string $mime ): bool {
		static $known = null;
		$known      ??= array_fill_keys( array_map( 'strtolower', array_merge( ...array_values( array_column( Settings::type_groups(), 'mimes' ) ) ) ), true );
		return isset( $known[ strtolower( $mime ) ] );
	}
}
