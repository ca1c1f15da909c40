<?php
declare( strict_types=1 );

namespace AIDoc\Review;

use AIDoc\Database;

/** Repository of the values by which the list of summaries can be filtered; a new one is offered after some minutes. */
final class Facets {

	/** Without the prefix that Schema::delete_transients() looks for it would outlive the plugin. */
	private const KEPT = 'aidoc_summary_facets';

	private const SECONDS = 5 * MINUTE_IN_SECONDS;

	private const MOST = 100;

	/** @return list<array{0:string,1:string}> Provider and model; the embedded summariser has none. */
	public function models(): array {
		return $this->all()['models'];
	}

	/** @return string[] BCP 47. */
	public function languages(): array {
		return $this->all()['languages'];
	}

	/** @return array{models:list<array{0:string,1:string}>,languages:string[]} */
	private function all(): array {
		$kept = get_transient( self::KEPT );
		if ( ! is_array( $kept ) ) {
			$kept = array(
				'models'    => self::read_models(),
				'languages' => self::read_languages(),
			);
			set_transient( self::KEPT, $kept, self::SECONDS );
		}
		return $kept;
	}

	/** @return list<array{0:string,1:string}> */
	private static function read_models(): array {
		$meta = Database::wpdb()->postmeta;
		$rows = Database::rows(
			"SELECT DISTINCT p.meta_value AS provider, CASE WHEN p.meta_value = 'extractive' OR m.meta_value IS NULL THEN '' ELSE m.meta_value END AS model
			FROM $meta p LEFT JOIN $meta m ON m.post_id = p.post_id AND m.meta_key = 'aidoc_model' WHERE p.meta_key = 'aidoc_provider' AND p.meta_value <> '' ORDER BY provider, model LIMIT " . self::MOST
		);
		return array_map( static fn( array $row ): array => array( (string) $row['provider'], (string) $row['model'] ), $rows );
	}

	/** @return string[] */
	private static function read_languages(): array {
		$rows = Database::rows( 'SELECT DISTINCT meta_value AS language FROM ' . Database::wpdb()->postmeta . " WHERE meta_key = 'aidoc_language' AND meta_value <> '' ORDER BY meta_value LIMIT " . self::MOST );
		return array_column( $rows, 'language' );
	}
}
