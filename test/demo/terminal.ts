import { styleText } from 'node:util';
import { atExit } from '../support/at-exit.ts';

/** What the demo writes to: `process.stdout`, or something that looks like it. */
export interface TerminalOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Text is indented below its step's heading. */
const INDENT = '   ';
/** What stands before and behind a command line that goes on: `$ ` and ` \\`. */
const COMMAND_MARGIN = 4;
const CONTINUATION = '    ';
const DEFAULT_COLUMNS = 80;
const CLEAR_LINE = '\r\u001b[2K';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** Writes for people: colours and lines that change in place on a terminal, plain lines everywhere else. */
export class Terminal {
  /** Whether colours and changing lines may be used. */
  readonly isLive: boolean;
  readonly #output: TerminalOutput;
  #hasOpenLine = false;
  #stepCount = 0;

  constructor(output: TerminalOutput, environment: NodeJS.ProcessEnv) {
    const { NO_COLOR: noColor = '', TERM: term } = environment;
    this.isLive = output.isTTY === true && noColor === '' && term !== 'dumb';
    this.#output = output;
    if (this.isLive) atExit(() => this.closeLine());
  }

  /** Characters that fit on a line behind the indent. */
  get columns(): number {
    const { columns = 0 } = this.#output;
    // Terminals that do not know their size say 0.
    return (columns > 0 ? columns : DEFAULT_COLUMNS) - INDENT.length - 1;
  }

  style(style: Style, text: string): string {
    return this.isLive ? styleText(style, text) : text;
  }

  /** Begins a numbered step. */
  step(title: string, purpose: string): void {
    this.#stepCount += 1;
    const heading = this.style('bold', `${this.#stepCount}  ${title}`);
    this.#write(`\n${heading}  ${this.style('dim', purpose)}\n`);
  }

  /** Text of one or more lines below the heading. */
  text(text: string): void {
    this.#write(text.replaceAll(/^(?=.)/gm, INDENT) + '\n');
  }

  /** Lines of a table, of which the first is its heading. */
  table([heading = '', ...rows]: readonly string[]): void {
    this.text([this.style('bold', heading), ...rows].join('\n'));
  }

  note(text: string): void {
    this.text(this.style('dim', text));
  }

  /** A command line, as one would type it. */
  command(commandLine: string): void {
    const lines = this.#breakCommand(commandLine).map((line) => this.style('cyan', line));
    this.text(`${this.style('dim', '$')} ${lines.join('\n')}`);
  }

  success(text: string): void {
    this.text(`${this.style('green', '✓')} ${text}`);
  }

  failure(text: string): void {
    this.text(`${this.style('red', '✗')} ${text}`);
  }

  /** Replaces the line that changes in place, or begins it. Only where `isLive`. */
  redraw(text: string): void {
    const start = this.#hasOpenLine ? CLEAR_LINE : HIDE_CURSOR;
    this.#hasOpenLine = true;
    this.#output.write(`${start}${INDENT}${text}`);
  }

  /** Leaves the line that changes in place as it is, and gives the cursor back. */
  closeLine(): void {
    if (!this.#hasOpenLine) return;
    this.#hasOpenLine = false;
    this.#output.write(`${SHOW_CURSOR}\n`);
  }

  /** Breaks a command line that is too long before one of its options, as a shell allows. */
  #breakCommand(commandLine: string): readonly string[] {
    const room = this.columns - COMMAND_MARGIN;
    const end = commandLine.length <= room ? -1 : commandLine.lastIndexOf(' --', room);
    if (end <= CONTINUATION.length) return [commandLine];
    const rest = this.#breakCommand(CONTINUATION + commandLine.slice(end + 1));
    return [`${commandLine.slice(0, end)} \\`, ...rest];
  }

  #write(text: string): void {
    this.closeLine();
    this.#output.write(text);
  }
}
