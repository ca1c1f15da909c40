<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\State;

/**
 * Turns a job into what a person reads about it: one array for the Media list, the grid, the details and REST.
 *
 * Pure: everything it needs comes in, nothing is looked up, so PHP rendering and the live answers cannot disagree.
 *
 * @phpstan-type Context array{
 *   title?: string,
 *   now_ms?: int,
 *   refusal?: ?string,
 *   unsupported?: bool,
 *   unavailable?: bool,
 *   can_act?: bool,
 *   waits?: string,
 *   replace?: ?string,
 *   newer?: bool,
 *   checked?: bool,
 *   summary?: ?array{exists: bool, trashed: bool, url: ?string, missing?: ?MissingPages, warning?: string, facts?: string}
 * }
 */
final class StatusView {

	/** States in which the item still moves by itself; the browser keeps asking while it shows one of them. */
	private const PENDING = array( 'queued', 'processing' );

	/**
	 * @param array $context See the type above. `refusal` is why a document without a job would not be accepted, `waits`
	 *                       why a queued one waits, `summary` what became of the post,
	 *                       `newer` that the file has changed since that was written, `checked` that
	 *                       this is being found out, `replace` where a person replaces the file, by another plugin.
	 * @return array{attachment:int,job:?int,title:string,state:string,label:string,badge:string,detail:string,flag:string,facts:string,text:string,progress:?array{done:int,total:int,percent:int},link:?array{url:string,label:string},actions:list<array{name:string,label:string}>,pending:bool,leased:bool,updated_ms:int}
	 */
	public static function make( int $attachment_id, ?Job $job, array $context = array() ): array {
		$context += array(
			'title'       => '',
			'now_ms'      => (int) ( microtime( true ) * 1000 ),
			'refusal'     => null,
			'unsupported' => false,
			'unavailable' => false,
			'can_act'     => false,
			'waits'       => '',
			'summary'     => null,
			'newer'       => false,
			'checked'     => false,
			'replace'     => null,
		);

		$parts = null === $job ? self::without_job( $context ) : match ( $job->state ) {
			State::Queued    => self::queued( $context ),
			State::Leased    => self::leased( $job, $context ),
			State::Done      => self::done( $context ),
			State::Failed    => Unread::parts( $job, $context['replace'] ),
			State::Cancelled => self::cancelled( $job ),
		};

		$parts += self::earlier( $context );
		$parts += array(
			'badge'    => $parts['label'],
			'detail'   => '',
			'flag'     => '',
			'facts'    => '',
			'progress' => null,
			'link'     => null,
			'actions'  => array(),
		);

		return array(
			'attachment' => $attachment_id,
			'job'        => $job?->id,
			'title'      => (string) $context['title'],
			'state'      => $parts['state'],
			'label'      => $parts['label'],
			'badge'      => $parts['badge'],
			'detail'     => $parts['detail'],
			'flag'       => $parts['flag'],
			'facts'      => $parts['facts'],
			'text'       => self::sentence( $parts ),
			'progress'   => $parts['progress'],
			'link'       => $parts['link'],
			'actions'    => $context['can_act'] ? array_map( array( self::class, 'action' ), $parts['actions'] ) : array(),
			'pending'    => $context['checked'] || in_array( $parts['state'], self::PENDING, true ),
			'leased'     => 'processing' === $parts['state'],
			'updated_ms' => $job?->updatedMs ?? 0,
		);
	}

	/** The dashicon of a state: a shape beside the colour, for those who do not see the colour. */
	public static function icon( string $state ): string {
		return match ( $state ) {
			'queued'     => 'clock',
			'processing' => 'update',
			'done'       => 'yes-alt',
			'failed'     => 'warning',
			'notext'     => 'format-image',
			'cancelled'  => 'dismiss',
			default      => 'media-document',
		};
	}

	private static function without_job( array $context ): array {
		if ( $context['unsupported'] ) {
			return array(
				'state'  => 'unsupported',
				'label'  => '—',
				'badge'  => '',
				'detail' => (string) $context['refusal'],
			);
		}
		if ( $context['unavailable'] ) {
			return array(
				'state'  => 'none',
				'label'  => __( 'Unknown', 'ai-doc-pipeline' ),
				'badge'  => '',
				'detail' => __( 'The queue cannot be read from the database. Site Health says more.', 'ai-doc-pipeline' ),
			);
		}
		if ( null !== $context['refusal'] ) {
			return array(
				'state'  => 'none',
				'label'  => __( 'Cannot be read', 'ai-doc-pipeline' ),
				'badge'  => '',
				'detail' => (string) $context['refusal'],
			);
		}
		return array(
			'state'   => 'none',
			'label'   => __( 'Not read yet', 'ai-doc-pipeline' ),
			'badge'   => '',
			'actions' => array( 'enqueue' ),
		);
	}

	private static function queued( array $context ): array {
		return array(
			'state'   => 'queued',
			'label'   => __( 'Queued', 'ai-doc-pipeline' ),
			'detail'  => (string) $context['waits'],
			'actions' => array( 'cancel' ),
		);
	}

	private static function leased( Job $job, array $context ): array {
		$late = $job->leaseExpiresMs > 0 && $job->leaseExpiresMs < $context['now_ms'];
		return array(
			'state'    => 'processing',
			'label'    => '' === $job->agentName
				? __( 'Processing', 'ai-doc-pipeline' )
				/* translators: %s: name of the agent (the program that reads documents). */
				: sprintf( __( 'Processing by %s', 'ai-doc-pipeline' ), $job->agentName ),
			'badge'    => $job->total > 0 ? sprintf( '%d/%d', min( $job->done, $job->total ), $job->total ) : __( 'Processing', 'ai-doc-pipeline' ),
			'detail'   => $late ? __( 'The agent stopped answering. The document goes to the next free agent.', 'ai-doc-pipeline' ) : self::phase( $job ),
			'progress' => self::progress( $job ),
			'actions'  => array( 'cancel' ),
		);
	}

	/** What the agent does right now, from the phase of its last beat. */
	private static function phase( Job $job ): string {
		$counted = $job->total > 0;
		$total   = $job->total;
		$at      = max( 1, min( $job->done, $total ) );
		return match ( $job->phase ) {
			'download'  => __( 'Downloading', 'ai-doc-pipeline' ),
			'extract'   => $counted
				/* translators: 1: page number, 2: number of pages. */
				? sprintf( __( 'Reading page %1$d of %2$d', 'ai-doc-pipeline' ), $at, $total )
				: __( 'Reading', 'ai-doc-pipeline' ),
			'ocr'       => $counted
				/* translators: 1: page number, 2: number of pages. OCR: text is recognised in an image. */
				? sprintf( __( 'Recognising page %1$d of %2$d', 'ai-doc-pipeline' ), $at, $total )
				: __( 'Recognising text', 'ai-doc-pipeline' ),
			'summarise' => $counted
				/* translators: 1: number of the part, 2: number of parts. */
				? sprintf( __( 'Summarising part %1$d of %2$d', 'ai-doc-pipeline' ), $at, $total )
				: __( 'Summarising', 'ai-doc-pipeline' ),
			'store', 'report' => __( 'Saving', 'ai-doc-pipeline' ),
			default     => __( 'Starting', 'ai-doc-pipeline' ),
		};
	}

	private static function progress( Job $job ): ?array {
		if ( $job->total < 1 ) {
			return null;
		}
		$done = max( 0, min( $job->done, $job->total ) );
		return array(
			'done'    => $done,
			'total'   => $job->total,
			'percent' => (int) floor( 100 * $done / $job->total ),
		);
	}

	private static function done( array $context ): array {
		$parts   = array(
			'state' => 'done',
			'label' => __( 'Done', 'ai-doc-pipeline' ),
		);
		$summary = $context['summary'];
		if ( null === $summary || ! $summary['exists'] ) {
			return $parts + array(
				'detail'  => __( 'The summary has been deleted.', 'ai-doc-pipeline' ),
				'actions' => array( 'enqueue' ),
			);
		}
		if ( $summary['trashed'] ) {
			return $parts + array(
				'detail' => __( 'The summary is in the Trash.', 'ai-doc-pipeline' ),
			);
		}
		$parts          += self::missing( $summary['missing'] ?? null );
		$parts['facts']  = $summary['facts'] ?? '';
		$parts['detail'] = trim( ( $parts['detail'] ?? '' ) . ' ' . ( $summary['warning'] ?? '' ) );
		return $parts + array( 'actions' => array( 'redo' ) );
	}

	/** The summary stays at hand while its document is read again, and says so where the file is another one by now. */
	private static function earlier( array $context ): array {
		$summary = $context['summary'];
		if ( null === $summary || ! $summary['exists'] || $summary['trashed'] ) {
			return array();
		}
		return array(
			'flag' => $context['newer'] ? __( 'The file is newer than this summary.', 'ai-doc-pipeline' ) : '',
			'link' => null === $summary['url'] ? null : array(
				'url'   => $summary['url'],
				'label' => __( 'Open the summary', 'ai-doc-pipeline' ),
			),
		);
	}

	/** A document is done although pages of it could not be read; they can be tried once more. */
	private static function missing( ?MissingPages $missing ): array {
		return null === $missing ? array() : array(
			'badge'   => $missing->badge(),
			'detail'  => $missing->sentence(),
			'actions' => array(
				array(
					'name'  => 'retry',
					'label' => $missing->button(),
				),
			),
		);
	}

	private static function cancelled( Job $job ): array {
		return array(
			'state'   => 'cancelled',
			'label'   => __( 'Cancelled', 'ai-doc-pipeline' ),
			// The label says enough where a person did it; that the file was replaced has to be explained.
			'detail'  => Manager::CANCELLED === $job->errorCode ? '' : $job->errorMessage,
			'actions' => array( 'retry' ),
		);
	}

	/**
	 * @param string|array{name:string,label:string} $name An array where the usual label would not tell enough.
	 * @return array{name:string,label:string}
	 */
	private static function action( string|array $name ): array {
		return is_array( $name ) ? $name : array(
			'name'  => $name,
			'label' => match ( $name ) {
				'enqueue' => __( 'Read this document', 'ai-doc-pipeline' ),
				'retry'   => __( 'Retry', 'ai-doc-pipeline' ),
				'cancel'  => __( 'Cancel', 'ai-doc-pipeline' ),
				'redo'    => __( 'Read again', 'ai-doc-pipeline' ),
			},
		);
	}

	/** The whole status in one line, for screen readers and titles. */
	private static function sentence( array $parts ): string {
		if ( 'unsupported' === $parts['state'] ) {
			return $parts['detail'];
		}
		if ( '' === $parts['detail'] ) {
			return $parts['label'];
		}
		/* translators: 1: state, such as "Failed" or "Processing by office", 2: reason or progress. */
		return sprintf( __( '%1$s: %2$s', 'ai-doc-pipeline' ), $parts['label'], $parts['detail'] );
	}
}
