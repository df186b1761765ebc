import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { GzipError } from './gzip-error.ts';
import { checkTrailer, measureHeader, TRAILER_BYTES } from './gzip-frame.ts';
import {
  CRC_WINDOW_ADDRESS,
  type InflatePlace,
  OUTPUT_BYTES,
  WINDOW_BYTES,
} from './inflate-memory.ts';
import { DAMAGES, HALTS, type InflateExports } from './inflate-module.ts';

// See records/assembly/crc32.ts.
const RESIDUE_BYTES = 4800;
const BLOCK_BYTES = 16;
// Below this, Node's own CRC-32 is as fast.
const WORTH_FOLDING_BYTES = 1 << 15;
// zlib takes and returns the complement of the register: this value makes it begin with zero.
const ZERO_REGISTER = 0xffffffff;

/** What was inflated at a time. */
export interface Inflated {
  /** Bytes in the output. */
  readonly length: number;
  /** `hungry` when the input is read, `full` when the output is; at the end, the MD5 of all input in base64. */
  readonly state: 'hungry' | 'full' | { readonly md5: string };
}

/** Where a stream is. */
export interface GzipStreamInput {
  readonly module: InflateExports;
  /** All of the module's memory. */
  readonly bytes: Buffer;
  readonly place: InflatePlace;
}

/** Inflates gzip of any number of members. Nothing at all is an empty file. */
export class GzipStream {
  readonly #module: InflateExports;
  readonly #bytes: Buffer;
  readonly #place: InflatePlace;
  readonly #md5 = createHash('md5');
  #phase: 'header' | 'data' | 'trailer' = 'header';
  #from: number;
  #end: number;
  #isAtEnd = false;
  #members = 0;
  #crc = 0;
  /** Of the member so far. */
  #length = 0;
  /** Behind what was written last. */
  #to: number;

  constructor({ module, bytes, place }: GzipStreamInput) {
    this.#module = module;
    this.#bytes = bytes;
    this.#place = place;
    this.#from = this.#end = place.input;
    [this.#to] = place.outputs;
  }

  /**
   * Takes as many bytes as were written to the place's input.
   *
   * @param isAtEnd whether they are the last ones.
   */
  feed(length: number, isAtEnd: boolean): void {
    const { input } = this.#place;
    this.#end = input + length;
    this.#isAtEnd = isAtEnd;
    this.#md5.update(this.#bytes.subarray(input, this.#end));
  }

  /**
   * Fills an output of the place, as far as the input goes. What is in the other one has to be there still.
   *
   * @throws GzipError for what is truncated, damaged or has anything behind it.
   */
  inflate(index: 0 | 1): Inflated {
    const start = this.#place.outputs[index];
    this.#module.move(start - WINDOW_BYTES, this.#to - WINDOW_BYTES, WINDOW_BYTES);
    this.#to = start;
    for (;;) {
      if (this.#phase === 'data') {
        const halt = this.#inflateData(start + OUTPUT_BYTES);
        if (halt === HALTS.isFull) return { length: this.#to - start, state: 'full' };
        if (halt === HALTS.done) this.#phase = 'trailer';
        else return this.#starve(start);
      } else {
        if (this.#isComplete) return { length: this.#to - start, state: this.#finish() };
        if (!this.#readFrame()) return this.#starve(start);
      }
    }
  }

  get #isComplete(): boolean {
    return this.#isAtEnd && this.#phase === 'header' && this.#from === this.#end;
  }

  #finish(): Inflated['state'] {
    return { md5: this.#md5.digest('base64') };
  }

  /** Keeps the rest of the input right before the next one. */
  #starve(start: number): Inflated {
    if (this.#isAtEnd) throw new GzipError('unexpected end of file');
    const { input } = this.#place;
    const rest = this.#end - this.#from;
    this.#module.move(input - rest, this.#from, rest);
    this.#from = input - rest;
    this.#end = input;
    return { length: this.#to - start, state: 'hungry' };
  }

  #inflateData(outputEnd: number): number {
    const { stream } = this.#place;
    const module = this.#module;
    const from = this.#to;
    module.setInput(stream, this.#from, this.#end);
    const window = from - Math.min(this.#length, WINDOW_BYTES);
    const halt = module.inflate(stream, from, outputEnd, window);
    if (halt < 0) throw new GzipError(DAMAGES[-halt]);
    this.#from = module.getFrom(stream);
    this.#to = module.getTo(stream);
    this.#length += this.#to - from;
    this.#addToCrc(this.#bytes.subarray(from, this.#to));
    return halt;
  }

  /** Reads what is around the data of members; false when not all of it has come. */
  #readFrame(): boolean {
    const input = this.#bytes.subarray(this.#from, this.#end);
    if (this.#phase === 'trailer') {
      if (input.length < TRAILER_BYTES) return false;
      checkTrailer(input, this.#crc, this.#length);
      this.#from += TRAILER_BYTES;
      this.#phase = 'header';
      return true;
    }
    if (this.#members > 0 && input[0] === 0) throw new GzipError('garbage behind the end');
    const header = measureHeader(input);
    if (header === undefined) return false;
    this.#from += header;
    this.#begin();
    return true;
  }

  #begin(): void {
    this.#module.begin(this.#place.stream);
    this.#phase = 'data';
    this.#members++;
    this.#crc = 0;
    this.#length = 0;
  }

  /** Goes on with the CRC by adding what it is to the first bytes, where it would have begun with nothing before them. */
  #addToCrc(data: Buffer): void {
    if (data.length < WORTH_FOLDING_BYTES) {
      this.#crc = crc32(data, this.#crc);
      return;
    }
    const first = data.readUInt32LE(0);
    data.writeUInt32LE((first ^ this.#crc) >>> 0, 0);
    const folded = data.length - (data.length % BLOCK_BYTES);
    this.#module.foldCrc32(data.byteOffset, folded, CRC_WINDOW_ADDRESS);
    data.writeUInt32LE(first, 0);
    const residue = this.#bytes.subarray(CRC_WINDOW_ADDRESS, CRC_WINDOW_ADDRESS + RESIDUE_BYTES);
    this.#crc = crc32(data.subarray(folded), crc32(residue, ZERO_REGISTER));
  }
}
