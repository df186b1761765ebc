import type { SeenValues } from '../../values/seen-values.ts';
import { malformedAs } from '../malformed.ts';
import { normaliseNumber } from '../normalise-number.ts';
import { GUARD_BYTES } from '../page-memory.ts';
import type { JudgeAttribute } from '../attribute-table.ts';
import { AttributeWatch } from './attribute-watch.ts';
import type { LineBuffer } from './line-buffer.ts';
import {
  COLUMNS_ROOM,
  LINE_ROOM,
  SEPARATOR_ROOM,
  type SessionArea,
  SUFFIX_ROOM,
} from './session-area.ts';
import { instantiateTranscoder, type TranscoderExports } from './transcoder-module.ts';

/** What a session's records look like, and how the facts about its attributes are determined. */
export interface SessionSettings {
  /** The bytes of a line before its data. */
  readonly prefix: Uint8Array;
  /** `"data":` of packed records. */
  readonly packed: Uint8Array;
  readonly isPacked: boolean;
  /** Whether packed records have their `data`. */
  readonly emitsData: boolean;
  readonly isNestedText: boolean;
  readonly isNumberText: boolean;
  readonly judge: JudgeAttribute;
  /** What leads from the watched attribute to the value; absent where none is watched. */
  readonly watchedSteps?: readonly string[];
}

/** What one session needs to transcode. */
export interface RunTranscoderInput {
  readonly compiled: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly area: SessionArea;
  readonly settings: SessionSettings;
}

/** Items that lie in the memory. */
export interface PlacedRun {
  /** Address of the first byte of the first item. */
  readonly address: number;
  readonly length: number;
  readonly columns: Uint8Array | undefined;
  /** A comma without it. */
  readonly separator?: Uint8Array | undefined;
}

/** The result of transcoding a run. */
export interface RunResult {
  readonly recordCount: number;
  /** True only if the items are pure ASCII, so that they need not be checked for UTF-8. */
  readonly isAscii: boolean;
  /** What the items have of the watched attribute; absent where none is watched. */
  readonly seen?: SeenValues;
}

// JSON text inside a JSON string escapes every byte at worst, and packed records contain the keys twice.
/** The largest number of bytes of a record for each byte of its item. */
export const LARGEST_GROWTH = 4;

const QUOTE = 0x22;
const CLOSE_BRACKET = 0x5d;
const NO_COLUMNS = new Uint8Array(0);
const COMMA = Buffer.from(',');

/**
 * An instance of the WebAssembly module that works for one session in one memory.
 *
 * What the module remembers between calls is in globals of the instance, so instances over the same memory share only
 * the module's constants.
 */
export class RunTranscoder {
  readonly #bytes: Buffer;
  readonly #area: SessionArea;
  readonly #module: TranscoderExports;
  readonly #watch: AttributeWatch | undefined;
  /** Keeps the bytes after a run, which are overwritten meanwhile. */
  readonly #behind = Buffer.alloc(GUARD_BYTES);
  /** Address of the first item. */
  #from = 0;
  #separator: Uint8Array | undefined;

  /** @throws RangeError for a prefix that is too long. */
  constructor({ compiled, memory, area, settings }: RunTranscoderInput) {
    this.#bytes = Buffer.from(memory.buffer);
    this.#area = area;
    const { watchedSteps: steps } = settings;
    const watch = steps && new AttributeWatch({ steps, bytes: this.#bytes, area });
    this.#watch = watch;
    this.#module = instantiateTranscoder(compiled, memory, {
      fail: (expected, position) => {
        throw malformedAs(expected, position - this.#from);
      },
      normaliseNumber: (from, length, to) => this.#normaliseNumber(from, length, to),
      findAttribute: (from, end) => this.#findAttribute({ from, end }, settings.judge),
      compareValues: (type, from, end, other, otherEnd) =>
        watch?.compare(type, [from, end], [other, otherEnd]) ?? 0,
      isStep: (step, from, end) => Number(watch?.isStep(step, from, end) ?? false),
    });
    this.#applySettings(settings);
    watch?.install(this.#module);
  }

  /** @throws RangeError when the suffix is too long. */
  setSuffix(suffix: Uint8Array): void {
    const address = this.#area.write(this.#bytes, SUFFIX_ROOM, suffix);
    this.#module.setSuffix(address, suffix.length);
  }

  /**
   * Writes the records of a run. Whether its items are UTF-8 is not checked.
   *
   * @throws SystemError for bytes that are not items in DynamoDB JSON, RangeError for columns that are too long.
   */
  transcode(run: PlacedRun, lines: LineBuffer): RunResult {
    const { address, length, columns = NO_COLUMNS, separator = COMMA } = run;
    this.#module.setColumns(this.#area.write(this.#bytes, COLUMNS_ROOM, columns), columns.length);
    if (separator !== this.#separator) this.#setSeparator(separator);
    const end = address + length;
    this.#from = address;
    this.#bytes.copy(this.#behind, 0, end, end + GUARD_BYTES);
    this.#bytes[end] = CLOSE_BRACKET;
    // The module reads past the end, and must find quotes there, so that no string runs on.
    this.#bytes.fill(QUOTE, end + 1, end + GUARD_BYTES);
    try {
      const recordCount = this.#transcodeUpTo(end, lines);
      const seen = this.#watch?.take(this.#module, recordCount);
      const isAscii = this.#module.hasNonAscii() === 0;
      return { recordCount, isAscii, ...(seen !== undefined && { seen }) };
    } finally {
      this.#behind.copy(this.#bytes, end);
    }
  }

  #setSeparator(separator: Uint8Array): void {
    const address = this.#area.write(this.#bytes, SEPARATOR_ROOM, separator);
    this.#module.setSeparator(address, separator.length);
    this.#separator = separator;
  }

  #transcodeUpTo(end: number, lines: LineBuffer): number {
    const module = this.#module;
    let recordCount = 0;
    module.begin(this.#from, end + 1);
    while (module.getFrom() <= end) {
      recordCount += module.transcode(lines.address, lines.endAddress);
      lines.advanceTo(module.getTo());
      if (module.getFrom() <= end) lines.setAside();
    }
    return recordCount;
  }

  #applySettings(settings: SessionSettings): void {
    const { prefix, packed, isPacked, emitsData, isNestedText, isNumberText } = settings;
    const line = this.#area.write(this.#bytes, LINE_ROOM, Buffer.concat([prefix, packed]));
    this.#module.setLine(line, prefix.length, line + prefix.length, packed.length);
    // A set of `.5` as text is slightly longer than on the wire.
    const plainGrowth = isNumberText ? 2 : 1;
    const growth = isPacked || isNestedText ? LARGEST_GROWTH : plainGrowth;
    this.#module.setShape(isPacked, emitsData, isNestedText, isNumberText, growth);
  }

  #normaliseNumber(from: number, length: number, to: number): number {
    const text = normaliseNumber(this.#bytes.toString('latin1', from, from + length));
    return text === undefined ? 0 : this.#bytes.write(text, to, 'latin1');
  }

  #findAttribute(name: { from: number; end: number }, judge: JudgeAttribute): number {
    const address = this.#area.attributes.find(this.#bytes, name, judge);
    if (address === undefined) throw malformedAs(0, name.from - this.#from);
    return address;
  }
}
