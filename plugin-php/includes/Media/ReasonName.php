<?php
declare( strict_types=1 );

namespace AIDoc\Media;

/** What people call a reason why documents wait or failed, where many are listed; beside one document stands its own sentence. */
final class ReasonName {

	/** @return string The code itself where it is none that people meet. */
	public static function of( string $code ): string {
		return self::of_the_file( $code ) ?? self::of_the_work( $code ) ?? self::of_the_site( $code ) ?? $code;
	}

	private static function of_the_file( string $code ): ?string {
		return match ( $code ) {
			'encrypted'                                                   => __( 'Needs a password', 'ai-doc-pipeline' ),
			'corrupt_file', 'no_pages'                                    => __( 'Damaged file', 'ai-doc-pipeline' ),
			'empty_file', 'aidoc_file_empty'                              => __( 'Empty file', 'ai-doc-pipeline' ),
			'file_missing', 'aidoc_file_missing'                          => __( 'File is missing', 'ai-doc-pipeline' ),
			'no_text'                                                     => __( 'No text', 'ai-doc-pipeline' ),
			'no_such_pages'                                               => __( 'Has none of the pages to read', 'ai-doc-pipeline' ),
			'too_large', 'aidoc_file_too_large', 'aidoc_too_large_for_agents' => __( 'Too large', 'ai-doc-pipeline' ),
			'unsupported_type'                                            => __( 'Content of another type than its name says', 'ai-doc-pipeline' ),
			default                                                       => null,
		};
	}

	private static function of_the_work( string $code ): ?string {
		return match ( $code ) {
			'extract_timeout', 'max_runtime'                              => __( 'Took too long', 'ai-doc-pipeline' ),
			'extract_crash', 'agent_crashed', 'aidoc_crashed'             => __( 'The agent crashed while it read', 'ai-doc-pipeline' ),
			'ocr_language_missing'                                        => __( 'The agent lacks a language', 'ai-doc-pipeline' ),
			'download_failed', 'download_interrupted', 'source_mismatch'  => __( 'Could not be downloaded', 'ai-doc-pipeline' ),
			'source_not_allowed', 'source_refused', 'source_denied'       => __( 'Its bucket or host does not let the agent in', 'ai-doc-pipeline' ),
			'model_auth', 'model_quota', 'model_not_found', 'model_region' => __( 'The model’s provider refuses the account', 'ai-doc-pipeline' ),
			'model_rate_limited', 'model_unavailable', 'model_bad_answer' => __( 'The model gave no usable answer', 'ai-doc-pipeline' ),
			'model_refused'                                               => __( 'The model refused the text', 'ai-doc-pipeline' ),
			'spend_cap_reached', 'budget_exceeded'                        => __( 'Spending cap', 'ai-doc-pipeline' ),
			'store_failed', 'disk_full', 'disk_error'                     => __( 'No room, or no access to the store', 'ai-doc-pipeline' ),
			default                                                       => null,
		};
	}

	private static function of_the_site( string $code ): ?string {
		return match ( $code ) {
			'aidoc_no_reader'      => __( 'No agent reads this type', 'ai-doc-pipeline' ),
			'aidoc_no_local_agent' => __( 'No agent for local only documents', 'ai-doc-pipeline' ),
			'aidoc_cancelled'      => __( 'Cancelled by a person', 'ai-doc-pipeline' ),
			'aidoc_source_changed' => __( 'The file was replaced or deleted', 'ai-doc-pipeline' ),
			default                => null,
		};
	}
}
