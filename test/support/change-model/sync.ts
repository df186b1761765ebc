import type { ChangeFigures } from '../../../src/change-figures.ts';
import type { Notice } from '../../../src/strategies/read-plan.ts';
import type { StreamState } from '../../../src/strategies/read-strategy.ts';
import { parseSavedChanges } from '../../../src/strategies/streams/change-state.ts';
import type { ChangePlan } from '../../../src/strategies/streams/stream-plan.ts';
import { StreamStrategy } from '../../../src/strategies/streams/stream-strategy.ts';
import type { TableExports } from '../../../src/strategies/streams/gaps/table-exports.ts';
import { seededRandom } from '../seeded-random.ts';
import type { ModelRow } from './destinations.ts';
import { readRows } from './history.ts';
import { MODEL_SCAN_START, ModelSnapshot } from './model-snapshot.ts';
import { ModelSource } from './model-source.ts';
import type { ModelTable } from './model-table.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What is synced. */
export interface SyncInput {
  readonly clock: VirtualClock;
  readonly table: ModelTable;
  readonly state?: StreamState | undefined;
  readonly plan?: Partial<ChangePlan>;
  /** The longest time that a page of the snapshot takes. */
  readonly pageMs?: number;
  readonly signal?: AbortSignal;
  readonly exports?: TableExports;
  /** Told of each page's rows and the state behind it. */
  readonly onPage?: (rows: readonly ModelRow[], state: StreamState) => void;
  /** Told of how it goes, behind each page. */
  readonly onFigures?: (figures: ChangeFigures) => void;
}

/** What came of a sync. */
export interface SyncResult {
  readonly rows: readonly ModelRow[];
  readonly state: StreamState;
  readonly notices: readonly Notice[];
  readonly calls: ModelSource['calls'];
  /** How it went. */
  readonly figures?: ChangeFigures | undefined;
  /** How it failed. */
  readonly error?: Error;
}

/** Syncs a model table once, in its own time. */
export async function sync(input: SyncInput): Promise<SyncResult> {
  const { clock, table, state, plan, pageMs = 1000, onPage, onFigures, exports } = input;
  const random = seededRandom(7);
  const source = new ModelSource({ clock, random, table, pageSize: 100 });
  const notices: Notice[] = [];
  const strategy = new StreamStrategy(
    { ...createPlan(table, state), ...plan },
    {
      source,
      openSnapshot: ModelSnapshot.opener({ clock, random, table, pageSize: 3, pageMs }),
      ...(exports && { exports }),
      notify: (notice) => notices.push(notice),
    },
  );
  const rows: ModelRow[] = [];
  const signal = input.signal ?? new AbortController().signal;
  let error: Error | undefined;
  try {
    for await (const page of strategy.read(signal)) {
      const added = readRows(page);
      rows.push(...added);
      page.advance();
      page.release();
      onPage?.(added, copy(strategy.state()));
      const figures = strategy.changeFigures();
      if (figures !== undefined) onFigures?.(figures);
    }
  } catch (thrown) {
    error = thrown as Error;
  }
  const { calls, held } = source;
  if (held.size > 0) throw new Error(`${held.size} answers were never released`);
  const figures = strategy.changeFigures();
  return { rows, state: copy(strategy.state()), notices, calls, figures, ...(error && { error }) };
}

function createPlan(table: ModelTable, state: StreamState | undefined): ChangePlan {
  const saved = state && parseSavedChanges(state);
  if (saved?.kind === 'unfit') throw new Error(saved.reason);
  return {
    table: 'model',
    arn: table.arn,
    isDisabled: false,
    ...(saved && { saved }),
    start: MODEL_SCAN_START,
    snapshot: 'scan',
    isChangesOnly: false,
    onGap: 'fail',
    includeOldImage: true,
    isListed: () => true,
  };
}

function copy(state: StreamState): StreamState {
  return JSON.parse(JSON.stringify(state)) as StreamState;
}
