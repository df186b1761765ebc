import { isUtf8 } from 'node:buffer';
import {
  addSeen,
  NOTHING_SEEN,
  type SeenValues,
  type WatchedAttribute,
} from '../values/seen-values.ts';
import type { RecordConfig } from '../config/config.ts';
import type { RecordLine } from '../protocol/record-line.ts';
import type { AttributeFacts } from './attribute-table.ts';
import { ALL_TYPES, nameType } from './attribute-type.ts';
import type { ItemBytes, ItemRun } from '../item-page.ts';
import type { ListedAttributes } from './listed-attributes.ts';
import { ConfigError } from '../errors.ts';
import { malformed } from './malformed.ts';
import type { LentOutput } from './output-pool.ts';
import { LineBuffer } from './session/line-buffer.ts';
import {
  type RunResult,
  RunTranscoder,
  type RunTranscoderInput,
  type SessionSettings,
} from './session/run-transcoder.ts';
import type { SessionArea } from './session/session-area.ts';
import { transcodeApart } from './session/transcode-apart.ts';
import type { TranscoderMemory } from './session/transcoder-memory.ts';

/** What the records of a stream look like. */
export interface RecordOptions {
  readonly line: RecordLine;
  readonly config: RecordConfig;
  readonly listed: ListedAttributes;
  /** Names of the table's key attributes. */
  readonly keys: readonly string[];
  /** Names of the columns that runs bring; no attribute may have one of them. */
  readonly reserved?: ReadonlySet<string>;
  /** The only attributes that are wanted, where items may have more: the others are dropped without a word. */
  readonly projected?: ReadonlySet<string>;
  readonly watch?: WatchedAttribute;
}

/** RECORD lines of one page; the bytes are valid until the output is released. */
export interface RecordLines {
  readonly lines: Uint8Array;
  readonly recordCount: number;
  /** Only where an attribute is watched. */
  readonly seen?: SeenValues;
}

/** An attribute or type that the catalog does not list, and how many values of each type it had. */
export interface UnlistedAttribute {
  readonly name: string;
  /** Whether the catalog lists the attribute, with other types. */
  readonly isListed: boolean;
  readonly valuesByType: Readonly<Record<string, number>>;
}

/** Everything that was read but that the catalog does not list. */
export interface Unlisted {
  /** In the order of the catalog, and then of their first appearance. */
  readonly attributes: readonly UnlistedAttribute[];
  /** How many values further attributes had that there was no room to name. */
  readonly unnamedValues: number;
}

/** What the engine lends to a session. */
export interface SessionPlace {
  readonly compiled: WebAssembly.Module;
  readonly memory: TranscoderMemory;
  readonly area: SessionArea;
  /** Takes the area back. */
  readonly onClose: () => void;
}

const PACKED_ATTRIBUTE = 'data';

/**
 * Writes the RECORD lines of one stream straight from the bytes of DynamoDB JSON, in one pass and without turning items
 * into objects.
 *
 * The work is done in WebAssembly (assembly/), which copies strings 16 bytes at a time. Many can be open on one engine;
 * none affects the settings, attributes or counts of another.
 */
export class RecordTranscoder {
  readonly #options: RecordOptions;
  readonly #place: SessionPlace;
  readonly #input: RunTranscoderInput;
  readonly #runs: RunTranscoder;
  #isClosed = false;

  /**
   * `TranscoderEngine.openSession` calls it.
   *
   * @throws RangeError when the line's prefix is too long.
   */
  constructor(options: RecordOptions, place: SessionPlace) {
    const { compiled, memory, area } = place;
    this.#options = options;
    this.#place = place;
    const settings = toSettings(options);
    this.#input = { compiled, memory: memory.pages.memory, area, settings };
    this.#runs = new RunTranscoder(this.#input);
    const names = [...(options.listed?.keys() ?? [])];
    const own = names.filter((name) => options.reserved?.has(name) !== true);
    area.attributes.reserve(memory.bytes, own, settings.judge);
  }

  /**
   * Items that lie in a slot of the engine are transcoded there, and are unchanged afterwards.
   *
   * @param output of the same engine; its contents are overwritten.
   * @param emittedAt milliseconds since 1970.
   * @throws SystemError for bytes that are not items in DynamoDB JSON, RangeError for columns that are too long.
   */
  transcode(page: ItemBytes, output: LentOutput, emittedAt: number): RecordLines {
    this.#checkUsable(output);
    const suffix = this.#options.line.suffix(emittedAt);
    this.#runs.setSuffix(suffix);
    const lines = new LineBuffer(output.bytes);
    let recordCount = 0;
    let seen = this.#options.watch && NOTHING_SEEN;
    for (const run of page.runs) {
      const items = cutOut(page.bytes, run);
      const result = this.#transcodeRun(items, { ...run, suffix }, lines);
      if (!result.isAscii && !isUtf8(items)) throw malformed('UTF-8', 0);
      recordCount += result.recordCount;
      if (seen !== undefined && result.seen !== undefined) seen = addSeen(seen, result.seen);
    }
    return { lines: lines.lines, recordCount, ...(seen !== undefined && { seen }) };
  }

  /** Lists what was read but the catalog does not list; call it before `close`. */
  listUnlisted(): Unlisted {
    this.#checkOpen();
    if (this.#options.config.format === 'packed') return { attributes: [], unnamedValues: 0 };
    const { area, memory } = this.#place;
    const byName = new Map<string, Record<string, number>>();
    for (const { quotedName, unlistedValues } of area.attributes.listSeen(memory.bytes)) {
      if (unlistedValues.every((count) => count === 0)) continue;
      const name = JSON.parse(quotedName) as string;
      if (this.#options.projected?.has(name) === false) continue;
      // A name that the wire spells in two ways is one attribute.
      const counts = byName.get(name) ?? {};
      byName.set(name, counts);
      addByType(counts, unlistedValues);
    }
    const attributes = [...byName].map(([name, valuesByType]) => ({
      name,
      isListed: isListed(this.#options, name),
      valuesByType,
    }));
    return { attributes, unnamedValues: area.attributes.countUnnamed(memory.bytes) };
  }

  /** Returns the session's memory; a second call does nothing. */
  close(): void {
    if (!this.#isClosed) this.#place.onClose();
    this.#isClosed = true;
  }

  #transcodeRun(
    items: Uint8Array,
    {
      columns,
      separator,
      suffix,
    }: Pick<ItemRun, 'columns' | 'separator'> & {
      readonly suffix: Uint8Array;
    },
    lines: LineBuffer,
  ): RunResult {
    const address = this.#place.memory.place(items);
    if (address === undefined) {
      return transcodeApart(this.#input, { items, columns, separator, suffix }, lines);
    }
    return this.#runs.transcode({ address, length: items.length, columns, separator }, lines);
  }

  #checkUsable({ bytes, isReleased }: LentOutput): void {
    this.#checkOpen();
    if (isReleased) throw new Error('The output was released.');
    if (bytes.buffer !== this.#place.memory.bytes.buffer) {
      throw new Error('The output belongs to another engine.');
    }
  }

  #checkOpen(): void {
    if (this.#isClosed) throw new Error('The session is closed.');
  }
}

function cutOut(bytes: Uint8Array, { start, end }: ItemRun): Uint8Array {
  if (start < 0 || end < start || end > bytes.length) {
    throw new RangeError(`A run from ${start} to ${end} does not lie in ${bytes.length} bytes.`);
  }
  return bytes.subarray(start, end);
}

function toSettings(options: RecordOptions): SessionSettings {
  const { config, listed, line, watch } = options;
  const isPacked = config.format === 'packed';
  return {
    prefix: line.prefix,
    packed: Buffer.from(`"${PACKED_ATTRIBUTE}":`),
    isPacked,
    emitsData: isPacked && isListed(options, PACKED_ATTRIBUTE),
    isNestedText: config.nestedValues === 'string',
    isNumberText: config.numberValues === 'string',
    ...(watch !== undefined && { watchedSteps: watch.path.slice(1) }),
    judge: (quotedName) => {
      const name = JSON.parse(quotedName) as string;
      if (isReserved(options, name))
        throw createReservedError(name, { isKey: options.keys.includes(name) });
      const isWatched = name === watch?.path[0];
      if (!isWatched && options.projected?.has(name) === false) return createDroppedFacts(name);
      return {
        name,
        isWatched,
        isHidden: isWatched && watch.isHidden,
        isListed: isListed(options, name),
        isEmitted: isEmitted(options, name),
        listedTypes: listed === undefined ? ALL_TYPES : (listed.get(name) ?? 0),
      };
    },
  };
}

function createDroppedFacts(name: string): AttributeFacts {
  const flags = { isListed: true, isEmitted: false, isWatched: false, isHidden: false };
  return { name, ...flags, listedTypes: ALL_TYPES };
}

/** An error for an attribute that is called like a column that the source adds. */
export function createReservedError(
  name: string,
  { table, isKey }: { readonly table?: string; readonly isKey: boolean },
): ConfigError {
  const subject = `The table${table === undefined ? '' : ` ${table}`}`;
  // Packed records have the keys beside the columns too.
  const remedy = isKey
    ? 'Leave the table out with "exclude_tables", or choose the replication method "Scan".'
    : 'Choose the record format "packed", or the replication method "Scan".';
  return new ConfigError(
    `${subject} has ${isKey ? 'a key' : 'an'} attribute called "${name}", as the source calls a column of its own. ${remedy}`,
  );
}

/** In packed records, only the keys stand beside the columns. */
function isReserved({ config, keys, reserved }: RecordOptions, name: string): boolean {
  return reserved?.has(name) === true && (config.format === 'columns' || keys.includes(name));
}

function isListed({ listed }: RecordOptions, name: string): boolean {
  return listed === undefined || listed.has(name);
}

function isEmitted(options: RecordOptions, name: string): boolean {
  const { config, keys, watch } = options;
  if (watch?.isHidden === true && name === watch.path[0]) return false;
  if (config.format === 'packed') return isListed(options, name) && keys.includes(name);
  return isListed(options, name) || config.unlistedAttributes === 'emit';
}

function addByType(counts: Record<string, number>, values: Float64Array): void {
  values.forEach((count, type) => {
    if (count === 0) return;
    const name = nameType(type);
    counts[name] = (counts[name] ?? 0) + count;
  });
}
