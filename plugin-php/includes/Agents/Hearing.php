<?php
declare( strict_types=1 );

namespace AIDoc\Agents;

/** How an agent says that it hears the doorbell, in words for people. An agent of a later version may say what this site does not know. */
final class Hearing {

	public const AROUND      = 'around_cache';
	public const KEPT        = 'kept_by_cache';
	public const UNREACHABLE = 'unreachable';

	private const FOLDER = 'wp-content/uploads/aidoc-doorbell/';

	/** @return string What is wrong and what to do; '' where nothing is, or it is not told. */
	public static function trouble( Agent $agent ): string {
		$caps = $agent->capabilities() ?? array();
		$sign = $caps['doorbell_sign'] ?? '';
		/* translators: %s: a header of HTTP, such as "X-Cache: HIT". */
		$shown = '' === $sign ? '' : ' ' . sprintf( __( 'It shows by the header %s.', 'ai-doc-pipeline' ), $sign );
		return match ( $caps['doorbell'] ?? '' ) {
			/* translators: %s: a folder of the site. */
			self::AROUND      => sprintf( __( 'A cache in front of this site keeps the doorbell’s file, and the agent looks around it. Leave %s out of the cache to spare the requests.', 'ai-doc-pipeline' ), self::FOLDER ) . $shown,
			/* translators: %s: a folder of the site. */
			self::KEPT        => sprintf( __( 'A cache in front of this site keeps the doorbell’s file, whatever is asked. The agent asks WordPress itself instead and notices new documents up to half a minute late. Leave %s out of the cache.', 'ai-doc-pipeline' ), self::FOLDER ) . $shown,
			/* translators: %s: a folder of the site. */
			self::UNREACHABLE => sprintf( __( 'The agent cannot read the doorbell’s file. It asks WordPress itself instead and notices new documents up to half a minute late. Let the web server give out text files in %s.', 'ai-doc-pipeline' ), self::FOLDER ),
			default           => '',
		};
	}
}
