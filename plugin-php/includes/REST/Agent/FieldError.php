<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

use AIDoc\Text;

/** A body that is not what the route takes. Never leaves this folder as an exception. */
final class FieldError extends \Exception {

	public function __construct( private readonly string $errorCode, private readonly string $field ) {
		parent::__construct( $errorCode );
	}

	public function wp_error(): \WP_Error {
		$field    = Text::clip( $this->field, 120 );
		$sentence = 'aidoc_unknown_field' === $this->errorCode
			/* translators: %s: name of a field */
			? __( 'The field “%s” is unknown to this version of the plugin.', 'ai-doc-pipeline' )
			/* translators: %s: name of a field */
			: __( 'The field “%s” is missing or not of its type.', 'ai-doc-pipeline' );
		return new \WP_Error(
			$this->errorCode,
			sprintf( $sentence, $field ),
			array(
				'status' => 400,
				'field'  => $field,
			)
		);
	}
}
