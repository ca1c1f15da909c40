<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

use AIDoc\Auth\KeyRing;
use AIDoc\Queue\Budgets;
use AIDoc\Rights;
use AIDoc\Settings;
use WP_Error;

/** The settings form. It keeps what was typed when a field is refused, and says why beside that field. */
final class SettingsPage {

	public const CAPABILITY = Rights::SETTINGS;
	public const ACTION     = 'aidoc_settings';

	private const ORDER    = array( 'types', 'images', 'max_mb', 'first_pages', 'max_attempts', 'author', ...self::CAPS, 'local_only', 'local_only_types', 'digest_to', 'legacy_secret', ...AddressFields::SETTINGS );
	private const CAPS     = array( 'max_usd_day', 'max_usd_month', 'max_tokens_day', 'max_tokens_month' );
	private const SWITCHES = array( 'enqueue_on_upload', 'doorbell', 'require_public_keys', 'legacy_enabled', 'delete_data_on_uninstall', 'show_on_attachment_page', 'search_summaries' );

	public function __construct(
		private readonly Settings $settings,
		private readonly KeyRing $keys,
		private readonly AddressFields $addresses,
		private readonly Budgets $budgets,
	) {}

	public function register(): void {
		add_action( 'admin_menu', array( $this, 'add_page' ), 30 );
		add_action( 'admin_post_' . self::ACTION, array( $this, 'handle' ) );
		add_filter( 'plugin_action_links_' . plugin_basename( AIDOC_FILE ), array( $this, 'add_links' ) );
	}

	public function add_page(): void {
		$hook = add_submenu_page(
			Screens::PARENT,
			__( 'Document Summary Settings', 'ai-doc-pipeline' ),
			__( 'Settings', 'ai-doc-pipeline' ),
			self::CAPABILITY,
			Screens::SETTINGS,
			array( $this, 'render' )
		);
		if ( $hook ) {
			add_action( 'admin_print_styles-' . $hook, static fn () => Screens::enqueue( 'settings' ) );
		}
	}

	public function add_links( array $links ): array {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			return $links;
		}
		$ours = array(
			sprintf( '<a href="%s">%s</a>', esc_url( Screens::url( Screens::SETTINGS ) ), esc_html__( 'Settings', 'ai-doc-pipeline' ) ),
		);
		if ( Rights::has( Rights::AGENTS ) ) {
			$ours[] = sprintf( '<a href="%s">%s</a>', esc_url( Screens::url( Screens::AGENTS ) ), esc_html__( 'Agents', 'ai-doc-pipeline' ) );
		}
		return array_merge( $ours, $links );
	}

	public function render(): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to change these settings.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
		$typed  = Flash::take( 'settings_form' );
		$stored = $this->settings->all();
		Screens::render(
			'settings',
			array(
				'values'     => ( $typed['values'] ?? array() ) + $stored + array( 'max_mb' => self::megabytes( (int) $stored['max_bytes'] ) ),
				'errors'     => $typed['errors'] ?? array(),
				'groups'     => Settings::type_groups(),
				'has_secret' => $this->settings->has_legacy_secret(),
				'callback'   => rest_url( 'aidoc/v1/result' ),
				'upload_max' => wp_max_upload_size(),
				'shared'     => $this->keys->count_shared(),
				'spent'      => Rights::has( Rights::SPENDING ) ? $this->budgets->spent() : null,
				'reached'    => $this->budgets->reached(),
				'agents'     => $this->addresses->agents(),
			)
		);
	}

	public function handle(): void {
		if ( ! current_user_can( self::CAPABILITY ) ) {
			wp_die( esc_html__( 'You are not allowed to change these settings.', 'ai-doc-pipeline' ), '', array( 'response' => 403 ) );
		}
		check_admin_referer( self::ACTION );

		$post   = wp_unslash( $_POST );
		$errors = $this->save( $post );
		if ( $errors ) {
			Flash::put(
				'settings_form',
				array(
					'values' => $this->typed( $post ) + $this->addresses->typed( $post ),
					'errors' => $errors,
				)
			);
		} else {
			$warning = $this->addresses->warning();
			Flash::message( $warning ? 'warning' : 'success', $warning ?? __( 'Settings saved.', 'ai-doc-pipeline' ) );
		}
		wp_safe_redirect( Screens::url( Screens::SETTINGS ) );
		exit;
	}

	/**
	 * @param array<string, mixed> $post The unslashed form.
	 * @return array<string, string> One sentence per refused field; empty when all was saved, otherwise nothing was.
	 */
	public function save( array $post ): array {
		$values = $this->typed( $post );
		$secret = is_string( $post['legacy_secret'] ?? null ) ? trim( $post['legacy_secret'] ) : '';

		$values['max_bytes'] = self::bytes( $values['max_mb'] );
		unset( $values['max_mb'] );

		$typed   = $this->addresses->typed( $post );
		$refused = array_filter( array( 'legacy_secret' => $this->secret_refused( $values, $secret ) ) ) + $this->addresses->refused( $typed );
		// Settings knows no such keys and so saves nothing, but still checks all the others: every bad field is named at once.
		$values = array_intersect_key( $typed, array_flip( AddressFields::SETTINGS ) ) + array_fill_keys( array_keys( $refused ), null ) + $values;
		$result = $this->settings->update( $values );
		if ( is_wp_error( $result ) ) {
			return $this->sentences( $result, $refused );
		}
		$this->addresses->save( $typed );
		$this->store_secret( $secret, ! empty( $post['legacy_secret_remove'] ) );
		return array();
	}

	/** The fields as typed, never the secret: this is shown again, and waits in a transient until then. */
	private function typed( array $post ): array {
		$values = array(
			'types'        => array_values( array_filter( (array) ( $post['types'] ?? array() ), 'is_string' ) ),
			'max_mb'       => is_string( $post['max_mb'] ?? null ) ? trim( $post['max_mb'] ) : '',
			'max_attempts' => is_string( $post['max_attempts'] ?? null ) ? trim( $post['max_attempts'] ) : '',
			'author'       => is_string( $post['author'] ?? null ) ? $post['author'] : '0',
		);
		foreach ( self::CAPS as $cap ) {
			$values[ $cap ] = is_string( $post[ $cap ] ?? null ) ? trim( $post[ $cap ] ) : '';
		}
		$values['images']           = is_string( $post['images'] ?? null ) ? $post['images'] : 'documents';
		$values['digest_to']        = is_string( $post['digest_to'] ?? null ) ? trim( $post['digest_to'] ) : '';
		$values['first_pages']      = is_string( $post['first_pages'] ?? null ) ? trim( $post['first_pages'] ) : '';
		$values['local_only']       = is_string( $post['local_only'] ?? null ) ? $post['local_only'] : 'none';
		$values['local_only_types'] = array_values( array_filter( (array) ( $post['local_only_types'] ?? array() ), 'is_string' ) );
		foreach ( self::SWITCHES as $switch ) {
			$values[ $switch ] = ! empty( $post[ $switch ] );
		}
		return $values;
	}

	private function secret_refused( array $values, string $secret ): ?string {
		if ( '' !== $secret ) {
			return strlen( $secret ) >= 16 ? $this->settings->problem() : __( 'The shared secret must have at least 16 characters. Use “Generate” for a good one.', 'ai-doc-pipeline' );
		}
		if ( $values['legacy_enabled'] && ! $this->settings->has_legacy_secret() ) {
			return __( 'Set a shared secret to turn on the legacy callback: without one, every message would be refused.', 'ai-doc-pipeline' );
		}
		return null;
	}

	private function store_secret( string $secret, bool $remove ): void {
		if ( '' !== $secret ) {
			$this->settings->set_legacy_secret( $secret );
		} elseif ( $remove ) {
			$this->settings->set_legacy_secret( '' );
			$this->settings->update( array( 'legacy_enabled' => false ) );
		}
	}

	/**
	 * @param array<string, string> $refused What was refused beside the settings.
	 * @return array<string, string> Field of the form => sentence.
	 */
	private function sentences( WP_Error $errors, array $refused ): array {
		$sentences = array();
		foreach ( $errors->get_error_codes() as $code ) {
			$field               = (string) ( $errors->get_error_data( $code )['field'] ?? $code );
			$sentences[ $field ] = $errors->get_error_message( $code );
		}
		if ( isset( $sentences['max_bytes'] ) ) {
			$sentences['max_mb'] = __( 'The size limit must be a number of megabytes between 1 and 1,000,000.', 'ai-doc-pipeline' );
			unset( $sentences['max_bytes'] );
		}
		$sentences = array_merge( $sentences, $refused );
		// In the order of the form, which is the order in which people correct it.
		return array_merge( array_intersect_key( array_flip( self::ORDER ), $sentences ), $sentences );
	}

	/** @return int|string Bytes, or what was typed where it is no number: Settings then refuses it. */
	private static function bytes( string $typed ) {
		$number = str_replace( ',', '.', $typed );
		return is_numeric( $number ) && $number >= 1 && $number <= 1000000 ? (int) round( (float) $number * MB_IN_BYTES ) : 'x' . $typed;
	}

	private static function megabytes( int $bytes ): string {
		return (string) round( $bytes / MB_IN_BYTES, 2 );
	}
}
