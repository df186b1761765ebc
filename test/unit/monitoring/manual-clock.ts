import type { Clock } from '../../../src/monitoring/clock.ts';

interface Timer {
  readonly intervalMs: number;
  readonly task: () => void;
  dueAt: number;
}

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #timers = new Set<Timer>();

  now(): number {
    return this.#now;
  }

  every(intervalMs: number, task: () => void): () => void {
    const timer = { intervalMs, task, dueAt: this.#now + intervalMs };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** How many timers were not stopped. */
  get timerCount(): number {
    return this.#timers.size;
  }

  /** Lets time pass; what is due on the way is called at its moment. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const [next] = [...this.#timers].sort((a, b) => a.dueAt - b.dueAt);
      if (next === undefined || next.dueAt > end) break;
      this.#now = next.dueAt;
      next.dueAt += next.intervalMs;
      next.task();
    }
    this.#now = end;
  }
}
