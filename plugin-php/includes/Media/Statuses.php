<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\DatabaseError;
use AIDoc\Jobs\Copies;
use AIDoc\Jobs\Inspector;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\State;
use AIDoc\Rights;
use AIDoc\Settings;
use AIDoc\Summaries\DocumentLinks;
use AIDoc\Summaries\Warnings;

/**
 * Looks up what StatusView needs, for many attachments at once: a screen of 80 rows costs one query on the job table, not 80.
 */
final class Statuses {

	/** @var array<int, ?Job> Jobs already read in this request; null is a known absence. */
	private array $jobs = array();

	/** @var array<int, int> Attachment → its newest summary, of whatever file of it. */
	private array $earlier = array();

	private bool $unavailable = false;

	/** The blog that all of this is about: a request may look at the media of several. */
	private int $blog = 0;

	public function __construct(
		private readonly Jobs $repository,
		private readonly Settings $settings,
		private readonly QueueLook $look,
		private readonly DocumentLinks $links,
		private readonly DiskWatch $disk,
		private readonly Copies $copies,
	) {}

	/** What was read may have changed since. */
	public function forget(): void {
		$this->blog = 0;
		$this->look->forget();
	}

	/** @param int[] $ids */
	public function prime( array $ids ): void {
		$this->follow_blog();
		$ids = array_values( array_diff( $this->copies->originals( array_map( 'intval', $ids ) ), array_keys( $this->jobs ) ) );
		if ( array() === $ids ) {
			return;
		}
		$found = $this->read( $ids );
		$posts = array();
		foreach ( $ids as $id ) {
			$all               = $found[ $id ] ?? array();
			$this->jobs[ $id ] = $all ? end( $all ) : null;
			$posts[]           = $this->jobs[ $id ]->summaryPostId ?? 0;
			$earlier           = self::earlier( $all );
			if ( $earlier > 0 ) {
				$this->earlier[ $id ] = $earlier;
				$posts[]              = $earlier;
			}
		}
		$this->links->prime( array_filter( $posts ) );
		_prime_post_caches( array_filter( array_merge( $ids, $posts ) ), false, true );
	}

	/** @param Job[] $jobs Of one attachment, the present one last. */
	private static function earlier( array $jobs ): int {
		$now = end( $jobs );
		return $now && 0 === $now->summaryPostId && State::Done !== $now->state ? max( array_column( $jobs, 'summaryPostId' ) ) : 0;
	}

	/**
	 * The Media library must open even where our tables are broken.
	 *
	 * @param int[] $ids
	 * @return array<int, Job[]>
	 */
	private function read( array $ids ): array {
		try {
			return $this->repository->all_for_attachments( $ids );
		} catch ( DatabaseError $error ) {
			$this->unavailable = true;
			return array();
		}
	}

	public function job( int $attachment_id ): ?Job {
		$this->prime( array( $attachment_id ) );
		return $this->jobs[ $this->copies->original( $attachment_id ) ];
	}

	/** The attachment that is read for this one, and that the rights to act are those of. */
	public function document( int $attachment_id ): int {
		return $this->copies->original( $attachment_id );
	}

	/** The status of one attachment as the current user may see it. */
	public function status( int $attachment_id ): array {
		return $this->status_of( $attachment_id, $this->job( $attachment_id ) );
	}

	/** As status(), for a given job of that attachment (the queue page also lists older ones). */
	public function status_of( int $attachment_id, ?Job $job ): array {
		$this->follow_blog();
		if ( $this->unavailable ) {
			return StatusView::make( $attachment_id, null, array( 'unavailable' => true ) );
		}
		$context = array(
			'title'   => $this->title( $attachment_id, $job ),
			'can_act' => Rights::document( $this->document( $attachment_id ) ),
		);
		if ( null === $job ) {
			$context += $this->acceptance( $attachment_id );
		} else {
			$context += $this->result( $job );
		}
		if ( State::Leased === $job?->state ) {
			$context['now_ms'] = $this->look->now_ms();
		} elseif ( State::Queued === $job?->state ) {
			$context['waits'] = Waiting::of( $job, $this->look->facts() )['text'];
		}
		return StatusView::make( $attachment_id, $job, $context );
	}

	private function follow_blog(): void {
		if ( get_current_blog_id() !== $this->blog ) {
			$this->blog        = get_current_blog_id();
			$this->jobs        = array();
			$this->earlier     = array();
			$this->unavailable = false;
		}
	}

	private function title( int $attachment_id, ?Job $job ): string {
		$title = get_the_title( $attachment_id );
		return '' !== $title ? html_entity_decode( $title, ENT_QUOTES | ENT_HTML5 ) : (string) ( $job->filename ?? '' );
	}

	/**
	 * Only types that are not chosen are explained beforehand. Whether a single file is too large or missing is said when someone
	 * asks for it to be read: finding out here would touch every file of the library whenever a page of it is shown.
	 */
	private function acceptance( int $attachment_id ): array {
		$mime = (string) get_post_mime_type( $attachment_id );
		return in_array( $mime, $this->settings->mimes(), true ) ? array() : array(
			'refusal'     => Inspector::not_chosen( $mime ),
			'unsupported' => true,
		);
	}

	/** What became of the document, now or from an earlier file of it. */
	private function result( Job $job ): array {
		$post_id = $job->summaryPostId > 0 ? $job->summaryPostId : $this->earlier[ $job->attachmentId ] ?? 0;
		$same    = in_array( $job->mime, $this->settings->mimes(), true ) ? $this->disk->is_same( $job ) : true;
		return array(
			'summary' => $post_id > 0 ? $this->summary( $job, $post_id ) : null,
			'newer'   => false === $same || ( $post_id > 0 && $post_id !== $job->summaryPostId ),
			'checked' => true !== $same,
			'replace' => $this->replace_url( $job ),
		);
	}

	private function replace_url( Job $job ): ?string {
		if ( ! Unread::is_of_the_file( $job ) ) {
			return null;
		}
		/**
		 * Where a person replaces the file of an attachment, for a document that cannot be read as it is.
		 *
		 * @param string $url           Default none: WordPress itself replaces no files.
		 * @param int    $attachment_id The document.
		 */
		$url = (string) apply_filters( 'aidoc_replace_url', '', $job->attachmentId );
		return '' === $url ? null : $url;
	}

	private function summary( Job $job, int $post_id ): array {
		$post = get_post( $post_id );
		$url  = null !== $post && current_user_can( 'edit_post', $post_id ) ? get_edit_post_link( $post_id, 'raw' ) : null;
		return array(
			'exists'  => null !== $post,
			'trashed' => null !== $post && 'trash' === $post->post_status,
			'url'     => $url ? $url : null,
			'missing' => $this->missing( $job ),
			'warning' => $url ? $this->warning( $job ) : '', // It names files inside the document.
			'facts'   => $url ? SummaryFacts::of( $post_id, $job->id ) : '', // Like the fields themselves: for who may edit the summary.
		);
	}

	/** What could not be read beside pages; the panel and the job's page have all sentences. */
	private function warning( Job $job ): string {
		return (int) get_post_meta( $job->summaryPostId, 'aidoc_job_id', true ) === $job->id ? Warnings::of( $job->summaryPostId )[0] ?? '' : '';
	}

	/** From the fields of the summary, unless another file of the attachment has written them since. */
	private function missing( Job $job ): ?MissingPages {
		$field = static fn( string $name ) => get_post_meta( $job->summaryPostId, 'aidoc_' . $name, true );
		if ( (int) $field( 'job_id' ) !== $job->id ) {
			return null;
		}
		$first = max( 1, (int) $field( 'pages_first' ) );
		$last  = (int) $field( 'pages_last' );
		return MissingPages::of( $last > 0 ? $last - $first + 1 : (int) $field( 'pages' ), (array) $field( 'pages_failed' ), $first );
	}
}
