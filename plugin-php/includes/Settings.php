<?php
declare( strict_types=1 );

namespace AIDoc;

use AIDoc\Auth\KeyStore;

/** The options an admin can change. Each request of wp-admin asks for some: they are read with the options of the site, and hold no secret. */
final class Settings {

	public const OPTION        = 'aidoc_settings';
	public const LEGACY_SECRET = 'aidoc_legacy_secret';
	private const MIN_SECRET   = 16;

	/** Of those that are told of failures. */
	private const MOST_ADDRESSES = 10;

	public function __construct( private readonly KeyStore $keys ) {}

	/** @return array{enqueue_on_upload:bool,types:string[],max_bytes:int,max_attempts:int,leases_per_agent:int,allowed_ips:string[],trusted_proxies:string[],legacy_enabled:bool,require_public_keys:bool,doorbell:bool,delete_data_on_uninstall:bool,show_on_attachment_page:bool,search_summaries:bool,author:int,max_usd_day:float,max_usd_month:float,max_tokens_day:int,max_tokens_month:int,local_only:string,local_only_types:string[],images:string,first_pages:int,digest_to:string[]} */
	public function defaults(): array {
		return array(
			'enqueue_on_upload'        => true,
			'types'                    => array_keys( self::type_groups() ),
			'max_bytes'                => 100 * MB_IN_BYTES,
			'max_attempts'             => 4,
			'leases_per_agent'         => 64,
			'allowed_ips'              => array(), // Empty: from anywhere.
			'trusted_proxies'          => array(),
			'legacy_enabled'           => false,
			'require_public_keys'      => false,
			'doorbell'                 => true,
			'delete_data_on_uninstall' => false,
			'show_on_attachment_page'  => false,
			'search_summaries'         => false,
			'author'                   => 0, // 0: the uploader of the document.
			'max_usd_day'              => 0.0, // Of these 0 is no cap.
			'max_usd_month'            => 0.0,
			'max_tokens_day'           => 0,
			'max_tokens_month'         => 0,
			'local_only'               => 'none', // Else all documents, or those of the types that follow.
			'local_only_types'         => array(),
			'images'                   => 'documents', // What of uploaded pictures is read by itself: all, those that may be documents, or none.
			'digest_to'                => array(), // Addresses that are told of failures.
			'first_pages'              => 0, // So many pages of a document are read; 0: all.
		);
	}

	/** An option that is not there is asked for by each request anew. */
	public static function make_room(): void {
		if ( ! is_array( get_option( self::OPTION ) ) ) {
			update_option( self::OPTION, array(), true );
		}
	}

	/** @return array<string, array{label:string, mimes:string[]}> */
	public static function type_groups(): array {
		return array(
			'pdf'      => array(
				'label' => __( 'PDF', 'ai-doc-pipeline' ),
				'mimes' => array( 'application/pdf' ),
			),
			'office'   => array(
				'label' => __( 'Office documents (Word, Excel, PowerPoint, OpenDocument, Pages, Numbers, Keynote, XPS, EPUB)', 'ai-doc-pipeline' ),
				'mimes' => array(
					'application/msword',
					'application/vnd.ms-word.document.macroEnabled.12',
					'application/vnd.ms-word.template.macroEnabled.12',
					'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
					'application/vnd.openxmlformats-officedocument.wordprocessingml.template',
					'application/vnd.ms-excel',
					'application/vnd.ms-excel.sheet.macroEnabled.12',
					'application/vnd.ms-excel.sheet.binary.macroEnabled.12',
					'application/vnd.ms-excel.template.macroEnabled.12',
					'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
					'application/vnd.openxmlformats-officedocument.spreadsheetml.template',
					'application/vnd.ms-powerpoint',
					'application/vnd.ms-powerpoint.presentation.macroEnabled.12',
					'application/vnd.ms-powerpoint.slideshow.macroEnabled.12',
					'application/vnd.ms-powerpoint.template.macroEnabled.12',
					'application/vnd.openxmlformats-officedocument.presentationml.presentation',
					'application/vnd.openxmlformats-officedocument.presentationml.slideshow',
					'application/vnd.openxmlformats-officedocument.presentationml.template',
					'application/vnd.oasis.opendocument.text',
					'application/vnd.oasis.opendocument.spreadsheet',
					'application/vnd.oasis.opendocument.presentation',
					'application/vnd.apple.pages',
					'application/vnd.apple.numbers',
					'application/vnd.apple.keynote',
					'application/vnd.ms-xpsdocument',
					'application/oxps',
					'application/x-hwp',
					'application/haansofthwp',
					'application/vnd.hancom.hwp',
					'application/hwp+zip',
					'application/haansofthwpx',
					'application/vnd.hancom.hwpx',
					'application/epub+zip',
				),
			),
			'images'   => array(
				'label' => __( 'Images and scans (JPEG, PNG, TIFF, WebP, GIF, BMP, HEIC)', 'ai-doc-pipeline' ),
				'mimes' => array( 'image/jpeg', 'image/png', 'image/tiff', 'image/webp', 'image/gif', 'image/bmp', 'image/heic' ),
			),
			'text'     => array(
				'label' => __( 'Plain text (TXT, CSV, Markdown, HTML, subtitles, mail)', 'ai-doc-pipeline' ),
				'mimes' => array( 'text/plain', 'text/csv', 'text/tab-separated-values', 'text/markdown', 'text/html', 'text/vtt', 'message/rfc822' ),
			),
			'rtf'      => array(
				'label' => __( 'Rich text (RTF)', 'ai-doc-pipeline' ),
				'mimes' => array( 'application/rtf', 'text/rtf', 'text/richtext' ),
			),
			'archives' => array(
				'label' => __( 'Archives, read file by file (ZIP, TAR, GZ, RAR)', 'ai-doc-pipeline' ),
				'mimes' => array( 'application/zip', 'application/x-tar', 'application/x-gzip', 'application/rar' ),
			),
		);
	}

	/** @return string[] MIME types of the chosen groups. */
	public function mimes(): array {
		return self::mimes_of( $this->get( 'types' ) );
	}

	/**
	 * @param string[] $names Of groups.
	 * @return string[]
	 */
	public static function mimes_of( array $names ): array {
		return array_merge( array(), ...array_values( array_column( array_intersect_key( self::type_groups(), array_flip( $names ) ), 'mimes' ) ) );
	}

	public function get( string $key ): mixed {
		return $this->all()[ $key ] ?? null;
	}

	public function all(): array {
		$stored = get_option( self::OPTION, array() );
		return array_merge( $this->defaults(), array_intersect_key( is_array( $stored ) ? $stored : array(), $this->defaults() ) );
	}

	/**
	 * Changes the named settings and leaves the others.
	 *
	 * @return array|\WP_Error All settings, or one sentence per bad field (error data: `array('field' => name)`) and nothing changed.
	 */
	public function update( array $values ): array|\WP_Error {
		$errors = new \WP_Error();
		$clean  = array();
		foreach ( $values as $key => $value ) {
			$checked = $this->check( (string) $key, $value );
			if ( is_wp_error( $checked ) ) {
				$errors->add( 'aidoc_invalid_' . $key, $checked->get_error_message(), array( 'field' => $key ) );
			} else {
				$clean[ $key ] = $checked;
			}
		}
		if ( $errors->has_errors() ) {
			return $errors;
		}
		$before = $this->all();
		$all    = array_merge( $before, $clean );
		update_option( self::OPTION, $all, true );
		if ( array( $before['local_only'], $before['local_only_types'] ) !== array( $all['local_only'], $all['local_only_types'] ) ) {
			/** The settings say of other documents than before that they are local only. */
			do_action( 'aidoc_local_only_changed' );
		}
		return $all;
	}

	private function check( string $key, mixed $value ): mixed {
		return match ( $key ) {
			'enqueue_on_upload', 'legacy_enabled', 'require_public_keys', 'doorbell', 'delete_data_on_uninstall', 'show_on_attachment_page', 'search_summaries' => $this->check_bool( $value ),
			'types', 'local_only_types' => $this->check_types( $value ),
			'max_bytes'    => $this->check_int( $value, 1024, 2 ** 40, __( 'The size limit must be a whole number of bytes, at least 1 KB and at most 1 TB.', 'ai-doc-pipeline' ) ),
			'max_attempts' => $this->check_int( $value, 1, 20, __( 'The number of attempts must be between 1 and 20.', 'ai-doc-pipeline' ) ),
			'leases_per_agent' => $this->check_int( $value, 1, 1024, __( 'The number of documents that one agent may hold must be between 1 and 1,024.', 'ai-doc-pipeline' ) ),
			'allowed_ips', 'trusted_proxies' => Auth\AddressList::parse( $value ),
			'author'       => $this->check_author( $value ),
			'max_usd_day', 'max_usd_month' => $this->check_usd( $value ),
			'max_tokens_day', 'max_tokens_month' => $this->check_tokens( $value ),
			'local_only'   => ( in_array( $value, array( 'none', 'types', 'all' ), true ) ? $value : new \WP_Error( 'aidoc_invalid', __( 'Choose which documents are local only: none, those of some types, or all.', 'ai-doc-pipeline' ) ) ),
			'images'       => ( in_array( $value, array( 'all', 'documents', 'none' ), true ) ? $value : new \WP_Error( 'aidoc_invalid', __( 'Choose which pictures are read: all, those that may be documents, or none.', 'ai-doc-pipeline' ) ) ),
			'digest_to'    => $this->check_addresses( $value ),
			'first_pages'  => '' === $value ? 0 : $this->check_int( $value, 0, Jobs\PageRange::MOST, __( 'The number of pages must be a whole number up to 1,000,000; leave it empty to read all.', 'ai-doc-pipeline' ) ),
			/* translators: %s: name of a setting */
			default        => new \WP_Error( 'aidoc_unknown_setting', sprintf( __( 'There is no setting named “%s”.', 'ai-doc-pipeline' ), $key ) ),
		};
	}

	private function check_bool( mixed $value ): bool|\WP_Error {
		$bool = filter_var( $value, FILTER_VALIDATE_BOOLEAN, FILTER_NULL_ON_FAILURE );
		return is_scalar( $value ) && null !== $bool ? $bool : new \WP_Error( 'aidoc_invalid', __( 'This setting is either on or off.', 'ai-doc-pipeline' ) );
	}

	private function check_types( mixed $value ): array|\WP_Error {
		$known = array_keys( self::type_groups() );
		if ( ! is_array( $value ) || array_diff( array_map( static fn( $one ) => is_scalar( $one ) ? (string) $one : '?', $value ), $known ) ) {
			/* translators: %s: list of names of document groups */
			return new \WP_Error( 'aidoc_invalid', sprintf( __( 'Choose document types out of: %s.', 'ai-doc-pipeline' ), implode( ', ', $known ) ) );
		}
		return array_values( array_intersect( $known, $value ) );
	}

	private function check_int( mixed $value, int $min, int $max, string $sentence ): int|\WP_Error {
		$number = is_scalar( $value ) && ! is_bool( $value ) ? filter_var( $value, FILTER_VALIDATE_INT ) : false;
		return false !== $number && $number >= $min && $number <= $max ? $number : new \WP_Error( 'aidoc_invalid', $sentence );
	}

	/** Empty and 0 are no cap. */
	private function check_usd( mixed $value ): float|\WP_Error {
		$text = is_string( $value ) ? str_replace( ',', '.', trim( $value ) ) : $value;
		$usd  = '' === $text ? 0.0 : ( is_scalar( $text ) && ! is_bool( $text ) && is_numeric( $text ) ? (float) $text : -1.0 );
		return 0.0 === $usd || ( $usd >= 0.01 && $usd <= 1_000_000 ) ? round( $usd, 2 ) : new \WP_Error( 'aidoc_invalid', __( 'A cap is an amount of US dollars between 0.01 and 1,000,000; leave it empty for no cap.', 'ai-doc-pipeline' ) );
	}

	private function check_tokens( mixed $value ): int|\WP_Error {
		$sentence = __( 'A cap is a whole number of tokens between 1,000 and 1,000,000,000,000; leave it empty for no cap.', 'ai-doc-pipeline' );
		$number   = is_string( $value ) && '' === trim( $value ) ? 0 : $this->check_int( is_string( $value ) ? trim( $value ) : $value, 0, 1_000_000_000_000, $sentence );
		return 0 === $number || is_wp_error( $number ) || $number >= 1_000 ? $number : new \WP_Error( 'aidoc_invalid', $sentence );
	}

	/** @return string[]|\WP_Error */
	private function check_addresses( mixed $value ): array|\WP_Error {
		$given = is_array( $value ) ? array_filter( $value, 'is_string' ) : preg_split( '/[\s,;]+/', is_string( $value ) ? $value : '', -1, PREG_SPLIT_NO_EMPTY );
		$given = array_values( array_unique( $given ) );
		$wrong = array_filter( $given, static fn( string $address ): bool => ! is_email( $address ) );
		if ( $wrong ) {
			/* translators: %s: what was typed. */
			return new \WP_Error( 'aidoc_invalid', sprintf( __( '“%s” is no mail address. Separate addresses by commas, or leave the field empty.', 'ai-doc-pipeline' ), \AIDoc\Text::clip( (string) reset( $wrong ), 100 ) ) );
		}
		return count( $given ) <= self::MOST_ADDRESSES
			? $given
			/* translators: %d: number of mail addresses. */
			: new \WP_Error( 'aidoc_invalid', sprintf( __( 'At most %d addresses are told; use a mailing list for more.', 'ai-doc-pipeline' ), self::MOST_ADDRESSES ) );
	}

	private function check_author( mixed $value ): int|\WP_Error {
		$number = is_scalar( $value ) && ! is_bool( $value ) ? filter_var( $value, FILTER_VALIDATE_INT ) : false;
		if ( 0 === $number ) {
			return 0;
		}
		$user = false !== $number && $number > 0 ? get_userdata( $number ) : false;
		return $user && user_can( $user, 'edit_posts' )
			? $number
			: new \WP_Error( 'aidoc_invalid', __( 'Choose an author who exists and may edit posts, or “the uploader”.', 'ai-doc-pipeline' ) );
	}

	/** Keeps the shared secret of the legacy callback, encrypted. An empty string removes it. */
	public function set_legacy_secret( string $secret ): bool|\WP_Error {
		if ( '' === $secret ) {
			delete_option( self::LEGACY_SECRET );
			return true;
		}
		if ( strlen( $secret ) < self::MIN_SECRET ) {
			/* translators: %d: number of characters */
			return new \WP_Error( 'aidoc_invalid_legacy_secret', sprintf( __( 'The shared secret must have at least %d characters.', 'ai-doc-pipeline' ), self::MIN_SECRET ), array( 'field' => 'legacy_secret' ) );
		}
		$problem = $this->keys->problem();
		if ( null !== $problem ) {
			return new \WP_Error( 'aidoc_invalid_legacy_secret', $problem, array( 'field' => 'legacy_secret' ) );
		}
		update_option( self::LEGACY_SECRET, $this->keys->seal( 'legacy', $secret ), false );
		return true;
	}

	public function has_legacy_secret(): bool {
		return '' !== (string) get_option( self::LEGACY_SECRET, '' );
	}

	/** @return string|null Null where none is set or where it can no longer be decrypted. */
	public function legacy_secret(): ?string {
		$sealed = (string) get_option( self::LEGACY_SECRET, '' );
		if ( '' === $sealed ) {
			return null;
		}
		$fresh = $this->keys->reseal( 'legacy', $sealed );
		if ( null !== $fresh ) {
			update_option( self::LEGACY_SECRET, $fresh, false );
		}
		return $this->keys->open( 'legacy', $fresh ?? $sealed );
	}

	/** Why no secret can be kept here, or null where one can. */
	public function problem(): ?string {
		return $this->keys->problem();
	}
}
