<?php
declare( strict_types=1 );

namespace AIDoc\REST\Agent;

/** One field of a JSON body: what it may be. Strict: no value is converted, unknown names are refused. */
final class Field {

	private bool $optional = false;
	private bool $nullable = false;

	/** @param array<string,self>|self|null $inner Of an object or list. */
	private function __construct(
		private readonly string $type,
		private readonly int $min = 0,
		private readonly int $max = PHP_INT_MAX,
		private readonly string $pattern = '',
		private readonly array|self|null $inner = null,
	) {}

	public static function int( int $min = 0, int $max = PHP_INT_MAX ): self {
		return new self( 'integer', $min, $max );
	}

	public static function bool(): self {
		return new self( 'boolean' );
	}

	/** Whatever is given, as it came; never missing. */
	public static function any(): self {
		return ( new self( 'any' ) )->optional();
	}

	/** @param int $max Characters. */
	public static function text( int $max, string $pattern = '' ): self {
		return new self( 'string', 0, $max, $pattern );
	}

	public static function uuid(): self {
		return self::text( 36, '/^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$/D' );
	}

	public static function one_of( string ...$values ): self {
		return self::text( 64, '/^(?:' . implode( '|', $values ) . ')$/D' );
	}

	/** @param array<string,self>|null $inner Null takes any object, returned as it came. */
	public static function object( ?array $inner = null ): self {
		return new self( 'object', inner: $inner );
	}

	/** @param self|null $inner Null takes any list, its members as they came. */
	public static function list( ?self $inner, int $max ): self {
		return new self( 'list', 0, $max, inner: $inner );
	}

	public function optional(): self {
		$this->optional = true;
		return $this;
	}

	public function nullable(): self {
		$this->nullable = true;
		return $this;
	}

	/**
	 * @param array<string,self> $fields
	 * @param bool               $legacy The body of a legacy callback: nothing is required and unknown names are skipped.
	 * @return array<string,mixed>|\WP_Error Present fields only.
	 */
	public static function read( \stdClass $body, array $fields, bool $legacy = false ): array|\WP_Error {
		try {
			return self::members( $body, $fields, '', $legacy );
		} catch ( FieldError $error ) {
			return $error->wp_error();
		}
	}

	private static function members( \stdClass $body, array $fields, string $path, bool $legacy ): array {
		$values = array();
		foreach ( get_object_vars( $body ) as $name => $value ) {
			$name = (string) $name;
			if ( isset( $fields[ $name ] ) ) {
				if ( null !== $value || ! $fields[ $name ]->nullable ) {
					$values[ $name ] = $fields[ $name ]->value( $value, $path . $name, $legacy );
				}
			} elseif ( ! $legacy ) {
				throw new FieldError( 'aidoc_unknown_field', $path . $name ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- becomes a clipped field of a JSON answer, see FieldError::wp_error().
			}
		}
		foreach ( $legacy ? array() : $fields as $name => $field ) {
			if ( ! $field->optional && ! $field->nullable && ! array_key_exists( $name, $values ) ) {
				throw new FieldError( 'aidoc_invalid_field', $path . $name ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- becomes a clipped field of a JSON answer, see FieldError::wp_error().
			}
		}
		return $values;
	}

	private function value( mixed $value, string $path, bool $legacy ): mixed {
		$fits = match ( $this->type ) {
			'integer' => is_int( $value ) && $value >= $this->min && $value <= $this->max,
			'any'     => true,
			'boolean' => is_bool( $value ),
			'string'  => is_string( $value ) && mb_strlen( $value, 'UTF-8' ) <= $this->max && ( '' === $this->pattern || preg_match( $this->pattern, $value ) ),
			'object'  => $value instanceof \stdClass,
			'list'    => is_array( $value ) && count( $value ) <= $this->max,
		};
		if ( ! $fits ) {
			throw new FieldError( 'aidoc_invalid_field', $path ); // phpcs:ignore WordPress.Security.EscapeOutput.ExceptionNotEscaped -- becomes a clipped field of a JSON answer, see FieldError::wp_error().
		}
		return match ( true ) {
			'object' === $this->type && is_array( $this->inner ) => self::members( $value, $this->inner, "$path.", $legacy ),
			'list' === $this->type && $this->inner instanceof self => array_map( fn( int $i ) => $this->inner->value( $value[ $i ], "{$path}[$i]", $legacy ), array_keys( $value ) ),
			default => $value,
		};
	}
}
