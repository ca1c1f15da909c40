<?php
declare( strict_types=1 );

namespace AIDoc\Tests;

use AIDoc\Summaries\TitleChoice;

final class TitleChoiceTest extends TestCase {

	/** @dataProvider junk */
	public function test_a_title_that_names_nothing_gives_way_to_the_documents( string $made, string $file = 'q3-final_v2.pdf' ): void {
		self::assertSame( 'Quarterly report', TitleChoice::choose( $made, 'Quarterly report', $file ) );
	}

	public function junk(): array {
		$titles = array( '', ' ', '—', '12', 'Untitled', 'UNTITLED DOCUMENT 3', 'Document1', 'document', 'Scan 0042', 'IMG_2041', 'scan_2024-03-01', 'q3 final v2', 'Q3-final_v2.pdf', 'other-name.docx', 'Microsoft Word - letter.doc', '2024-03-01', '12 March 2024', '12. März 2024', 'den 3. Oktober 1990', 'January 2024', 'le 1er mars 2020', '01/02/2024 10:30', 'Confidential', 'Strictly confidential', 'Table of Contents', 'Inhaltsverzeichnis', 'Page 1 of 12', 'Seite 3 von 4', 'Ohne Titel', 'Sans titre', 'Sin título', 'Zusammenfassung', 'PowerPoint Presentation', 'Presentation2' );
		return array_combine( $titles, array_map( static fn( string $title ): array => array( $title ), $titles ) );
	}

	/** @dataProvider names */
	public function test_a_title_that_names_something_stays( string $made ): void {
		self::assertSame( $made, TitleChoice::choose( $made, 'Quarterly report', 'q3-final_v2.pdf' ) );
	}

	public function names(): array {
		$titles = array( 'Minutes of the board', 'Minutes of 12 March 2024', 'Draft law on bees', 'May the road rise', 'Scan results of the hospital', 'Introduction to algebra', 'Confidential informants in fiction', '1984: a reading', 'Отчёт о мосте', '橋の報告書', 'Document retention policy', 'What README.txt says', 'Notes on budget.pdf', 'Page by page', 'March of the penguins' );
		return array_combine( $titles, array_map( static fn( string $title ): array => array( $title ), $titles ) );
	}

	public function test_where_the_document_has_no_title_either_something_stands(): void {
		self::assertSame( 'Untitled', TitleChoice::choose( 'Untitled', '', 'x.pdf' ) );
		self::assertSame( 'x.pdf', TitleChoice::choose( '', '', 'x.pdf' ) );
		self::assertSame( 'Minutes', TitleChoice::choose( 'Minutes', 'minutes', 'minutes.pdf' ), 'The better spelling of the same.' );
	}

	public function test_a_draft_gets_it_as_text(): void {
		$id = $this->upload( 'scan0001.pdf' );
		wp_update_post( array( 'ID' => $id, 'post_title' => 'Terms & conditions' ) );
		$agent = $this->agent();
		$post  = $agent->result( $agent->lease()[0], array( 'title' => 'Untitled' ) )->get_data()['post_id'];
		self::assertSame( 'Terms &amp; conditions', get_post( $post )->post_title );
	}
}
