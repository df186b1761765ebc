import type { Writable } from 'node:stream';

/** An output that may be a terminal, as Node describes one. */
export interface MaybeTerminal extends Writable {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
}

/** Environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_COLUMNS = 80;
const DEFAULT_ROWS = 24;
const ERASE_BELOW = '\u001B[J';
const GREEN = '\u001B[32m';
const DIM = '\u001B[2m';
const PLAIN = '\u001B[0m';

/**
 * Whether lines may be redrawn on stderr: it must be a terminal that a person looks at, and stdout must not be one,
 * since records and bars on the same screen would break each other up.
 */
export function isRedrawable(
  stderr: MaybeTerminal,
  stdout: MaybeTerminal,
  env: Environment,
): boolean {
  const isForPeople = env.TERM !== 'dumb' && (env.CI ?? '') === '';
  return stderr.isTTY === true && stdout.isTTY !== true && isForPeople;
}

/** Lines at the bottom of a terminal that are redrawn repeatedly. */
export class Terminal {
  readonly #output: MaybeTerminal;
  readonly #isColored: boolean;
  #drawnLines = 0;

  /** @see https://no-color.org */
  constructor(output: MaybeTerminal, env: Environment) {
    this.#output = output;
    this.#isColored = (env.NO_COLOR ?? '') === '';
  }

  get columns(): number {
    return this.#output.columns ?? DEFAULT_COLUMNS;
  }

  green(text: string): string {
    return this.#isColored ? GREEN + text + PLAIN : text;
  }

  dim(text: string): string {
    return this.#isColored ? DIM + text + PLAIN : text;
  }

  /** Draws lines over the previous ones. None may be wider than the terminal: lines that wrap cannot be redrawn. */
  draw(lines: readonly string[]): void {
    const visible = lines.slice(0, (this.#output.rows ?? DEFAULT_ROWS) - 1);
    this.#output.write(this.#eraseDrawn() + visible.join('\n'));
    this.#drawnLines = visible.length;
  }

  /** Writes a line that stays, and removes the drawn ones. */
  print(line: string): void {
    this.#output.write(`${this.#eraseDrawn()}${line}\n`);
    this.#drawnLines = 0;
  }

  /** Removes the drawn lines. */
  clear(): void {
    if (this.#drawnLines === 0) return;
    this.#output.write(this.#eraseDrawn());
    this.#drawnLines = 0;
  }

  #eraseDrawn(): string {
    if (this.#drawnLines === 0) return '';
    const up = this.#drawnLines === 1 ? '' : `\u001B[${this.#drawnLines - 1}A`;
    return `\r${up}${ERASE_BELOW}`;
  }
}
