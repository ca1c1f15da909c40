<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Agents\Agent;
use AIDoc\Jobs\Job;
use AIDoc\Queue\Leases;
use AIDoc\Queue\NoReader;

/**
 * Why a queued document waits, in one sentence. Rules in their order, the first that has something to say counts: what keeps this
 * document from being taken at all, then what holds up every document, then its own place. Pure: facts in, sentence out.
 *
 * There is no rule for languages, although agents say which ones they recognise: whether a page has to be recognised is known once it is read,
 * a document's language is the site's until somebody names another, and no document waits for it. Any agent takes it.
 */
final class Waiting {

	/** So many agents are named one by one. */
	private const NAMED = 3;

	/** Each returns its sentence or null. */
	private const RULES = array( 'no_agent', 'batch', 'stored', 'no_reader', 'blocked', 'cap', 'backing_off', 'not_before', 'in_line' );

	/** @return array{code:string,text:string} The code is the name of the rule, for `blocked` followed by the kind of AgentBlock. */
	public static function of( Job $job, QueueFacts $facts ): array {
		foreach ( self::RULES as $rule ) {
			$text = self::$rule( $facts, $job );
			if ( null !== $text ) {
				return array(
					'code' => $rule,
					'text' => $text,
				);
			}
		}
		return array(
			'code' => '',
			'text' => '',
		);
	}

	/** What holds up every document that waits, where one thing does. @return array{code:string,text:string}|null */
	public static function of_all( QueueFacts $facts ): ?array {
		foreach ( array( 'no_agent', 'blocked', 'cap' ) as $rule ) {
			$text = self::$rule( $facts, null );
			if ( null !== $text ) {
				return array(
					'code' => $rule,
					'text' => $text,
				);
			}
		}
		return null;
	}

	private static function no_agent( QueueFacts $facts ): ?string {
		return array() === $facts->agents ? __( 'No agent has joined this site yet.', 'ai-doc-pipeline' ) : null;
	}

	/** An agent has asked the model in a batch, which is cheaper and may take a day, and comes back for the answer. */
	private static function batch( QueueFacts $facts, Job $job ): ?string {
		if ( Leases::WAITING !== $job->errorClass || Leases::BATCH !== $job->errorCode ) {
			return null;
		}
		return $job->availableMs > $facts->nowMs
			? sprintf(
				/* translators: %s: a length of time such as "40 minutes". */
				__( 'The model was asked in a batch, which is cheaper and may take a day. Next look in %s.', 'ai-doc-pipeline' ),
				human_time_diff( 0, (int) ceil( ( $job->availableMs - $facts->nowMs ) / 1000 ) )
			)
			: __( 'The model was asked in a batch, which is cheaper and may take a day. The next free agent looks.', 'ai-doc-pipeline' );
	}

	/** Said by whoever found out: the look at what agents read, or an agent that gave the document back (a cap that is too small). */
	private static function stored( QueueFacts $facts, Job $job ): ?string {
		return Leases::WAITING === $job->errorClass && '' !== $job->errorMessage ? $job->errorMessage : null;
	}

	private static function no_reader( QueueFacts $facts, Job $job ): ?string {
		if ( array() !== $facts->readers( $job->mime, $job->bytes, $job->localOnly ) ) {
			return null;
		}
		$caps = array_values( array_filter( array_map( static fn( Agent $agent ) => $agent->capabilities(), $facts->agents ) ) );
		return array() === $caps ? null : NoReader::reason( $job, $caps )[1];
	}

	/** None of the agents that read it takes documents. Those that are offline count only where no other is there. */
	private static function blocked( QueueFacts $facts, ?Job $job ): ?string {
		$agents = $job ? $facts->readers( $job->mime, $job->bytes, $job->localOnly ) : $facts->agents;
		$online = array_filter( $agents, static fn( Agent $agent ) => AgentBlock::is_online( $agent, $facts->nowMs ) );
		$agents = array_values( $online ? $online : $agents );
		$blocks = array_map( static fn( Agent $agent ) => self::block( $agent, $job, $facts->nowMs ), $agents );
		if ( array() === $agents || in_array( null, $blocks, true ) ) {
			return null;
		}
		$kinds = array_unique( array_column( $blocks, 'kind' ) );
		return 1 === count( $kinds ) ? BlockWords::same( $blocks, $agents, $facts ) : BlockWords::mixed( array_slice( $blocks, 0, self::NAMED ), $agents, $facts );
	}

	/** An agent without credit goes on with what no model elsewhere may read. */
	private static function block( Agent $agent, ?Job $job, int $now_ms ): ?AgentBlock {
		$block = AgentBlock::of( $agent, $now_ms );
		return $block && $job?->localOnly && BlockWords::is_credit( $block->note ) ? null : $block;
	}

	private static function cap( QueueFacts $facts ): ?string {
		return $facts->cap;
	}

	private static function backing_off( QueueFacts $facts, Job $job ): ?string {
		if ( $job->attempt < 1 || '' === $job->errorMessage ) {
			return null;
		}
		$wait = $job->availableMs - $facts->nowMs;
		$next = $wait > 0
			/* translators: %s: a length of time such as "2 minutes". */
			? sprintf( __( 'Next one in %s.', 'ai-doc-pipeline' ), human_time_diff( 0, (int) ceil( $wait / 1000 ) ) )
			: __( 'Next one as soon as an agent is free.', 'ai-doc-pipeline' );
		return sprintf(
			/* translators: 1: number of the last attempt, 2: highest number of attempts, 3: the error, 4: when it is tried again. */
			__( 'Attempt %1$d of %2$d: %3$s %4$s', 'ai-doc-pipeline' ),
			$job->attempt,
			$job->maxAttempts,
			preg_match( '/[.!?…。]$/u', $job->errorMessage ) ? $job->errorMessage : $job->errorMessage . '.',
			$next
		);
	}

	private static function not_before( QueueFacts $facts, Job $job ): ?string {
		return $job->availableMs > $facts->nowMs
			/* translators: %s: a time of day, or a day and a time. */
			? sprintf( __( 'Put off until %s.', 'ai-doc-pipeline' ), BlockWords::moment( $job->availableMs, $facts->nowMs ) )
			: null;
	}

	private static function in_line( QueueFacts $facts, Job $job ): ?string {
		$ahead = array_search( $job->id, $facts->line, true );
		if ( false === $ahead && ! $facts->more ) {
			return null; // It came, or went, after the head of the queue was read.
		}
		if ( 0 === $ahead ) {
			return __( 'Next in line.', 'ai-doc-pipeline' );
		}
		$known = false === $ahead ? count( $facts->line ) : $ahead;
		$text  = sprintf(
			false === $ahead
				/* translators: %s: a number of documents. */
				? __( 'More than %s documents ahead', 'ai-doc-pipeline' )
				/* translators: %s: number of documents that are read before this one. */
				: _n( '%s document ahead', '%s documents ahead', $known, 'ai-doc-pipeline' ),
			number_format_i18n( $known )
		);
		return 0 === $facts->paceMs
			/* translators: %s: such as "3 documents ahead". */
			? sprintf( __( '%s.', 'ai-doc-pipeline' ), $text )
			/* translators: 1: such as "3 documents ahead", 2: a length of time such as "4 minutes". */
			: sprintf( __( '%1$s, about %2$s.', 'ai-doc-pipeline' ), $text, human_time_diff( 0, (int) max( 60, ceil( $known * $facts->paceMs / 1000 ) ) ) );
	}
}
