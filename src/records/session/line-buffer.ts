/**
 * Gathers the lines of a page in an output, and outside of it once that is full, since the lines of very many tiny
 * items are longer than an output.
 */
export class LineBuffer {
  readonly #output: Buffer;
  readonly #parts: Buffer[] = [];
  #length = 0;

  constructor(output: Buffer) {
    this.#output = output;
  }

  /** Address at which the next line goes, in the memory that the output is a part of. */
  get address(): number {
    return this.#output.byteOffset + this.#length;
  }

  /** Address after the output. */
  get endAddress(): number {
    return this.#output.byteOffset + this.#output.length;
  }

  /** Notes that lines were written up to an address. */
  advanceTo(address: number): void {
    this.#length = address - this.#output.byteOffset;
  }

  /** Empties the output by copying what is in it. */
  setAside(): void {
    if (this.#length > 0) this.#parts.push(Buffer.from(this.#output.subarray(0, this.#length)));
    this.#length = 0;
  }

  /** Adds lines that were written elsewhere and stay as they are. */
  add(lines: Buffer): void {
    this.setAside();
    this.#parts.push(lines);
  }

  /** All lines; a view of the output if they fit. */
  get lines(): Buffer {
    const rest = this.#output.subarray(0, this.#length);
    const [first, ...others] = this.#parts;
    if (first === undefined) return rest;
    return others.length === 0 && rest.length === 0 ? first : Buffer.concat([...this.#parts, rest]);
  }
}
