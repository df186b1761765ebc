import { ConfigError } from '../../../src/errors.ts';
import type { ItemPage } from '../../../src/item-page.ts';
import { CdcColumns } from '../../../src/strategies/cdc-columns.ts';
import {
  createMark,
  type ExportNumbers,
} from '../../../src/strategies/export/files/export-files.ts';
import { endOf, type RunningExport } from '../../../src/strategies/export/export-state.ts';
import { renderTime } from '../../../src/strategies/export/export-time.ts';
import type { RecoveryPeriod } from '../../../src/strategies/export/export-windows.ts';
import type {
  ExportReading,
  TableExports,
} from '../../../src/strategies/streams/gaps/table-exports.ts';
import type { Random } from '../seeded-random.ts';
import { toItem } from './model-source.ts';
import type { ModelTable } from './model-table.ts';
import type { VirtualClock } from './virtual-clock.ts';

const MINUTE_MS = 60_000;
const LAG_MS = 5 * MINUTE_MS;
const FILE = 'model.json.gz';

/** What the exports of a model are made of. */
export interface ModelExportsInput {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly table: ModelTable;
  /** Lines of a page. */
  readonly pageSize: number;
  /** How long an export takes at most. */
  readonly longestMs: number;
  /** Recovery reaches back to it; absent where it is not enabled. */
  readonly earliest?: number;
}

interface Line {
  readonly key: string;
  readonly writtenAt?: number;
  readonly version?: number | undefined;
  readonly oldVersion?: number | undefined;
}

/** The exports of a model table, each in one file. */
export class ModelExports implements TableExports {
  /** The scopes of those that were started, as text. */
  readonly started: string[] = [];
  readonly #input: ModelExportsInput;

  constructor(input: ModelExportsInput) {
    this.#input = input;
  }

  fetchRecovery(): Promise<RecoveryPeriod> {
    const { clock, earliest } = this.#input;
    if (earliest === undefined) {
      return Promise.reject(new ConfigError('Point-in-time recovery is not enabled.'));
    }
    return Promise.resolve({ earliest, latest: clock.now() - LAG_MS });
  }

  open(running: RunningExport, numbers: ExportNumbers): ExportReading {
    const reading = {
      running,
      polledAt: undefined,
      read: (signal: AbortSignal) => this.#read(reading, numbers, signal),
    };
    return reading;
  }

  async *#read(
    reading: { running: RunningExport },
    numbers: ExportNumbers,
    signal: AbortSignal,
  ): AsyncGenerator<ItemPage> {
    const { clock, random, longestMs, pageSize } = this.#input;
    const { scope } = reading.running;
    try {
      await clock.sleep(endOf(scope) - (clock.now() - LAG_MS), signal);
      yield createMark(() => undefined, true);
      if (reading.running.arn === undefined) {
        this.started.push(JSON.stringify(scope));
        yield createMark(() => {
          reading.running = { ...reading.running, arn: 'model' };
        }, true);
      }
      await clock.sleep(random() * longestMs, signal);
    } catch {
      return;
    }
    const lines = this.#list(reading.running);
    const done = Number(reading.running.files.get(FILE) ?? 0);
    for (let at = done; at < lines.length && !signal.aborted; at += pageSize) {
      const some = lines.slice(at, at + pageSize);
      yield toPage(some, reading.running, numbers, () => {
        const files = new Map([[FILE, at + some.length]]);
        reading.running = { ...reading.running, files };
      });
    }
  }

  /** Compacted against the table as it was at the beginning of the window: what came and went within it is left out. */
  #list({ scope }: RunningExport): readonly Line[] {
    const { table } = this.#input;
    const after = table.asOf(endOf(scope));
    if (scope.kind === 'full') return [...after].map(([key, version]) => ({ key, version }));
    const before = table.asOf(scope.from);
    return [...table.lastWrites(scope.from, scope.to)]
      .map(([key, writtenAt]) => ({
        ...{ key, writtenAt },
        ...{ version: after.get(key), oldVersion: before.get(key) },
      }))
      .filter(({ version, oldVersion }) => (version ?? oldVersion) !== undefined);
  }
}

function toPage(
  lines: readonly Line[],
  { scope }: RunningExport,
  numbers: ExportNumbers,
  advance: () => void,
): ItemPage {
  const columns = new CdcColumns(() => true);
  const at = renderTime(endOf(scope));
  let text = '';
  const runs = lines.map(({ key, writtenAt = 0, version, oldVersion }) => {
    const start = text.length;
    text += toItem(key, version ?? oldVersion);
    const cursor = scope.kind === 'full' ? numbers.row : numbers.change(endOf(scope) * 1000);
    const isDelete = version === undefined || 1000 * writtenAt >= (numbers.deletesFrom ?? Infinity);
    const deletedAt = isDelete ? at : null;
    return {
      start,
      end: text.length,
      columns: columns.write({ cursor, updatedAt: at, deletedAt }),
    };
  });
  return { bytes: Buffer.from(text), runs, advance, release: () => undefined };
}
