<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/**
 * Who may do what with summaries. One place decides it, for every way there is: the screens, REST, XML-RPC, WP-CLI with a user.
 *
 * A summary contains what a document says, so reading one requires the right to read the document. It is the own summary of who
 * uploaded the document, whoever is named as its author. Other people's are read by those who may edit them: publishing opens
 * nothing here. What visitors see of a published one is a rule of its own, Front\Visibility.
 *
 * map() says it for one summary, ReadableRule::of() for lists; both must say the same. SummaryAccessTest holds them against each other.
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

	/** What is asked about one summary, and the verb of the capabilities that answer it. */
	private const META = array(
		'read_post'   => 'read',
		'read_page'   => 'read',
		'edit_post'   => 'edit',
		'edit_page'   => 'edit',
		'delete_post' => 'delete',
		'delete_page' => 'delete',
	);

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
				$held[ $cap ] = ! empty( $held[ self::LIKE[ $cap ] ] );
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
		$summary = isset( self::META[ $cap ] ) ? self::summary( $args[0] ?? 0 ) : null;
		if ( ! $summary ) {
			return $caps;
		}
		$document = PostType::post( $this->links->document_of( $summary->ID ) );
		$document = $document && 'attachment' === $document->post_type ? $document : null;
		$is_own   = $document && $user_id > 0 && (int) $document->post_author === (int) $user_id;
		if ( 'read' === self::META[ $cap ] && ! $is_own ) {
			return map_meta_cap( 'edit_post', $user_id, $summary->ID );
		}
		// What core asks of the post's author goes; what other plugins ask stays.
		$others = array_diff( $caps, array_keys( self::LIKE ), array( 'read' ) );
		$ours   = $is_own ? self::with_own( self::META[ $cap ], $summary ) : self::with_others( self::META[ $cap ], $summary );
		return array_values( array_unique( array_merge( $others, $ours, self::to_read_the_document( (int) $user_id, $document ) ) ) );
	}

	/** @return string[] */
	private static function with_own( string $verb, \WP_Post $summary ): array {
		if ( 'read' === $verb ) {
			return array( self::LIST );
		}
		return array( self::is_or_was_published( $summary ) ? "{$verb}_published_aidoc_summaries" : "{$verb}_aidoc_summaries" );
	}

	/**
	 * @param string $verb 'edit' or 'delete'.
	 * @return string[]
	 */
	private static function with_others( string $verb, \WP_Post $summary ): array {
		$caps = array( "{$verb}_others_aidoc_summaries" );
		if ( in_array( $summary->post_status, array( 'publish', 'future' ), true ) ) {
			$caps[] = "{$verb}_published_aidoc_summaries";
		} elseif ( 'private' === $summary->post_status ) {
			$caps[] = "{$verb}_private_aidoc_summaries";
		}
		return $caps;
	}

	/** Who may not change what is published cannot by way of the trash either. */
	private static function is_or_was_published( \WP_Post $summary ): bool {
		$status = 'trash' === $summary->post_status ? get_post_meta( $summary->ID, '_wp_trash_meta_status', true ) : $summary->post_status;
		return in_array( $status, array( 'publish', 'future' ), true );
	}

	/**
	 * What it takes to read the document, and the post that it is attached to.
	 *
	 * @return string[]
	 */
	public static function to_read_the_document( int $user_id, ?\WP_Post $document ): array {
		if ( ! $document ) {
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
