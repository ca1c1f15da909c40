<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** What leaves the site with an export: the text, for those who may read every summary; never the fields of the machine. */
final class Export {

	public function register(): void {
		add_action( 'export_wp', array( self::class, 'close_export' ) );
		add_filter( 'wxr_export_skip_postmeta', array( self::class, 'skip_fields' ), 10, 2 );
	}

	/** An export has no place for a rule by item. */
	public static function close_export(): void {
		get_post_type_object( PostType::NAME )->can_export = Readable::all( Readable::reader() );
	}

	/** The key in the object store, the agent's name and the cost mean nothing to another site, and the link none of its ids. */
	public static function skip_fields( $skip, $key ): bool {
		return $skip || Meta::is_ours( (string) $key );
	}
}
