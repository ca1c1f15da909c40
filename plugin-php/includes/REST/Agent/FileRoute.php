<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Auth\Principal;
use AIDoc\Auth\Principals;
use AIDoc\Jobs\Inspector;
use AIDoc\Jobs\Job;
use AIDoc\Jobs\Manager;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\Jobs\UploadedFile;
use AIDoc\Queue\Digests;
use AIDoc\Queue\Fence;
use AIDoc\Queue\Freshness;
use AIDoc\Queue\LeaseRef;
use AIDoc\Queue\Leases;

/** GET /jobs/{id}/file: the document's bytes for the holder of the lease. */
final class FileRoute extends AgentRoute {

	public const METHOD = 'GET';

	public function __construct(
		private readonly Principals $principals,
		private readonly Jobs $jobs,
		private readonly Manager $manager,
		private readonly Digests $digests,
		private readonly Freshness $fresh,
		private readonly Leases $leases,
	) {}

	public function fields(): array {
		return array();
	}

	public function answer( Principal $principal, array $body, \WP_REST_Request $request ): \WP_REST_Response|\WP_Error {
		if ( ! preg_match( '/^([0-9]{1,18}):([A-Za-z0-9_-]{22})$/D', (string) $request->get_header( 'X-Aidoc-Lease' ), $part ) ) {
			return $this->uncovered( $request, ( new FieldError( 'aidoc_invalid_field', 'X-Aidoc-Lease' ) )->wp_error() );
		}
		$ref  = new LeaseRef( (int) $request['id'], (int) $part[1], $part[2], $principal->agentId );
		$job  = $this->jobs->find( $ref->jobId );
		$code = Fence::check( $job, $ref );
		if ( '' !== $code ) {
			return $this->uncovered( $request, Fence::error( $code ) );
		}
		if ( $job->is_unread() ) {
			ignore_user_abort( true ); // Of a very large file the digest takes longer than some wait: they come again, and it is there.
			$job = $this->digests->complete( array( $job ), INF )[0] ?? null;
			if ( ! $job ) {
				return Fence::error( Fence::refusal( $this->jobs->find( $ref->jobId ), $ref ) );
			}
		}
		$file = '' === $job->sourceSha256 ? null : UploadedFile::of( $job->attachmentId );
		if ( ! $file && $this->fresh->follow( $job ) ) {
			$this->leases->release( $ref ); // The next lease names the place; this one told the agent to come here.
			return Fence::error( 'aidoc_lease_lost' );
		}
		if ( ! $file ) {
			return new \WP_Error( 'aidoc_file_missing', Inspector::missing(), array( 'status' => 404 ) );
		}
		if ( $this->replaced( $job, $file ) ) {
			return Fence::error( Manager::SOURCE_CHANGED );
		}
		return $this->serve( $request, $job, $file );
	}

	/** The file was replaced without WordPress (FTP, a sync): found when the time or size differs. */
	private function replaced( Job $job, UploadedFile $file ): bool {
		if ( $file->fingerprint() === $job->fingerprint ) {
			return false;
		}
		if ( $file->sha256() === $job->sourceSha256 ) {
			$this->jobs->set_fingerprint( $job->id, $file->fingerprint() );
			return false;
		}
		$this->manager->enqueue( $job->attachmentId );
		return true;
	}

	/** An answer that follows from what no signature covers (a header): it may have been changed in transit. */
	private function uncovered( \WP_REST_Request $request, \WP_REST_Response|\WP_Error $answer ): \WP_REST_Response|\WP_Error {
		$this->principals->mark_unverified( $request );
		return $answer;
	}

	private function serve( \WP_REST_Request $request, Job $job, UploadedFile $file ): \WP_REST_Response|\WP_Error {
		$size  = $file->bytes();
		$etag  = '"' . $job->sourceSha256 . '"';
		$guard = $request->get_header( 'If-Range' );
		$range = null === $guard || $guard === $etag ? ByteRange::parse( (string) $request->get_header( 'Range' ), $size ) : ByteRange::whole( $size );
		if ( ! $range ) {
			$answer = rest_convert_error_to_response( new \WP_Error( 'aidoc_range_not_satisfiable', __( 'The file has no such range.', 'ai-doc-pipeline' ), array( 'status' => 416 ) ) );
			$answer->header( 'Content-Range', "bytes */$size" );
			return $this->uncovered( $request, $answer );
		}
		$answer = new FileAnswer( $file, $range, base64_encode( hex2bin( $job->sourceSha256 ) ) );
		$answer->set_status( $range->partial ? 206 : 200 );
		$answer->header( 'Content-Type', 'application/octet-stream' );
		$answer->header( 'Content-Disposition', 'attachment' );
		$answer->header( 'Accept-Ranges', 'bytes' );
		$answer->header( 'ETag', $etag );
		$answer->header( 'Content-Length', (string) $range->length );
		if ( $range->partial ) {
			$answer->header( 'Content-Range', sprintf( 'bytes %d-%d/%d', $range->offset, $range->offset + $range->length - 1, $size ) );
		}
		return $answer;
	}
}
