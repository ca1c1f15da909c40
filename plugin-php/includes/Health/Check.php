<?php
declare( strict_types=1 );

namespace AIDoc\Health;

/** One test of Site Health. */
abstract class Check {

	public const GOOD        = 'good';
	public const RECOMMENDED = 'recommended';
	public const CRITICAL    = 'critical';

	/** Whether it sends a request, and so is run apart from the page. */
	public const ASYNC = false;

	/** What the test is called in lists, and by `wp aidoc doctor`. Begins with `aidoc_`; no other underscore, for core's script makes an action of it. */
	abstract public function name(): string;

	abstract public function label(): string;

	/** @return array<string,mixed> What core's filter `site_status_test_result` takes. */
	abstract public function run(): array;

	/**
	 * @param self::GOOD|self::RECOMMENDED|self::CRITICAL $status
	 * @param string                                      ...$lines Sentences; one that is code is wrapped in backticks.
	 * @return array<string,mixed>
	 */
	protected function found( string $status, string $label, string ...$lines ): array {
		return array(
			'test'        => $this->name(),
			'label'       => $label,
			'status'      => $status,
			'badge'       => array(
				'label' => __( 'AI documents', 'ai-doc-pipeline' ),
				'color' => 'blue',
			),
			'description' => implode( '', array_map( array( self::class, 'html' ), $lines ) ),
			'actions'     => '',
		);
	}

	private static function html( string $line ): string {
		return preg_match( '/^`(.*)`$/sD', $line, $code ) ? '<pre><code>' . esc_html( $code[1] ) . '</code></pre>' : '<p>' . esc_html( $line ) . '</p>';
	}
}
