<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Jobs\Job;
use AIDoc\Jobs\Repository as Jobs;
use AIDoc\DatabaseError;
use AIDoc\Media\SummaryFacts;
use AIDoc\Summaries\DocumentLinks;
use AIDoc\Summaries\PostType;
use AIDoc\Summaries\Reviews;

/** The columns of the list of summaries: of which document, how it was read, what it cost, and whether somebody has reviewed it. */
final class ListColumns {

	/** @var array<int,Job> The newest jobs of the documents on this page, by document. */
	private array $newest = array();

	/** @var array<int,Provenance> By summary. */
	private array $made = array();

	public function __construct(
		private readonly DocumentLinks $links,
		private readonly Jobs $jobs,
	) {}

	public function register(): void {
		add_filter( 'manage_' . PostType::NAME . '_posts_columns', array( self::class, 'columns' ) );
		add_action( 'manage_' . PostType::NAME . '_posts_custom_column', array( $this, 'render' ), 10, 2 );
		add_filter( 'manage_edit-' . PostType::NAME . '_sortable_columns', array( self::class, 'sortable' ) );
		add_filter( 'default_hidden_columns', array( self::class, 'hide' ), 10, 2 );
		add_filter( 'the_posts', array( $this, 'prime' ), 20, 2 );
		add_action( 'admin_print_styles-edit.php', array( self::class, 'style' ) );
	}

	/**
	 * @param array<string,string> $columns
	 * @return array<string,string>
	 */
	public static function columns( $columns ): array {
		$ours = array(
			'aidoc_document'   => __( 'Document', 'ai-doc-pipeline' ),
			'aidoc_state'      => __( 'Review', 'ai-doc-pipeline' ),
			'aidoc_pages'      => __( 'Pages', 'ai-doc-pipeline' ),
			'aidoc_confidence' => __( 'Confidence', 'ai-doc-pipeline' ),
			'aidoc_model'      => __( 'Model', 'ai-doc-pipeline' ),
			'aidoc_cost'       => __( 'Cost', 'ai-doc-pipeline' ),
		);
		$at   = (int) array_search( 'title', array_keys( (array) $columns ), true ) + 1;
		return array_slice( (array) $columns, 0, $at, true ) + $ours + array_slice( (array) $columns, $at, null, true );
	}

	/**
	 * @param array<string,mixed> $columns
	 * @return array<string,mixed>
	 */
	public static function sortable( $columns ): array {
		return array_merge( (array) $columns, array_map( static fn( string $column ): array => array( $column, true ), ListOrder::columns() ) );
	}

	/**
	 * Until somebody chooses: the author of a summary is nearly always who uploaded the document.
	 *
	 * @param string[] $hidden
	 * @return string[]
	 */
	public static function hide( $hidden, \WP_Screen $screen ): array {
		return 'edit-' . PostType::NAME === $screen->id ? array_merge( (array) $hidden, array( 'author' ) ) : (array) $hidden;
	}

	/** A few queries for the whole page, whatever its length. */
	public function prime( $posts, \WP_Query $query ) {
		if ( ! self::is_list( $query ) || ! is_array( $posts ) || ! $posts ) {
			return $posts;
		}
		$documents = array_filter( array_map( fn( $post ): int => $this->links->document_of( (int) $post->ID ), $posts ) );
		_prime_post_caches( $documents, false, true );
		cache_users( array_values( array_unique( array_filter( array_map( static fn( $post ): int => (int) ( Reviews::of( $post )['by'] ?? 0 ), $posts ) ) ) ) );
		try {
			$this->newest = $this->jobs->latest_for_attachments( $documents );
		} catch ( DatabaseError $error ) {
			$this->newest = array(); // WordPress' own screens must open even where our tables are broken.
		}
		return $posts;
	}

	public function render( string $column, int $id ): void {
		$made = $this->made[ $id ] ??= new Provenance( $id );
		match ( $column ) {
			'aidoc_document'   => $this->document( $id ),
			'aidoc_state'      => $this->state( $id, $made ),
			'aidoc_pages'      => self::value( self::number( 'aidoc_pages', $id ) ),
			'aidoc_confidence' => self::confidence( $made ),
			'aidoc_model'      => self::value( $made->model() ),
			'aidoc_cost'       => self::value( SummaryFacts::cost( (float) get_post_meta( $id, 'aidoc_cost_usd', true ) ) ),
			default            => null,
		};
	}

	public static function style(): void {
		if ( PostType::NAME === ( get_current_screen()->post_type ?? '' ) ) {
			wp_enqueue_style( 'aidoc-summaries', \AIDoc\Media\Assets::url( 'summaries.css' ), array(), AIDOC_VERSION );
		}
	}

	private function document( int $id ): void {
		$document = PostType::post( $this->links->document_of( $id ) );
		if ( ! $document || 'attachment' !== $document->post_type ) {
			esc_html_e( 'deleted', 'ai-doc-pipeline' );
			return;
		}
		$name = wp_basename( (string) get_post_meta( $document->ID, '_wp_attached_file', true ) );
		$edit = current_user_can( 'edit_post', $document->ID ) ? get_edit_post_link( $document->ID ) : null;
		$text = esc_html( '' === $name ? get_the_title( $document ) : $name );
		echo $edit ? '<a href="' . esc_url( $edit ) . '">' . $text . '</a>' : $text; // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- $text is escaped above.
	}

	private function state( int $id, Provenance $made ): void {
		$summary = get_post( $id );
		$review  = Reviews::of( $summary );
		$lines   = array(
			$review ? ReviewText::of( $review ) : __( 'Not reviewed', 'ai-doc-pipeline' ),
			'publish' === $summary->post_status ? __( 'Published', 'ai-doc-pipeline' ) : '',
			Panel::is_outdated( $made->source_sha256(), $this->newest[ $this->links->document_of( $id ) ] ?? null ) ? __( 'The file is newer than this summary.', 'ai-doc-pipeline' ) : '',
		);
		$class   = $review ? ( $review['changed'] ? 'is-changed' : 'is-reviewed' ) : 'is-open';
		printf( '<span class="aidoc-review-state %s">%s</span>', esc_attr( $class ), implode( '<br>', array_map( 'esc_html', array_filter( $lines ) ) ) ); // phpcs:ignore WordPress.Security.EscapeOutput.OutputNotEscaped -- each line is escaped.
	}

	private static function confidence( Provenance $made ): void {
		$confidence = $made->confidence();
		if ( null === $confidence ) {
			self::value( '' );
			return;
		}
		$text = Provenance::percent( $confidence );
		printf( $made->is_doubtful() ? '<strong class="aidoc-doubtful">%s</strong>' : '%s', esc_html( $text ) );
		if ( $made->is_doubtful() ) {
			echo '<br><span class="aidoc-doubtful">' . esc_html__( 'to be checked', 'ai-doc-pipeline' ) . '</span>';
		}
	}

	private static function number( string $field, int $id ): string {
		$number = (int) get_post_meta( $id, $field, true );
		return $number < 1 ? '' : number_format_i18n( $number );
	}

	private static function value( string $text ): void {
		if ( '' === $text ) {
			echo '<span aria-hidden="true">—</span><span class="screen-reader-text">' . esc_html__( 'not known', 'ai-doc-pipeline' ) . '</span>';
			return;
		}
		echo esc_html( $text );
	}

	private static function is_list( \WP_Query $query ): bool {
		return is_admin() && $query->is_main_query() && PostType::NAME === $query->get( 'post_type' );
	}
}
