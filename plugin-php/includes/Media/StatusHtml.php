<?php

declare( strict_types=1 );

namespace AIDoc\Media;

/**
 * The markup of a status. assets/status.js builds the same nodes when an answer of the server changes them; the array travels
 * in a data attribute, so a page that was just loaded need not ask for what it already shows.
 */
final class StatusHtml {

	/** Classes of those actions that are rarely wanted, and so do not look like buttons. */
	private const BUTTONS = array(
		'cancel' => 'button-link aidoc-status__cancel',
		'redo'   => 'button-link aidoc-status__redo',
	);

	/**
	 * Table cell, attachment details and edit screen: label, detail, progress, link and buttons.
	 *
	 * @param bool $live Whether it follows the attachment. Older jobs of a document do not: no data, no buttons.
	 */
	public static function full( array $status, bool $live = true ): string {
		if ( ! $live ) {
			$status['actions'] = array();
		}
		return sprintf(
			'<div class="aidoc-status aidoc-is-%1$s"%2$s>%3$s%4$s%5$s%6$s%7$s%8$s</div>',
			esc_attr( $status['state'] ),
			$live ? sprintf( ' data-aidoc-item="%d" data-aidoc="%s"', $status['attachment'], esc_attr( (string) wp_json_encode( $status ) ) ) : '',
			self::line( $status ),
			self::detail( $status ),
			self::flag( $status ),
			self::progress( $status ),
			self::facts( $status ),
			self::actions( $status )
		);
	}

	private static function line( array $status ): string {
		if ( 'unsupported' === $status['state'] ) {
			return sprintf(
				'<div class="aidoc-status__line" tabindex="-1"><span aria-hidden="true">%s</span><span class="screen-reader-text">%s</span></div>',
				esc_html( $status['label'] ),
				esc_html( $status['detail'] )
			);
		}
		return sprintf(
			'<div class="aidoc-status__line" tabindex="-1"><span class="aidoc-status__icon dashicons dashicons-%s" aria-hidden="true"></span><span class="aidoc-status__label">%s</span></div>',
			esc_attr( StatusView::icon( $status['state'] ) ),
			esc_html( $status['label'] )
		);
	}

	private static function detail( array $status ): string {
		if ( '' === $status['detail'] || 'unsupported' === $status['state'] ) {
			return '';
		}
		return '<div class="aidoc-status__detail">' . esc_html( $status['detail'] ) . '</div>';
	}

	private static function flag( array $status ): string {
		return '' === $status['flag'] ? '' : '<div class="aidoc-status__flag">' . esc_html( $status['flag'] ) . '</div>';
	}

	private static function facts( array $status ): string {
		return '' === $status['facts'] ? '' : '<div class="aidoc-status__facts">' . esc_html( $status['facts'] ) . '</div>';
	}

	/** Decorative: the detail above says the same in words. */
	private static function progress( array $status ): string {
		if ( null === $status['progress'] ) {
			return '';
		}
		return sprintf(
			'<div class="aidoc-status__progress" aria-hidden="true"><span style="width:%d%%"></span></div>',
			$status['progress']['percent']
		);
	}

	private static function actions( array $status ): string {
		$html = '';
		if ( null !== $status['link'] ) {
			$html .= sprintf(
				'<a class="aidoc-status__link" href="%s">%s%s</a>',
				esc_url( $status['link']['url'] ),
				esc_html( $status['link']['label'] ),
				self::about( $status )
			);
		}
		foreach ( $status['actions'] as $action ) {
			$html .= sprintf(
				'<button type="button" class="%s" data-aidoc-action="%s">%s%s</button>',
				self::BUTTONS[ $action['name'] ] ?? 'button button-small',
				esc_attr( $action['name'] ),
				esc_html( $action['label'] ),
				self::about( $status )
			);
		}
		return '' === $html ? '' : '<div class="aidoc-status__actions">' . $html . '</div>';
	}

	/** Eighty buttons named "Retry" are no use in a list of controls: name the document for screen readers. */
	private static function about( array $status ): string {
		return '' === $status['title'] ? '' : '<span class="screen-reader-text">: ' . esc_html( $status['title'] ) . '</span>';
	}
}
