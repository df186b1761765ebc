import { formatCount } from '../../src/text/figures.ts';
import type { Terminal } from './terminal.ts';

const BAR_WIDTH = 30;
const LABEL_WIDTH = 16;
/** Changes faster than this are not seen, and cost time. */
const REDRAW_MS = 40;
/** Without a terminal, a line is written whenever another part of this many is done. */
const PLAIN_PARTS = 4;

/** What a bar shows. */
export interface Progress {
  readonly total: number;
  /** What is counted, in the plural. */
  readonly unit: string;
  /** Where it begins, 0 by default. */
  readonly start?: number;
}

/** A bar on a terminal, and a line for each quarter elsewhere. */
export class ProgressBar {
  readonly #terminal: Terminal;
  readonly #total: number;
  readonly #unit: string;
  readonly #start: number;
  readonly #startedAt = performance.now();
  #done: number;
  #label = '';
  #drawnAt = 0;
  #partsTold: number;

  constructor(terminal: Terminal, { total, unit, start = 0 }: Progress) {
    this.#terminal = terminal;
    this.#total = total;
    this.#unit = unit;
    this.#start = start;
    this.#done = start;
    this.#partsTold = Math.floor(this.#part * PLAIN_PARTS);
  }

  /** Moves on by one; the label says what it was part of. */
  tick(label: string): void {
    this.#done += 1;
    this.#label = label;
    if (this.#terminal.isLive) this.#drawWhenDue();
    else this.#tellNewParts();
  }

  /** Draws the last position, also where that is short of the total. */
  finish(label = ''): void {
    this.#label = label;
    if (!this.#terminal.isLive) return;
    this.#draw();
    this.#terminal.closeLine();
  }

  #drawWhenDue(): void {
    const now = performance.now();
    if (now - this.#drawnAt < REDRAW_MS) return;
    this.#drawnAt = now;
    this.#draw();
  }

  #draw(): void {
    const filled = Math.round(BAR_WIDTH * this.#part);
    const bar =
      this.#terminal.style('green', '━'.repeat(filled)) +
      this.#terminal.style('dim', '─'.repeat(BAR_WIDTH - filled));
    const figures = `${this.#percent} %  ${formatCount(this.#done)} ${this.#unit}`;
    const label = this.#label.padEnd(LABEL_WIDTH).slice(0, LABEL_WIDTH);
    // The figures are what gives way on a narrow terminal: a line that wraps cannot be redrawn.
    const room = Math.max(0, this.#terminal.columns - BAR_WIDTH - 2);
    this.#terminal.redraw(`${bar}  ${`${figures.padEnd(25)}  ${label}`.slice(0, room)}`);
  }

  #tellNewParts(): void {
    const parts = Math.floor(this.#part * PLAIN_PARTS);
    if (parts === this.#partsTold) return;
    this.#partsTold = parts;
    this.#terminal.text(`${this.#percent} %  ${formatCount(this.#done)} ${this.#unit}`);
  }

  /** How long it took and how fast it went. */
  describe(): string {
    const count = this.#done - this.#start;
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const figures = `${formatCount(count)} ${this.#unit} in ${seconds.toFixed(1)} s`;
    // To three digits: more would change from run to run.
    const rate = Number((seconds === 0 ? 0 : count / seconds).toPrecision(3));
    return `${figures}, ${formatCount(rate)}/s`;
  }

  /** Of the total, from 0 to 1. */
  get #part(): number {
    return Math.min(1, this.#done / this.#total);
  }

  get #percent(): string {
    return String(Math.floor(this.#part * 100)).padStart(3);
  }
}
