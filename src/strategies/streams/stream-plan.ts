import type { ExpectedRead, Notice } from '../read-plan.ts';
import type { ScanSettings } from '../scan/scan-settings.ts';
import type { ScanState } from '../scan/scan-state.ts';
import type { IsListed } from './change-columns.ts';
import type { SavedChanges } from './change-state.ts';

/** How a table and its changes are read, and from where. */
export interface StreamPlan extends ChangePlan {
  readonly kind: 'stream';
  readonly settings: ScanSettings;
  readonly expected: ExpectedRead;
  readonly notices: readonly Notice[];
}

/** The part of the plan that is about the changes. */
export interface ChangePlan {
  readonly table: string;
  /** Of the table's change stream. */
  readonly arn: string;
  /** Whether the change stream was disabled, so that nothing new comes. */
  readonly isDisabled: boolean;
  /** Absent: from a new snapshot on. */
  readonly saved?: SavedChanges;
  /** Where a new snapshot begins. */
  readonly start: ScanState;
  /** Whether there is a snapshot at all. */
  readonly hasSnapshot: boolean;
  /** Whether the snapshot waits and only changes are read. */
  readonly isChangesOnly: boolean;
  /** Whether a new snapshot is made where changes are lost; else the sync fails. */
  readonly resyncs: boolean;
  readonly includeOldImage: boolean;
  /** When the sync ends whatever is left. */
  readonly maxSyncMs?: number;
  /** Which of the columns of change capture the catalog lists. */
  readonly isListed: IsListed;
}
