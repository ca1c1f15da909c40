<?php
declare( strict_types=1 );

namespace AIDoc\Privacy;

/** The documents that a person uploaded, page by page, as WordPress' privacy tools ask for them. */
final class Uploads {

	public const PER_PAGE = 50;

	/** @return int[] Attachments; empty where nobody has this address. */
	public static function of( string $email, int $page ): array {
		$user = get_user_by( 'email', trim( $email ) );
		return $user ? array_map(
			'intval',
			get_posts(
				array(
					'author'           => $user->ID,
					'post_type'        => 'attachment',
					'post_status'      => array( 'inherit', 'private', 'trash' ),
					'fields'           => 'ids',
					'posts_per_page'   => self::PER_PAGE,
					'paged'            => max( 1, $page ),
					'orderby'          => 'ID',
					'order'            => 'ASC',
					'suppress_filters' => false,
				)
			)
		) : array();
	}
}
