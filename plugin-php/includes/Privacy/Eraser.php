<?php
declare( strict_types=1 );

namespace AIDoc\Privacy;

use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Summaries\DocumentLinks;

/**
 * For WordPress' erasure of personal data: deletes the summaries of the documents that a person uploaded and what is known of their
 * processing, and has agents erase what they keep. The files stay, as core leaves them: whether they are personal is for people to say.
 */
final class Eraser {

	public function __construct(
		private readonly Jobs $jobs,
		private readonly Manager $manager,
		private readonly DocumentLinks $links,
		private readonly Erasures $erasures,
	) {}

	/** @return array{items_removed:int,items_retained:int,messages:string[],done:bool} As core wants it. */
	public function erase( string $email, int $page ): array {
		$ids      = Uploads::of( $email, $page );
		$removed  = 0;
		$retained = 0;
		foreach ( $ids as $id ) {
			$done      = $this->erase_one( $id );
			$removed  += true === $done ? 1 : 0;
			$retained += false === $done ? 1 : 0;
		}
		return array(
			'items_removed'  => $removed,
			'items_retained' => $retained,
			'messages'       => $this->messages( $removed, $retained ),
			'done'           => count( $ids ) < Uploads::PER_PAGE,
		);
	}

	/** @return bool|null Null where there was nothing; false where another plugin keeps the summary. */
	private function erase_one( int $attachment_id ): ?bool {
		$summary = $this->links->summary_of( $attachment_id );
		$known   = isset( $this->jobs->latest_for_attachments( array( $attachment_id ) )[ $attachment_id ] );
		if ( 0 === $summary && ! $known ) {
			return null;
		}
		$this->erasures->of_attachment( $attachment_id );
		$this->manager->attachment_deleted( $attachment_id ); // Ends what agents have in work.
		if ( $summary > 0 && ! wp_delete_post( $summary, true ) ) {
			return false;
		}
		$this->jobs->delete_of_attachment( $attachment_id );
		return true;
	}

	/** @return string[] */
	private function messages( int $removed, int $retained ): array {
		$messages = array();
		if ( $removed > 0 ) {
			$messages[] = __( 'Summaries were deleted. Agents erase their texts of these documents with their next request; the files themselves stay in the Media Library, where they can be deleted.', 'ai-doc-pipeline' );
		}
		if ( $retained > 0 ) {
			$messages[] = __( 'A summary could not be deleted because another plugin keeps it.', 'ai-doc-pipeline' );
		}
		return $messages;
	}
}
