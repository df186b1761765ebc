import type { NumberForm } from '../support/reference-decoding.ts';

/** What a client leaves of two tables that it reads several times, each time with the state of the time before. */
export interface Expected {
  /** How often each item is at the client after each of the reads. */
  readonly copies: readonly number[];
  /** The attributes whose numbers the client changes, as `ledger.ratio`, in the order of the alphabet. */
  readonly rounded: readonly string[];
}

/** A client and how it is run: its folder holds `read.py` and the pinned packages. */
export interface Client {
  readonly name: string;
  readonly folder: string;
  /** Whether it is given the connector's image instead of the executable. */
  readonly isContainer: boolean;
  /** What becomes of the tables; a pattern where the whole read fails with such a message. */
  readonly expected: Readonly<Record<NumberForm, Expected | RegExp>>;
}

const EXACT: readonly string[] = [];

// DuckDB's DECIMAL(38,9) holds no more than 29 digits before the point.
const PYAIRBYTE = {
  string: { copies: [1, 1], rounded: EXACT },
  number: /Failed to cast value to (?:numerical|decimal)|Conversion Error/,
} as const;
const DOUBLES = ['ledger.amount', 'ledger.ratio'];

/** All of them, in the order in which they run. */
export const CLIENTS: readonly Client[] = [
  { name: 'PyAirbyte', folder: 'pyairbyte', isContainer: false, expected: PYAIRBYTE },
  { name: 'PyAirbyte with the image', folder: 'pyairbyte', isContainer: true, expected: PYAIRBYTE },
  {
    name: 'airbyte-serverless',
    folder: 'airbyte-serverless',
    isContainer: false,
    expected: {
      string: { copies: [1, 2], rounded: EXACT },
      number: { copies: [1, 2], rounded: ['ledger.ratio'] },
    },
  },
  {
    name: 'tap-airbyte with target-jsonl',
    folder: 'tap-airbyte',
    isContainer: false,
    // FULL_TABLE twice, of which the second finds its state finished, and INCREMENTAL.
    expected: {
      string: { copies: [1, 1, 2], rounded: EXACT },
      number: { copies: [1, 1, 2], rounded: DOUBLES },
    },
  },
  {
    name: 'dlt over PyAirbyte',
    folder: 'dlt',
    isContainer: false,
    expected: {
      string: { copies: [1, 1], rounded: EXACT },
      number: /Integer exceeds 64-bit range/,
    },
  },
  {
    name: 'Pathway',
    folder: 'pathway',
    isContainer: false,
    expected: {
      string: { copies: [1, 2], rounded: EXACT },
      number: { copies: [1, 2], rounded: ['ledger.ratio'] },
    },
  },
];
