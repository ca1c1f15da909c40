<?php
declare( strict_types=1 );

namespace AIDoc\Privacy;

use AIDoc\DatabaseError;
use AIDoc\ErrorLog;
use AIDoc\Lifecycle;
use AIDoc\Schema;
use AIDoc\Summaries\PostType;

/** What is deleted for good in WordPress is erased by agents too: their text of a document, and all they keep for it. A deletion never fails because of us. */
final class Deletions {

	public function __construct( private readonly Erasures $erasures ) {}

	public function attachment( int $id ): void {
		$this->note( fn() => $this->erasures->of_attachment( $id ) );
	}

	/** Any post: all but summaries are left alone. */
	public function post( int $id ): void {
		if ( PostType::NAME === get_post_type( $id ) ) {
			$this->note( fn() => $this->erasures->of_summary( $id ) );
		}
	}

	/** @param callable():int $work */
	private function note( callable $work ): void {
		if ( ! Lifecycle::is_active_here() ) {
			return;
		}
		try {
			Schema::maybe_upgrade();
			$work();
		} catch ( DatabaseError $error ) {
			ErrorLog::add( $error );
		}
	}
}
