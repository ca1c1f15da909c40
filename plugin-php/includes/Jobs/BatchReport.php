<?php
declare( strict_types=1 );

namespace AIDoc\Jobs;

/** What became of many documents: how many were done, which were left alone and which were refused, each with its reason. */
final class BatchReport {

	/** So many documents are named for one reason. */
	private const NAMED = 3;

	private int $done = 0;

	/** @var array<string,int> Reason → documents. */
	private array $skipped = array();

	/** @var array<string,list<int>> Reason → attachments. */
	private array $refused = array();

	public function __construct( private readonly string $action ) {}

	public function done(): void {
		++$this->done;
	}

	public function skipped( string $reason ): void {
		$this->skipped[ $reason ] = ( $this->skipped[ $reason ] ?? 0 ) + 1;
	}

	public function refused( int $attachment_id, string $reason ): void {
		$this->refused[ $reason ][] = $attachment_id;
	}

	/** @return array{done:int,skipped:int,refused:int} */
	public function counts(): array {
		return array(
			'done'    => $this->done,
			'skipped' => array_sum( $this->skipped ),
			'refused' => array_sum( array_map( 'count', $this->refused ) ),
		);
	}

	/** @return list<string> A sentence for what was done, what was left alone, and each reason of a refusal. */
	public function sentences(): array {
		$all = array( $this->done_sentence() );
		if ( $this->skipped ) {
			$all[] = $this->skipped_sentence();
		}
		foreach ( $this->refused as $reason => $ids ) {
			$all[] = $this->refused_sentence( (string) $reason, $ids );
		}
		return $all;
	}

	private function done_sentence(): string {
		return sprintf(
			Batch::CANCEL === $this->action
				/* translators: %s: number of documents. */
				? _n( '%s document was cancelled.', '%s documents were cancelled.', $this->done, 'ai-doc-pipeline' )
				/* translators: %s: number of documents. */
				: _n( '%s document was queued.', '%s documents were queued.', $this->done, 'ai-doc-pipeline' ),
			number_format_i18n( $this->done )
		);
	}

	private function skipped_sentence(): string {
		$parts = array();
		foreach ( $this->skipped as $reason => $count ) {
			/* translators: 1: a reason, such as "summarised already", 2: number of documents. */
			$parts[] = sprintf( __( '%1$s (%2$s)', 'ai-doc-pipeline' ), $reason, number_format_i18n( $count ) );
		}
		$count = array_sum( $this->skipped );
		return sprintf(
			/* translators: 1: number of documents, 2: reasons with their numbers, such as "summarised already (2) and waiting already (1)". */
			_n( '%1$s was left alone: %2$s.', '%1$s were left alone: %2$s.', $count, 'ai-doc-pipeline' ),
			number_format_i18n( $count ),
			wp_sprintf( '%l', $parts )
		);
	}

	/** @param int[] $ids */
	private function refused_sentence( string $reason, array $ids ): string {
		$names = array_map( static fn( int $id ): string => self::name( $id ), array_slice( $ids, 0, self::NAMED ) );
		if ( count( $ids ) > self::NAMED ) {
			/* translators: %s: number of further documents, the last item of a list of their names. */
			$names[] = sprintf( __( '%s more', 'ai-doc-pipeline' ), number_format_i18n( count( $ids ) - self::NAMED ) );
		}
		/* translators: 1: names of documents, 2: the reason, a sentence. */
		return sprintf( __( 'Refused: %1$s. %2$s', 'ai-doc-pipeline' ), wp_sprintf( '%l', $names ), $reason );
	}

	/** Names only what the person may read; of another document nothing but its number, which they sent. */
	private static function name( int $id ): string {
		$title = current_user_can( 'read_post', $id ) ? html_entity_decode( get_the_title( $id ), ENT_QUOTES | ENT_HTML5 ) : '';
		/* translators: 1: title of a document. */
		return '' === $title ? "#$id" : sprintf( __( '“%s”', 'ai-doc-pipeline' ), $title );
	}
}
