<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** The part of ReadableRule about types: of which a user may read what, after core's rule for `read_post`. */
final class ReadableTypes {

	/** @var string[] Types whose public posts the user may read, as well as their own. */
	private array $public = array();
	/** @var string[] */
	private array $private = array();
	/** @var string[] Types of which the user may read others' drafts, for which core asks whether they may edit them. */
	private array $drafts = array();

	private bool $all = true;

	private bool $unregistered;

	public function __construct( private readonly int $user ) {
		foreach ( get_post_types( array(), 'objects' ) as $type ) {
			if ( PostType::NAME !== $type->name ) {
				$this->sort( $type );
			}
		}
		$this->unregistered = user_can( $this->user, 'edit_others_posts' );
	}

	/** Every type that a document can be attached to on the screens. */
	public function all(): bool {
		return $this->all && $this->unregistered;
	}

	/** @param string $status,$type,$author Expressions. */
	public function readable( string $status, string $type, string $author ): string {
		$open   = ReadableRule::quoted( array_values( get_post_stati( array( 'public' => true ) ) ) );
		$closed = ReadableRule::quoted( array_values( get_post_stati( array( 'private' => true ) ) ) );
		$rules  = array(
			"(($status) IN ($open) AND $type IN (" . ReadableRule::quoted( $this->public ) . '))',
			"($author = " . $this->user . " AND $type IN (" . ReadableRule::quoted( $this->public ) . '))',
			"(($status) IN ($closed) AND $type IN (" . ReadableRule::quoted( $this->private ) . '))',
			"(($status) NOT IN ($open,$closed) AND $type IN (" . ReadableRule::quoted( $this->drafts ) . '))',
		);
		if ( $this->unregistered ) {
			$rules[] = "$type NOT IN (" . ReadableRule::quoted( array_values( get_post_types() ) ) . ')';
		}
		return '(' . implode( ' OR ', $rules ) . ')';
	}

	private function sort( \WP_Post_Type $type ): void {
		$read    = user_can( $this->user, $type->map_meta_cap ? $type->cap->read : $type->cap->read_post );
		$private = $read && ( ! $type->map_meta_cap || user_can( $this->user, $type->cap->read_private_posts ) );
		$drafts  = $read && ( ! $type->map_meta_cap || user_can( $this->user, $type->cap->edit_others_posts ) );
		$lists   = array(
			'public'  => $read,
			'private' => $private,
			'drafts'  => $drafts,
		);
		foreach ( $lists as $list => $in ) {
			if ( $in ) {
				$this->{$list}[] = $type->name;
			}
		}
		$this->all = $this->all && ( ( $read && $private && $drafts ) || self::is_internal( $type ) );
	}

	/** Revisions, menu items, changesets and the like. */
	private static function is_internal( \WP_Post_Type $type ): bool {
		return $type->_builtin && ! in_array( $type->name, array( 'post', 'page', 'attachment' ), true );
	}
}
