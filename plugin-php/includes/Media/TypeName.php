<?php
declare( strict_types=1 );

namespace AIDoc\Media;

/** What people call a type of file: a word for the ones they know, else the ending that WordPress gives such files, else the MIME type. */
final class TypeName {

	public static function of( string $mime ): string {
		return self::word( $mime ) ?? self::ending( $mime );
	}

	private static function word( string $mime ): ?string {
		return match ( true ) {
			'text/plain' === $mime                                      => __( 'Text file', 'ai-doc-pipeline' ),
			'text/html' === $mime                                       => __( 'Web page', 'ai-doc-pipeline' ),
			'message/rfc822' === $mime                                  => __( 'Mail', 'ai-doc-pipeline' ),
			self::has( $mime, 'opendocument' )                          => __( 'OpenDocument file', 'ai-doc-pipeline' ),
			self::has( $mime, 'msword', 'ms-word', 'wordprocessingml' ) => __( 'Word document', 'ai-doc-pipeline' ),
			self::has( $mime, 'ms-excel', 'spreadsheetml' )             => __( 'Excel workbook', 'ai-doc-pipeline' ),
			self::has( $mime, 'ms-powerpoint', 'presentationml' )       => __( 'PowerPoint presentation', 'ai-doc-pipeline' ),
			default                                                     => null,
		};
	}

	private static function has( string $mime, string ...$parts ): bool {
		return array() !== array_filter( $parts, static fn( string $part ): bool => str_contains( $mime, $part ) );
	}

	private static function ending( string $mime ): string {
		$ending = wp_get_default_extension_for_mime_type( $mime );
		return $ending ? strtoupper( $ending ) : $mime;
	}
}
