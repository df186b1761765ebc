import { Writable } from 'node:stream';

const ESCAPE = '\u001B';
const TOKENS = new RegExp(`${ESCAPE}\\[\\d*[A-Za-z]|\\r|\\n|[^${ESCAPE}\\r\\n]+`, 'g');

/** An output that says it is a terminal, and what was written to it. */
export class FakeTerminal extends Writable {
  readonly isTTY: boolean;
  readonly columns: number;
  readonly rows: number;
  written = '';

  constructor(options: { isTTY?: boolean; columns?: number; rows?: number } = {}) {
    super({ decodeStrings: false });
    this.isTTY = options.isTTY ?? true;
    this.columns = options.columns ?? 120;
    this.rows = options.rows ?? 24;
  }

  override _write(chunk: string, _: BufferEncoding, done: () => void): void {
    this.written += chunk;
    done();
  }

  /** What a person sees: the lines on the screen once every control sequence is obeyed. */
  get screen(): readonly string[] {
    const lines = [''];
    let row = 0;
    for (const [token] of this.written.matchAll(TOKENS)) {
      if (token === '\n') lines[++row] ??= '';
      else if (token === `${ESCAPE}[J`) lines.splice(row, lines.length, '');
      else if (token.endsWith('A') && token.startsWith(ESCAPE)) row -= parseInt(token.slice(2), 10);
      else if (!token.startsWith(ESCAPE) && token !== '\r') lines[row] = (lines[row] ?? '') + token;
    }
    return lines;
  }
}
