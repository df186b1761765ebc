import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { ConnectorOptions, ConnectorRun } from '../../support/connector.ts';
import type { Engine } from '../../support/engine.ts';
import { isJsonObject, type JsonObject } from '../../support/json.ts';
import { adminClient, type Item } from '../../support/seed.ts';
import { read } from './source-runs.ts';

/** Syncs of one connection, each with the state that the one before has left. */
export class Connection {
  readonly #config: JsonObject;
  readonly #catalog: unknown;
  #state: unknown;

  constructor(config: JsonObject, catalog: unknown, state?: unknown) {
    this.#config = config;
    this.#catalog = catalog;
    this.#state = state;
  }

  /** Reads what is new; changes of the config are for this sync alone. */
  async sync(changes: JsonObject = {}, options: ConnectorOptions = {}): Promise<ConnectorRun> {
    const state = this.#state === undefined ? {} : { state: this.#state };
    const config = { ...this.#config, ...changes };
    const run = await read({ config, catalog: this.#catalog, ...state }, options);
    if (run.states.length > 0) this.#state = run.states;
    return run;
  }
}

/** A state file of one stream. */
export function stateOf(name: string, streamState: unknown): unknown {
  return [{ type: 'STREAM', stream: { stream_descriptor: { name }, stream_state: streamState } }];
}

/** The last state of a run's only stream. */
export function lastState(run: ConnectorRun): JsonObject {
  const { stream_state: state } = run.states.at(-1)?.stream ?? {};
  if (!isJsonObject(state)) throw new Error('the run has no state');
  return state;
}

export async function putItem(engine: Engine, table: string, item: Item): Promise<void> {
  const client = adminClient(engine);
  try {
    await client.send(new PutItemCommand({ TableName: table, Item: item }));
  } finally {
    client.destroy();
  }
}

export async function deleteItem(engine: Engine, table: string, key: Item): Promise<void> {
  const client = adminClient(engine);
  try {
    await client.send(new DeleteItemCommand({ TableName: table, Key: key }));
  } finally {
    client.destroy();
  }
}
