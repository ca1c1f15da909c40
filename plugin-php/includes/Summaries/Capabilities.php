<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * Who may do what with summaries. One place decides it, for every way there is: the screens, REST, XML-RPC, WP-CLI with a user.
 *
 * A summary contains what a document says, so reading one requires the right to read the document, and publishing opens nothing:
 * reading asks for the same rights as editing.
 *
 * A rule of its own for some (say, authors and the summaries of what they uploaded) belongs into map(), for one summary, and into
 * ReadableRule::of(), for lists; both must say the same. SummaryAccessTest holds them against each other.
 */
final class Capabilities {

	/** Singular and plural, as register_post_type() takes them. */
	public const TYPE = array( 'aidoc_summary', 'aidoc_summaries' );

	/** Sees the list of summaries at all. */
	public const LIST = 'edit_aidoc_summaries';

	public const EDIT_OTHERS    = 'edit_others_aidoc_summaries';
	public const EDIT_PUBLISHED = 'edit_published_aidoc_summaries';
	public const EDIT_PRIVATE   = 'edit_private_aidoc_summaries';
	/** Also stands for summaries whose document is gone, so that its readers can no longer be known. */
	public const READ_PRIVATE = 'read_private_aidoc_summaries';

	/** Each capability of ours, and the one for posts whose holders have it. */
	private const LIKE = array(
		self::LIST                         => 'edit_posts',
		self::EDIT_OTHERS                  => 'edit_others_posts',
		self::EDIT_PUBLISHED               => 'edit_published_posts',
		self::EDIT_PRIVATE                 => 'edit_private_posts',
		self::READ_PRIVATE                 => 'read_private_posts',
		'publish_aidoc_summaries'          => 'publish_posts',
		'delete_aidoc_summaries'           => 'delete_posts',
		'delete_others_aidoc_summaries'    => 'delete_others_posts',
		'delete_published_aidoc_summaries' => 'delete_published_posts',
		'delete_private_aidoc_summaries'   => 'delete_private_posts',
	);

	/** Without this one for posts, none of ours comes by itself: editors and above. */
	private const FLOOR = 'edit_others_posts';

	private const READ = array( 'read_post', 'read_page' );
	private const META = array( 'read_post', 'read_page', 'edit_post', 'edit_page', 'delete_post', 'delete_page' );

	public function __construct( private readonly DocumentLinks $links ) {}

	public function register(): void {
		add_filter( 'user_has_cap', array( self::class, 'derive' ), 10, 2 );
		add_filter( 'map_meta_cap', array( $this, 'map' ), 10, 4 );
	}

	/**
	 * Grants ours to users who hold the corresponding one for posts. What a role or a plugin for roles states about one of ours,
	 * granted or denied, takes precedence.
	 *
	 * @param array<string,bool> $held
	 * @param string[]           $asked
	 * @return array<string,bool>
	 */
	public static function derive( $held, $asked ): array {
		foreach ( (array) $asked as $cap ) {
			if ( isset( self::LIKE[ $cap ] ) && ! isset( $held[ $cap ] ) ) {
				$held[ $cap ] = ! empty( $held[ self::FLOOR ] ) && ! empty( $held[ self::LIKE[ $cap ] ] );
			}
		}
		return $held;
	}

	/**
	 * What it takes to read, edit or delete one summary.
	 *
	 * @param string[]    $caps
	 * @param string      $cap
	 * @param int         $user_id
	 * @param list<mixed> $args
	 * @return string[]
	 */
	public function map( $caps, $cap, $user_id, $args ): array {
		$summary = in_array( $cap, self::META, true ) ? self::summary( $args[0] ?? 0 ) : null;
		if ( ! $summary ) {
			return $caps;
		}
		if ( in_array( $cap, self::READ, true ) ) {
			return map_meta_cap( 'edit_post', $user_id, $summary->ID );
		}
		return array_values( array_unique( array_merge( $caps, $this->to_read_the_document( (int) $user_id, $summary->ID ) ) ) );
	}

	/**
	 * What it takes to read the document, and the post that it is attached to.
	 *
	 * @return string[]
	 */
	private function to_read_the_document( int $user_id, int $summary_id ): array {
		$document = PostType::post( $this->links->document_of( $summary_id ) );
		if ( ! $document || 'attachment' !== $document->post_type ) {
			return array( self::READ_PRIVATE );
		}
		$caps   = map_meta_cap( 'read_post', $user_id, $document->ID );
		$parent = $document->post_parent ? get_post( $document->post_parent ) : null;
		return $parent ? array_merge( $caps, self::to_read_the_parent( $user_id, $parent ) ) : $caps;
	}

	/** @return string[] */
	private static function to_read_the_parent( int $user_id, \WP_Post $above ): array {
		return match ( true ) {
			PostType::NAME === $above->post_type       => array( self::READ_PRIVATE ), // A summary of a summary's attachment: do not go round in circles.
			! post_type_exists( $above->post_type )    => array( 'edit_others_posts' ), // As core would say, with a notice.
			default                                     => map_meta_cap( 'read_post', $user_id, $above->ID ),
		};
	}

	private static function summary( mixed $post ): ?\WP_Post {
		$post = $post ? get_post( $post ) : null;
		if ( $post && 'revision' === $post->post_type ) {
			$post = PostType::post( (int) $post->post_parent );
		}
		return $post && PostType::NAME === $post->post_type ? $post : null;
	}
}
