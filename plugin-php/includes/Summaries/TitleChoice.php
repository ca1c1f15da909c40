<?php
declare( strict_types=1 );

namespace AIDoc\Summaries;

/** Which title a summary gets. Models and files offer titles that name nothing: "Untitled", "scan0042.pdf", a date, "Confidential". */
final class TitleChoice {

	/** Without letters' case and marks; a number may follow. */
	private const NOTHING = array(
		'untitled',
		'untitled document',
		'no title',
		'title',
		'document',
		'new document',
		'document title',
		'scan',
		'scanned document',
		'scanned image',
		'image',
		'presentation',
		'powerpoint presentation',
		'slide',
		'book',
		'sheet',
		'page',
		'summary',
		'summary of the document',
		'document summary',
		'abstract',
		'introduction',
		'table of contents',
		'contents',
		'cover page',
		'confidential',
		'strictly confidential',
		'draft',
		'internal',
		'for internal use only',
		'all rights reserved',
		'unbenannt',
		'ohne titel',
		'dokument',
		'neues dokument',
		'prasentation',
		'mappe',
		'tabelle',
		'seite',
		'zusammenfassung',
		'inhalt',
		'inhaltsverzeichnis',
		'vertraulich',
		'entwurf',
		'sans titre',
		'sans nom',
		'nouveau document',
		'resume',
		'sommaire',
		'table des matieres',
		'confidentiel',
		'brouillon',
		'sin titulo',
		'documento',
		'resumen',
		'indice',
		'confidencial',
		'borrador',
		'senza titolo',
		'riassunto',
		'riservato',
		'sem titulo',
		'resumo',
		'naamloos',
		'samenvatting',
		'inhoud',
		'vertrouwelijk',
	);

	private const MONTHS = 'jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec|january|february|march|april|june|july|august|september|october|november|december|januar|februar|marz|mai|juni|juli|oktober|dezember|janvier|fevrier|mars|avril|juin|juillet|aout|septembre|octobre|novembre|decembre|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|gennaio|febbraio|aprile|maggio|giugno|luglio|settembre|ottobre|dicembre|janeiro|fevereiro|marco|maio|junho|julho|setembro|outubro|novembro|dezembro|januari|februari|maart|mei|augustus';

	private const EXTENSION = '/\.(?:pdf|docx?|odt|rtf|pages|xlsx?|xlsb|ods|csv|numbers|pptx?|odp|key|txt|md|html?|epub|jpe?g|png|tiff?|gif|webp|heic|bmp|eml|msg|xps|indd|tmp)$/i';

	/**
	 * @param string $made     What the agent made.
	 * @param string $document The title that the document has on this site, as text.
	 */
	public static function choose( string $made, string $document, string $filename ): string {
		$same = '' !== self::words( $made ) && self::words( $made ) === self::words( $document );
		if ( $same || self::names_something( $made, $filename ) ) {
			return $made;
		}
		return '' !== trim( $document ) ? $document : ( '' !== trim( $made ) ? $made : $filename );
	}

	public static function names_something( string $title, string $filename ): bool {
		$words = self::words( $title );
		return 1 === preg_match( '/\p{L}/u', $title )
			&& ! self::is_file_name( trim( $title ), $words, $filename )
			&& ! in_array( trim( (string) preg_replace( '/[\s\d]+$/', '', $words ) ), self::NOTHING, true )
			&& ! preg_match( '/^(?:page|seite|pagina|slide|folie) \d+ (?:of|von|de|di|van) \d+$/', $words )
			&& ! self::is_date( $words );
	}

	private static function is_file_name( string $title, string $words, string $filename ): bool {
		$stem = self::words( (string) preg_replace( self::EXTENSION, '', $filename ) );
		return ( 1 === preg_match( self::EXTENSION, $title ) && ! preg_match( '/\s/u', $title ) )
			|| ( '' !== $words && self::words( $filename ) === $words )
			|| 1 === preg_match( '/^microsoft (?:word|powerpoint|excel)\b/', $words )
			|| 1 === preg_match( '/^(?:img|dsc|dscn|pict|scan|doc|image|foto|photo|screenshot|untitled)[ _-]?\d[\d _-]*$/', $words )
			|| ( '' !== $stem && str_replace( ' ', '', $words ) === str_replace( ' ', '', $stem ) );
	}

	/** Nothing but numbers, names of months and the small words between them. */
	private static function is_date( string $words ): bool {
		return 1 === preg_match( '/\d/', $words ) && 1 === preg_match( '/^(?:\d+(?:st|nd|rd|th|er|o)?|' . self::MONTHS . '|of|de|den|der|du|le|the|am|vom|t|z|uhr|h|utc|\s)+$/', $words );
	}

	/** Lower case without marks on letters, one space between words. */
	private static function words( string $text ): string {
		return trim( (string) preg_replace( '/[^\p{L}\p{N}]+/u', ' ', mb_strtolower( remove_accents( $text ), 'UTF-8' ) ) );
	}
}
