import type { FakeTableDefinition } from '../../support/fake-aws.ts';
import type { ConnectorRun } from '../../support/connector.ts';
import type { JsonObject } from '../../support/json.ts';
import type { Message, SyncMode } from '../../support/messages.ts';

/** A table of the fake whose items are told apart by their number, from 0. */
export function numberedTable(name: string, count: number, pageSize: number): FakeTableDefinition {
  const items = Array.from({ length: count }, (_, n) => numberedItem(n));
  return { name, items, pageSize, partitionKey: { name: 'pk', type: 'S' } };
}

/** A configured catalog of one such table, as a user makes it of what `discover` says. */
export function numberedCatalog(name: string, syncMode: SyncMode = 'full_refresh'): unknown {
  return { streams: [numberedStream(name, syncMode)] };
}

/** One stream of such a catalog. */
export function numberedStream(name: string, syncMode: SyncMode = 'full_refresh'): JsonObject {
  return {
    stream: {
      name,
      json_schema: {
        type: 'object',
        properties: { pk: { type: 'string' }, n: { type: 'integer' } },
      },
      supported_sync_modes: ['full_refresh', 'incremental'],
      source_defined_primary_key: [['pk']],
    },
    sync_mode: syncMode,
    destination_sync_mode: syncMode === 'full_refresh' ? 'overwrite' : 'append',
  };
}

/** The numbers of a run's records, in the order of emission. */
export function numbersIn(run: ConnectorRun): readonly number[] {
  return run.messages.flatMap((message) => (message.type === 'RECORD' ? [numberOf(message)] : []));
}

/** The numbers of the records before a run's last state. */
export function numbersBeforeLastState(run: ConnectorRun): readonly number[] {
  const last = run.messages.findLastIndex((message) => message.type === 'STATE');
  return run.messages
    .slice(0, last + 1)
    .flatMap((message) => (message.type === 'RECORD' ? [numberOf(message)] : []));
}

/** Whether these are the numbers of 0 to `count`, each once, in any order. */
export function isEachOnce(numbers: readonly number[], count: number): boolean {
  return numbers.length === count && isEveryOne(numbers, count);
}

/** Whether these are the numbers of 0 to `count`, some perhaps several times. */
export function isEveryOne(numbers: readonly number[], count: number): boolean {
  const seen = new Set(numbers);
  return seen.size === count && numbers.every((n) => n >= 0 && n < count && Number.isInteger(n));
}

function numberedItem(n: number): string {
  return `{"pk":{"S":"item-${n}"},"n":{"N":"${n}"}}`;
}

function numberOf(message: Message & { readonly type: 'RECORD' }): number {
  return Number(message.record.data.n);
}
