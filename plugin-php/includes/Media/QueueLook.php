<?php

declare( strict_types=1 );

namespace AIDoc\Media;

use AIDoc\Agents\Agent;
use AIDoc\Agents\Repository as Agents;
use AIDoc\Queue\Budgets;
use AIDoc\Queue\Line;
use AIDoc\Rights;

/** Looks up QueueFacts: at most five queries for a whole screen, and where the site has an object cache hardly ever. */
final class QueueLook {

	/** So much of the queue is counted; behind it "more than" has to do. */
	private const HEAD = 1_000;

	private const GROUP   = 'aidoc';
	private const CACHE_S = 10;

	private ?QueueFacts $facts = null;

	/** @var array{now_ms:int,head:list<int>}|null What Line::look() says; null before it was asked. */
	private ?array $line_now = null;

	private int $blog = 0;

	public function __construct(
		private readonly Agents $agents,
		private readonly Line $line,
		private readonly Budgets $budgets,
	) {}

	/** What was looked up may have changed since. */
	public function forget(): void {
		$this->facts    = null;
		$this->line_now = null;
	}

	/** The database's time, asked for once. */
	public function now_ms(): int {
		return $this->line()['now_ms'];
	}

	/** Whether a document waits that could be taken now. */
	public function waits(): bool {
		return array() !== $this->line()['head'];
	}

	/** @return array{now_ms:int,head:list<int>} */
	private function line(): array {
		$this->follow_blog();
		return $this->line_now ??= $this->line->look( self::HEAD + 1 );
	}

	public function facts(): QueueFacts {
		$this->follow_blog();
		return $this->facts ??= $this->look();
	}

	private function follow_blog(): void {
		if ( get_current_blog_id() !== $this->blog ) {
			$this->blog = get_current_blog_id();
			$this->forget();
		}
	}

	private function look(): QueueFacts {
		$now    = $this->now_ms();
		$agents = array_values( array_filter( $this->agents->all(), static fn( Agent $agent ): bool => 'active' === $agent->state ) );
		$line   = $this->line()['head'];
		return new QueueFacts(
			$now,
			$agents,
			$this->budgets->reached(),
			array_slice( $line, 0, self::HEAD ),
			count( $line ) > self::HEAD,
			$line ? $this->pace( $agents, $now ) : 0,
			self::names( $agents ),
			Rights::has( Rights::AGENTS )
		);
	}

	/** As many documents are read at a time as the agents that take some have slots. */
	private function pace( array $agents, int $now ): int {
		$free  = array_filter( $agents, static fn( Agent $agent ): bool => null === AgentBlock::of( $agent, $now ) );
		$slots = array_sum( array_map( static fn( Agent $agent ): int => max( 1, $agent->slots ), $free ) );
		return $slots > 0 ? intdiv( $this->cached( 'held_ms', fn() => $this->line->held_ms() ), $slots ) : 0;
	}

	/**
	 * @param Agent[] $agents
	 * @return array<int,string>
	 */
	private static function names( array $agents ): array {
		$ids   = array_filter( array_unique( array_map( static fn( Agent $agent ): int => 'run' === $agent->directive ? 0 : $agent->directiveBy, $agents ) ) );
		$users = $ids ? get_users(
			array(
				'include' => $ids,
				'blog_id' => 0,
				'fields'  => array( 'ID', 'display_name' ),
			)
		) : array();
		return array_map( 'strval', array_column( $users, 'display_name', 'ID' ) );
	}

	/**
	 * Of many people who look at the media library at once one asks the database. Without an object cache that outlives the request
	 * nothing is kept: options are slower than the question.
	 *
	 * @template T
	 * @param callable():T $read
	 * @return T
	 */
	private function cached( string $name, callable $read ): mixed {
		if ( ! wp_using_ext_object_cache() ) {
			return $read();
		}
		$found = false;
		$value = wp_cache_get( $name, self::GROUP, false, $found );
		if ( ! $found ) {
			$value = $read();
			wp_cache_set( $name, $value, self::GROUP, self::CACHE_S );
		}
		return $value;
	}
}
