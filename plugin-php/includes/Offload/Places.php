<?php
declare( strict_types=1 );

namespace AIDoc\Offload;

use AIDoc\Jobs\Job;

/**
 * Where agents find documents that are not in this server's uploads folder. A job's row has the place, which stays; an address that
 * opens it for a while is made for each lease.
 */
final class Places {

	/** So long has an agent to begin, after a wait for other downloads; a lease that is given again brings a new address. */
	private const ADDRESS_SECONDS = HOUR_IN_SECONDS;

	/** @var array<string,Offloader>|null */
	private ?array $offloaders = null;

	/**
	 * @return array{kind:string,bucket?:string,key?:string,region?:string,by:string}|null Null where no plugin keeps this file.
	 */
	public function of( int $attachment_id ): ?array {
		foreach ( $this->offloaders() as $name => $offloader ) {
			$place = $offloader->locate( $attachment_id );
			if ( $place ) {
				return $place->spec( $name );
			}
		}
		return null;
	}

	/** Changes with the place: what a job's row has instead of path, size and time. */
	public static function fingerprint( array $spec ): string {
		return sha1( (string) wp_json_encode( $spec ) );
	}

	/**
	 * What the agent is told that holds this lease.
	 *
	 * @return array{kind:string,url?:string,bucket?:string,key?:string,region?:string}
	 */
	public function for_lease( Job $job ): array {
		$spec    = $job->source_spec();
		$by      = $spec['by'] ?? '';
		$address = $this->address( $by, $job->attachmentId );
		unset( $spec['by'] );
		if ( '' !== $address ) {
			$spec = array(
				'kind' => 'url',
				'url'  => $address,
			);
		}
		if ( '' === $by ) {
			return $spec;
		}
		/**
		 * Decides how an agent reads an offloaded document. By default it gets an address, signed where the bucket is private, if the
		 * offloading plugin can make one, and else the object in its bucket, which it reads with keys of its own.
		 *
		 * @param array  $spec          Kind `url` with `url`, or kind `s3` with `bucket`, `key` and `region`.
		 * @param int    $attachment_id The attachment.
		 * @param array  $place         The object in its bucket, where that is known; else `array( 'kind' => 'url' )`.
		 */
		return (array) apply_filters( 'aidoc_lease_source', $spec, $job->attachmentId, array_diff_key( $job->source_spec(), array( 'by' => '' ) ) );
	}

	private function address( string $by, int $attachment_id ): string {
		$offloader = '' === $by ? null : ( $this->offloaders()[ $by ] ?? null );
		if ( ! $offloader ) {
			return '';
		}
		try {
			$address = $offloader->address( $attachment_id, self::ADDRESS_SECONDS );
		} catch ( \Throwable ) {
			return ''; // Its keys, its library, its network: the agent's own keys are the other way.
		}
		return in_array( wp_parse_url( $address, PHP_URL_SCHEME ), array( 'https', 'http' ), true ) ? $address : '';
	}

	/** @return array<string,Offloader> */
	private function offloaders(): array {
		if ( null === $this->offloaders ) {
			/**
			 * The plugins that are asked where an offloaded document lies, the first that knows it decides.
			 *
			 * @param array $offloaders Each an Offloader.
			 */
			$all              = (array) apply_filters( 'aidoc_offloaders', array( new OffloadMedia(), new S3Uploads(), new MediaCloud(), new StreamUploads() ) );
			$all              = array_filter( $all, static fn( $one ): bool => $one instanceof Offloader );
			$this->offloaders = array_combine( array_map( static fn( Offloader $one ): string => $one->name(), $all ), $all );
		}
		return $this->offloaders;
	}
}
