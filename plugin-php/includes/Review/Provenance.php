<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Media\SummaryFacts;
use AIDoc\Summaries\Meta;
use AIDoc\Summaries\ResultFields;

/** How a summary was made, in rows that a person reads: what the fields of Meta say. */
final class Provenance {

	/** Less confidence is to be checked. */
	public const LOW = ResultFields::LOW;

	/** @var array<string,mixed> By the names of Meta::FIELDS. */
	private readonly array $fields;

	public function __construct( int $summary_id ) {
		$fields = array();
		foreach ( array_keys( Meta::FIELDS ) as $name ) {
			$fields[ $name ] = get_post_meta( $summary_id, 'aidoc_' . $name, true );
		}
		$this->fields = $fields;
	}

	/** @return list<array{label:string,value:string,pages?:int[]}> What is not known has no row. */
	public function rows(): array {
		$rows = array(
			array( __( 'Written by', 'ai-doc-pipeline' ), $this->writer() ),
			array( __( 'Prompts', 'ai-doc-pipeline' ), $this->text( 'prompt_version' ) ),
			array( __( 'Checked', 'ai-doc-pipeline' ), SummaryFacts::checked( $this->count( 'checked' ), $this->count( 'claims' ) ) ),
			array( __( 'Pages', 'ai-doc-pipeline' ), $this->pages() ),
			array( __( 'Read by a model from a picture', 'ai-doc-pipeline' ), '', $this->listed( 'pages_vision' ) ),
			array( __( 'Could not be read', 'ai-doc-pipeline' ), '', $this->failed() ),
			array( __( 'Tokens', 'ai-doc-pipeline' ), $this->tokens() ),
			array( __( 'Cost', 'ai-doc-pipeline' ), $this->cost() ),
			array( __( 'Kept from the model', 'ai-doc-pipeline' ), $this->hidden() ),
			array( __( 'Language', 'ai-doc-pipeline' ), $this->text( 'language' ) ),
			array( __( 'Read by', 'ai-doc-pipeline' ), $this->agent() ),
			array( __( 'Took', 'ai-doc-pipeline' ), self::duration( $this->count( 'processing_ms' ) ) ),
			array( __( 'On', 'ai-doc-pipeline' ), self::date( $this->count( 'summarised_ms' ) ) ),
			array( __( 'File', 'ai-doc-pipeline' ), self::short( $this->text( 'source_sha256' ) ) ),
		);
		return array_values( array_map( array( self::class, 'row' ), array_filter( $rows, static fn( array $row ): bool => '' !== $row[1] || ! empty( $row[2] ) ) ) );
	}

	public function trace_id(): string {
		return $this->text( 'trace_id' );
	}

	public function source_sha256(): string {
		return $this->text( 'source_sha256' );
	}

	/** @return list<array{page:int,confidence:float}> Pages to be checked, in their order. */
	public function low_pages(): array {
		$pages = is_array( $this->fields['pages_low'] ) ? $this->fields['pages_low'] : array();
		return array_values( array_filter( $pages, static fn( $one ): bool => isset( $one['page'], $one['confidence'] ) && $one['confidence'] < self::LOW ) );
	}

	/** 0 to 1 over recognised pages; null where nothing was recognised. */
	public function confidence(): ?float {
		return '' === (string) $this->fields['confidence'] ? null : (float) $this->fields['confidence'];
	}

	public function is_doubtful(): bool {
		return array() !== $this->low_pages() || ( null !== $this->confidence() && $this->confidence() < self::LOW );
	}

	/** What an editor asked of the newest reading, and whether anybody followed it. '' where nobody asked for anything. */
	public function unfollowed(): string {
		if ( '' === $this->text( 'instruction' ) || ! empty( $this->fields['instructed'] ) ) {
			return '';
		}
		return 'extractive' === $this->text( 'provider' )
			? __( 'The instruction was not followed: without a model, sentences of the document are quoted, and no instruction can be followed.', 'ai-doc-pipeline' )
			: __( 'The instruction was not followed: the agent is of an older version. Update it, then ask again.', 'ai-doc-pipeline' );
	}

	public static function percent( float $share ): string {
		/* translators: %s: a number from 0 to 100. */
		return sprintf( __( '%s%%', 'ai-doc-pipeline' ), number_format_i18n( floor( 100 * $share ) ) );
	}

	public static function date( int $ms ): string {
		return $ms < 1 ? '' : (string) wp_date( get_option( 'date_format' ) . ' ' . get_option( 'time_format' ), intdiv( $ms, 1000 ) );
	}

	/** The first digits of a digest: enough to tell two files apart. */
	public static function short( string $sha256 ): string {
		return substr( $sha256, 0, 12 );
	}

	/** @param array{0:string,1:string,2?:int[]} $row */
	private static function row( array $row ): array {
		$named = array(
			'label' => $row[0],
			'value' => $row[1],
		);
		return isset( $row[2] ) ? $named + array( 'pages' => $row[2] ) : $named;
	}

	/** Provider and model, or that it was none. */
	public function writer(): string {
		return SummaryFacts::writer( $this->text( 'provider' ), $this->text( 'model' ), $this->text( 'fallback' ) );
	}

	/** As writer(), as short as a column wants it. */
	public function model(): string {
		return 'extractive' === $this->text( 'provider' ) ? __( 'Without a model', 'ai-doc-pipeline' ) : $this->writer();
	}

	private function pages(): string {
		$read       = $this->asked() - count( $this->failed() );
		$recognised = $this->count( 'pages_ocr' );
		$confidence = $this->confidence();
		if ( $read < 1 ) {
			return '';
		}
		$parts = array( $this->read( $read ) );
		if ( $recognised > 0 ) {
			$parts[] = null === $confidence
				/* translators: %s: number of pages whose text was recognised in a picture. */
				? sprintf( _n( '%s recognised', '%s recognised', $recognised, 'ai-doc-pipeline' ), number_format_i18n( $recognised ) )
				/* translators: 1: number of pages whose text was recognised in a picture, 2: a percentage. */
				: sprintf( _n( '%1$s recognised (confidence %2$s)', '%1$s recognised (confidence %2$s)', $recognised, 'ai-doc-pipeline' ), number_format_i18n( $recognised ), self::percent( $confidence ) );
		}
		return implode( ' · ', $parts );
	}

	/** How many pages were to be read: all, or a part. */
	private function asked(): int {
		$last = $this->count( 'pages_last' );
		return $last > 0 ? $last - max( 1, $this->count( 'pages_first' ) ) + 1 : $this->count( 'pages' );
	}

	private function read( int $read ): string {
		return $this->asked() < $this->count( 'pages' )
			/* translators: 1: number of pages that were read, 2: number of pages that the document has. */
			? sprintf( __( '%1$s of %2$s read', 'ai-doc-pipeline' ), number_format_i18n( $read ), number_format_i18n( $this->count( 'pages' ) ) )
			/* translators: %s: number of pages. */
			: sprintf( _n( '%s read', '%s read', $read, 'ai-doc-pipeline' ), number_format_i18n( $read ) );
	}

	/** @return int[] */
	private function failed(): array {
		return $this->listed( 'pages_failed' );
	}

	/** @return int[] Numbers of pages in a field. */
	private function listed( string $name ): array {
		return is_array( $this->fields[ $name ] ) ? array_map( 'intval', $this->fields[ $name ] ) : array();
	}

	private function tokens(): string {
		$in     = $this->count( 'tokens_in' );
		$out    = $this->count( 'tokens_out' );
		$cached = $this->count( 'tokens_cached' );
		if ( $in + $out < 1 ) {
			return '';
		}
		return $cached < 1
			/* translators: 1: number of tokens that a model read, 2: number of tokens that it wrote. */
			? sprintf( __( '%1$s in · %2$s out', 'ai-doc-pipeline' ), number_format_i18n( $in ), number_format_i18n( $out ) )
			/* translators: 1: number of tokens that a model read, 2: how many of them the provider had in its cache, 3: number of tokens that it wrote. */
			: sprintf( __( '%1$s in (%2$s cached) · %3$s out', 'ai-doc-pipeline' ), number_format_i18n( $in ), number_format_i18n( $cached ), number_format_i18n( $out ) );
	}

	private function cost(): string {
		$usd = (float) $this->fields['cost_usd'];
		return $usd > 0 ? SummaryFacts::cost( $usd ) : ( $this->count( 'tokens_in' ) > 0 ? __( 'price not known', 'ai-doc-pipeline' ) : '' );
	}

	private function hidden(): string {
		$hidden = $this->count( 'hidden' );
		/* translators: %s: number of e-mail addresses, telephone numbers and the like. */
		return $hidden < 1 ? '' : sprintf( _n( '%s piece of personal data', '%s pieces of personal data', $hidden, 'ai-doc-pipeline' ), number_format_i18n( $hidden ) );
	}

	private function agent(): string {
		$version = $this->text( 'agent_version' );
		/* translators: 1: name of an agent, 2: its version. */
		return '' === $version || '' === $this->text( 'agent' ) ? $this->text( 'agent' ) : sprintf( __( '%1$s, version %2$s', 'ai-doc-pipeline' ), $this->text( 'agent' ), $version );
	}

	private static function duration( int $ms ): string {
		if ( $ms < 1 ) {
			return '';
		}
		/* translators: %s: a number such as 5.3. */
		return $ms < 60_000 ? sprintf( __( '%s seconds', 'ai-doc-pipeline' ), number_format_i18n( $ms / 1000, 1 ) ) : human_time_diff( 0, intdiv( $ms, 1000 ) );
	}

	private function text( string $name ): string {
		return is_scalar( $this->fields[ $name ] ) ? (string) $this->fields[ $name ] : '';
	}

	private function count( string $name ): int {
		return (int) $this->fields[ $name ];
	}
}
