<?php
declare( strict_types=1 );

namespace AIDoc\Privacy;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Summaries\DocumentLinks;

/** For WordPress' export of personal data: what this site knows of the documents that a person uploaded, and their summaries. */
final class Exporter {

	public function __construct(
		private readonly Jobs $jobs,
		private readonly DocumentLinks $links,
	) {}

	/** @return array{data:list<array<string,mixed>>,done:bool} As core wants it. */
	public function export( string $email, int $page ): array {
		$ids   = Uploads::of( $email, $page );
		$jobs  = $this->jobs->latest_for_attachments( $ids );
		$items = array();
		foreach ( $ids as $id ) {
			$summary = self::post( $this->links->summary_of( $id ) );
			if ( isset( $jobs[ $id ] ) || $summary ) {
				$items[] = self::item( $id, $jobs[ $id ] ?? null, $summary );
			}
		}
		return array(
			'data' => $items,
			'done' => count( $ids ) < Uploads::PER_PAGE,
		);
	}

	/** @return array<string,mixed> */
	private static function item( int $id, ?Job $job, ?\WP_Post $summary ): array {
		$facts = array(
			__( 'File', 'ai-doc-pipeline' )                => $job->filename ?? (string) get_the_title( $id ),
			__( 'Address of the file', 'ai-doc-pipeline' ) => (string) wp_get_attachment_url( $id ),
			__( 'Queued', 'ai-doc-pipeline' )              => $job ? self::time( $job->createdMs ) : '',
			__( 'Last change', 'ai-doc-pipeline' )         => $job ? self::time( $job->updatedMs ) : '',
			__( 'State', 'ai-doc-pipeline' )               => $job->state->value ?? '',
			__( 'Digest of the file (SHA-256)', 'ai-doc-pipeline' ) => $job->sourceSha256 ?? '',
			__( 'Agent that read it', 'ai-doc-pipeline' )  => $job->agentName ?? '',
			__( 'Title of the summary', 'ai-doc-pipeline' ) => $summary ? $summary->post_title : '',
			__( 'Summary', 'ai-doc-pipeline' )             => $summary ? trim( (string) preg_replace( '/\n\s*\n+/', "\n\n", wp_strip_all_tags( $summary->post_content ) ) ) : '',
		);
		$data  = array();
		foreach ( array_filter( $facts, static fn( string $value ): bool => '' !== $value ) as $name => $value ) {
			$data[] = compact( 'name', 'value' );
		}
		return array(
			'group_id'          => 'aidoc-documents',
			'group_label'       => __( 'Document summaries', 'ai-doc-pipeline' ),
			'group_description' => __( 'Documents that this person uploaded, and the summaries that were made of them.', 'ai-doc-pipeline' ),
			'item_id'           => "aidoc-document-$id",
			'data'              => $data,
		);
	}

	/** Without an id core would give the post of the request. */
	private static function post( int $id ): ?\WP_Post {
		return $id > 0 ? get_post( $id ) : null;
	}

	private static function time( int $ms ): string {
		return $ms > 0 ? wp_date( 'Y-m-d H:i:s', intdiv( $ms, 1000 ) ) : '';
	}
}
