<?php

declare( strict_types=1 );

namespace AIDoc\Admin;

/** The help tab of each of our screens: what the screen is for, and where the rest is. */
final class Help {

	public function register(): void {
		add_action( 'current_screen', array( $this, 'add' ) );
	}

	public function add( \WP_Screen $screen ): void {
		$tabs = 'aidoc_summary' === $screen->post_type ? self::tabs( $screen->id ) : array();
		foreach ( $tabs as $id => list( $title, $sentences ) ) {
			$screen->add_help_tab(
				array(
					'id'      => 'aidoc-help-' . $id,
					'title'   => $title,
					'content' => implode( '', array_map( static fn( string $sentence ): string => '<p>' . esc_html( $sentence ) . '</p>', $sentences ) ),
				)
			);
		}
		if ( $tabs ) {
			$screen->set_help_sidebar( sprintf( '<p><a href="%s">%s</a></p>', esc_url( admin_url( 'site-health.php' ) ), esc_html__( 'Site Health says what is wrong and what to do.', 'ai-doc-pipeline' ) ) );
		}
	}

	/** @return array<string,array{0:string,1:string[]}> */
	private static function tabs( string $screen ): array {
		return match ( true ) {
			'edit-aidoc_summary' === $screen             => self::summaries(),
			str_ends_with( $screen, Screens::QUEUE )    => self::queue(),
			str_ends_with( $screen, Screens::AGENTS )   => self::agents(),
			str_ends_with( $screen, Screens::SPENDING ) => self::spending(),
			str_ends_with( $screen, Screens::SETTINGS ) => self::settings(),
			str_ends_with( $screen, Screens::BACKFILL ) => self::backfill(),
			default                                     => array(),
		};
	}

	/** @return array<string,array{0:string,1:string[]}> */
	private static function summaries(): array {
		return array(
			'about' => array(
				__( 'Summaries', 'ai-doc-pipeline' ),
				array(
					__( 'A summary is made from a document of the Media Library, and begins as a draft. Read it beside its document before you publish: statements that were not found in the document are marked.', 'ai-doc-pipeline' ),
					__( 'You see the summaries of documents that you may read. Publishing one shows it where its block stands, to whoever may read the document.', 'ai-doc-pipeline' ),
					__( 'A summary that is deleted for good is erased by the agents as well.', 'ai-doc-pipeline' ),
				),
			),
		);
	}

	/** @return array<string,array{0:string,1:string[]}> */
	private static function queue(): array {
		return array(
			'about'   => array(
				__( 'The queue', 'ai-doc-pipeline' ),
				array(
					__( 'Each document has one row. Agents take the next one that they can read; a row that waits says why.', 'ai-doc-pipeline' ),
					__( 'A document that an agent leaves lying returns to the queue by itself within two minutes.', 'ai-doc-pipeline' ),
				),
			),
			'actions' => array(
				__( 'Retry and read again', 'ai-doc-pipeline' ),
				array(
					__( '“Move to the front” lets the chosen documents be read before all others that wait.', 'ai-doc-pipeline' ),
					__( '“Retry” tries what has failed, and pages that could not be read. “Read again” also reads what is done once more, which may cost money. Text that a person has edited is never overwritten.', 'ai-doc-pipeline' ),
				),
			),
		);
	}

	/** @return array<string,array{0:string,1:string[]}> */
	private static function agents(): array {
		return array(
			'about' => array(
				__( 'Agents', 'ai-doc-pipeline' ),
				array(
					__( 'An agent is a program on a machine of yours that asks this site for documents, reads them and sends summaries. The site never connects to it.', 'ai-doc-pipeline' ),
					__( 'To set one up, create it here and run the join command on its machine within 15 minutes. The command works once.', 'ai-doc-pipeline' ),
				),
			),
			'stop'  => array(
				__( 'Pause, drain, stop, revoke', 'ai-doc-pipeline' ),
				array(
					__( 'Paused, an agent finishes what it holds and takes nothing new. Draining, it gives back what it cannot finish soon. Stopped, its program ends as well. Each arrives with its next contact.', 'ai-doc-pipeline' ),
					__( 'Revoking ends its key at once: for a machine that is lost, or no longer yours.', 'ai-doc-pipeline' ),
				),
			),
		);
	}

	/** @return array<string,array{0:string,1:string[]}> */
	private static function spending(): array {
		return array(
			'about' => array(
				__( 'Spending', 'ai-doc-pipeline' ),
				array(
					__( 'What agents say that models have cost, by the price list of each: the bill is the provider’s. A document counts in the day in which an agent took it.', 'ai-doc-pipeline' ),
					__( 'Caps for a day and a month are in the settings. “Without a model” counts summaries made of the document’s own sentences.', 'ai-doc-pipeline' ),
				),
			),
		);
	}

	/** @return array<string,array{0:string,1:string[]}> */
	private static function settings(): array {
		return array(
			'about' => array(
				__( 'Settings', 'ai-doc-pipeline' ),
				array(
					__( 'Caps hold for all agents of this site together. Documents wait, or are summarised without a paid model, when one is reached.', 'ai-doc-pipeline' ),
					__( 'Documents that are local only go to no model outside the machines of your agents.', 'ai-doc-pipeline' ),
					__( 'Which model an agent uses, and its key, are set on the agent’s machine. This site never has them.', 'ai-doc-pipeline' ),
				),
			),
		);
	}

	/** @return array<string,array{0:string,1:string[]}> */
	private static function backfill(): array {
		return array(
			'about' => array(
				__( 'Documents from before', 'ai-doc-pipeline' ),
				array(
					__( 'Queues documents that were in the Media Library already. They wait behind every new upload. It can be paused, resumed and stopped, and goes on by itself when you leave this screen.', 'ai-doc-pipeline' ),
					__( 'Count first: it says how many documents there are and what they may cost, and queues nothing.', 'ai-doc-pipeline' ),
				),
			),
		);
	}
}
