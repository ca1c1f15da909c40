<?php
declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Queue\Doorbell;

/**
 * Somebody opens a screen from which documents are uploaded. An agent that works for many sites looks at the doorbells of quiet ones seldom; one
 * ring makes it look often again, before the upload is there.
 */
final class Presence {

	public function __construct( private readonly Doorbell $doorbell ) {}

	public function register(): void {
		add_action( 'load-upload.php', array( $this, 'seen' ) );
		add_action( 'load-media-new.php', array( $this, 'seen' ) );
		add_action( 'wp_enqueue_media', array( $this, 'seen' ) ); // The media modal: the editors.
	}

	public function seen(): void {
		if ( current_user_can( 'upload_files' ) ) {
			$this->doorbell->wake();
		}
	}
}
