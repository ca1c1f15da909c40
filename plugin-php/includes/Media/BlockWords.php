<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Agents\Agent;

/** The sentences of Waiting about agents that take nothing. */
final class BlockWords {

	/**
	 * All of them for the same kind of reason.
	 *
	 * @param AgentBlock[] $blocks
	 * @param Agent[]      $agents Whose they are.
	 */
	public static function same( array $blocks, array $agents, QueueFacts $facts ): string {
		$one = 1 === count( $agents );
		if ( ! $one && AgentBlock::NOTE === $blocks[0]->kind ) {
			return self::none( self::telling( $blocks )->note, $facts->admin );
		}
		$who = $one
			/* translators: %s: name of an agent (the program that reads documents). Begins a sentence. */
			? sprintf( __( 'The agent %s', 'ai-doc-pipeline' ), $agents[0]->name )
			/* translators: Begins a sentence: all agents that could read a document. */
			: __( 'Every agent that reads it', 'ai-doc-pipeline' );
		if ( ! $one && count( $agents ) === count( $facts->agents ) ) {
			/* translators: Begins a sentence. */
			$who = __( 'Every agent', 'ai-doc-pipeline' );
		}
		/* translators: 1: who, such as "The agent scan-1" or "Every agent", 2: what about it, such as "is offline since 14:02" or "is paused by Ann". */
		return sprintf( __( '%1$s %2$s.', 'ai-doc-pipeline' ), $who, self::phrase( self::telling( $blocks ), $facts ) );
	}

	/**
	 * One by one, for they have different reasons.
	 *
	 * @param AgentBlock[] $blocks
	 * @param Agent[]      $agents
	 */
	public static function mixed( array $blocks, array $agents, QueueFacts $facts ): string {
		$parts = array();
		foreach ( $blocks as $i => $block ) {
			/* translators: 1: name of an agent, 2: what about it, such as "is offline since 14:02". */
			$parts[] = sprintf( __( '%1$s %2$s', 'ai-doc-pipeline' ), $agents[ $i ]->name, self::phrase( $block, $facts ) );
		}
		/* translators: %s: a list, such as "scan-1 is paused by Ann and scan-2 is outside its hours until 19:00". */
		return sprintf( __( 'No agent takes it now: %s.', 'ai-doc-pipeline' ), wp_sprintf( '%l', $parts ) );
	}

	/**
	 * The one that tells most: whose hours begin first, or who was there last.
	 *
	 * @param AgentBlock[] $blocks Of one kind.
	 */
	private static function telling( array $blocks ): AgentBlock {
		$closed = AgentBlock::CLOSED === $blocks[0]->kind;
		usort( $blocks, static fn( AgentBlock $a, AgentBlock $b ): int => $closed ? $a->atMs <=> $b->atMs : $b->atMs <=> $a->atMs );
		return $blocks[0];
	}

	private static function phrase( AgentBlock $block, QueueFacts $facts ): string {
		$at = $block->atMs > 0 ? self::moment( $block->atMs, $facts->nowMs ) : '';
		return match ( $block->kind ) {
			/* translators: %s: a time of day, or a day and a time. What is said of an agent. */
			AgentBlock::STOPPED => sprintf( __( 'was stopped at %s', 'ai-doc-pipeline' ), $at ),
			AgentBlock::OFFLINE => '' === $at
				/* translators: What is said of an agent. */
				? __( 'has never asked for documents', 'ai-doc-pipeline' )
				/* translators: %s: a time of day, or a day and a time. What is said of an agent. */
				: sprintf( __( 'is offline since %s', 'ai-doc-pipeline' ), $at ),
			AgentBlock::PAUSED  => isset( $facts->names[ $block->by ] )
				/* translators: %s: name of a person. What is said of an agent. */
				? sprintf( __( 'is paused by %s', 'ai-doc-pipeline' ), $facts->names[ $block->by ] )
				/* translators: What is said of an agent. */
				: __( 'is paused', 'ai-doc-pipeline' ),
			AgentBlock::CLOSED  => '' === $at
				/* translators: What is said of an agent, which works at certain hours only. */
				? __( 'is outside its hours', 'ai-doc-pipeline' )
				/* translators: %s: a time of day, or a day and a time. What is said of an agent, which works at certain hours only. */
				: sprintf( __( 'is outside its hours until %s', 'ai-doc-pipeline' ), $at ),
			default             => self::noted( $block->note, $facts->admin ),
		};
	}

	/** Several agents, each with a note of its own: the one that was said last. */
	private static function none( string $note, bool $admin ): string {
		return match ( true ) {
			self::is_credit( $note ) => __( 'No agent has credit left at its model provider.', 'ai-doc-pipeline' ),
			/* translators: %s: what an agent says, such as "disk almost full". */
			$admin                   => sprintf( __( 'No agent takes documents at the moment (%s).', 'ai-doc-pipeline' ), rtrim( $note, '.' ) ),
			default                  => __( 'No agent takes documents at the moment; an administrator finds the reason on the Agents page.', 'ai-doc-pipeline' ),
		};
	}

	/** As llm/httperr.go words an account that is used up, which every editor may know. */
	public static function is_credit( string $note ): bool {
		return str_contains( $note, 'quota or credit' );
	}

	/** Notes of agents may name servers and accounts: who cannot open the Agents page is told where the reason stands. */
	private static function noted( string $note, bool $admin ): string {
		if ( self::is_credit( $note ) ) {
			/* translators: What is said of an agent. */
			return __( 'has no credit left at its model provider', 'ai-doc-pipeline' );
		}
		return $admin
			/* translators: %s: what an agent says, such as "disk almost full". */
			? sprintf( __( 'takes no documents at the moment (%s)', 'ai-doc-pipeline' ), rtrim( $note, '.' ) )
			: __( 'takes no documents at the moment; an administrator finds the reason on the Agents page', 'ai-doc-pipeline' );
	}

	/** "14:02", or with its day where that is not today. */
	public static function moment( int $ms, int $now_ms ): string {
		$at     = intdiv( $ms, 1000 );
		$time   = (string) get_option( 'time_format', 'H:i' );
		$today  = wp_date( 'Y-m-d', $at ) === wp_date( 'Y-m-d', intdiv( $now_ms, 1000 ) );
		$format = $today ? $time : get_option( 'date_format', 'Y-m-d' ) . ' ' . $time;
		return (string) wp_date( $format, $at );
	}
}
