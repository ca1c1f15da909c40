<?php
declare( strict_types=1 );

namespace AIDoc\Offload;

/** Where the bytes of an offloaded document lie. */
final class Place {

	/**
	 * @param string $bucket '' where only the offloader's own addresses lead there.
	 * @param string $key    Of the object in its bucket.
	 * @param string $region '' where the reader's own settings have to say it.
	 */
	public function __construct(
		public readonly string $bucket = '',
		public readonly string $key = '',
		public readonly string $region = '',
	) {}

	/** @return array{kind:string,bucket?:string,key?:string,region?:string,by:string} As a job's row has it; `by` is no business of an agent's. */
	public function spec( string $by ): array {
		if ( '' === $this->bucket ) {
			return array(
				'kind' => 'url',
				'by'   => $by,
			);
		}
		return array(
			'kind'   => 's3',
			'bucket' => $this->bucket,
			'key'    => $this->key,
			'region' => $this->region,
			'by'     => $by,
		);
	}
}
