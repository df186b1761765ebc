import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parseConfig } from '../../../src/config/parse-config.ts';
import type { ItemPage } from '../../../src/item-page.ts';
import { systemClock } from '../../../src/monitoring/clock.ts';
import { StreamProgress } from '../../../src/monitoring/stream-progress.ts';
import { MessageWriter } from '../../../src/protocol/message-writer.ts';
import { createRecordLine } from '../../../src/protocol/record-line.ts';
import { Redactor } from '../../../src/protocol/redactor.ts';
import { TranscoderEngine } from '../../../src/records/transcoder-engine.ts';
import { Checkpoints } from '../../../src/source/checkpoints.ts';
import { RecordOutput } from '../../../src/source/record-output.ts';
import { StreamMessages } from '../../../src/source/stream-messages.ts';
import type { ReadStrategy } from '../../../src/strategies/read-strategy.ts';

const CREDENTIALS = { auth_type: 'Role' };

interface Message {
  readonly type: string;
  readonly record?: { readonly data: { readonly pk: string } };
  readonly state?: {
    readonly stream: { readonly stream_state: { readonly at: number } };
    readonly sourceStats: { readonly recordCount: number };
  };
}

/** A strategy that yields the given pages, each of one item whose key is its number, and may break one of them. */
class NumberedPages implements ReadStrategy {
  readonly #pages: readonly (string | Error)[];
  #at = 0;
  released = 0;

  constructor(pages: readonly (string | Error)[]) {
    this.#pages = pages;
  }

  async *read(): AsyncGenerator<ItemPage> {
    for (const [index, item] of this.#pages.entries()) {
      await Promise.resolve();
      if (item instanceof Error) throw item;
      const bytes = Buffer.from(`${item}${' '.repeat(200)}`);
      yield {
        bytes,
        runs: item === '' ? [] : [{ start: 0, end: item.length }],
        itemCount: item === '' ? 0 : 1,
        advance: () => (this.#at = index + 1),
        release: () => {
          this.released++;
        },
      };
    }
  }

  state(): { readonly at: number } {
    return { at: this.#at };
  }
}

function itemOf(key: number): string {
  return `{"pk":{"S":"${key}"}}`;
}

describe('the output of records', () => {
  /** Writes the pages and, at the end or behind a failure, the last state; resolves to what was written. */
  async function write(strategy: NumberedPages, intervalMs = 0) {
    const stream = new PassThrough();
    const written = text(stream);
    const engine = new TranscoderEngine({ pageBytes: 0, sessions: 1 });
    const config = parseConfig({ region: 'us-east-1', credentials: CREDENTIALS }).records;
    const session = engine.openSession({
      ...{ line: createRecordLine({ name: 't' }), config, listed: undefined, keys: ['pk'] },
    });
    const writer = new MessageWriter(stream, new Redactor());
    const messages = new StreamMessages(writer, { name: 't' });
    const progress = new StreamProgress('t', systemClock);
    const checkpoints = new Checkpoints(intervalMs);
    const output = new RecordOutput({
      ...{ strategy, engine, session, writer, messages, checkpoints, progress },
    });
    let error: unknown;
    try {
      for await (const page of strategy.read()) await output.write(page);
    } catch (thrown) {
      error = thrown;
    }
    await output.flush();
    await output.writeLastState();
    stream.end();
    const lines = (await written).trimEnd().split('\n');
    return { error, messages: lines.map((line) => JSON.parse(line) as Message) };
  }

  /** Fails unless each state covers just the records before it. Returns the last position. */
  function checkStates(messages: readonly Message[]): number {
    let records = 0;
    let uncovered = 0;
    let last = 0;
    for (const { record, state } of messages) {
      if (record !== undefined) {
        records = Number(record.data.pk);
        uncovered++;
      }
      if (state === undefined) continue;
      last = state.stream.stream_state.at;
      expect(last, 'a state runs ahead of its records').to.equal(records);
      expect(state.sourceStats.recordCount).to.equal(uncovered);
      uncovered = 0;
    }
    expect(uncovered, 'records without a state').to.equal(0);
    return last;
  }

  for (const intervalMs of [0, 60_000]) {
    it(`writes states that cover the records before them, every ${intervalMs} ms`, async () => {
      const strategy = new NumberedPages([itemOf(1), itemOf(2), itemOf(3)]);
      const { messages, error } = await write(strategy, intervalMs);
      expect(error).to.equal(undefined);
      expect(checkStates(messages)).to.equal(3);
      expect(strategy.released).to.equal(3);
    });

    it(`leaves a page out of the last state that breaks, with states every ${intervalMs} ms`, async () => {
      for (const broken of ['{"pk":{"X":"3"}}', new Error('away'), '{"pk":{"S":"3"}},{}']) {
        const strategy = new NumberedPages([itemOf(1), itemOf(2), broken, itemOf(4)]);
        const { messages, error } = await write(strategy, intervalMs);
        expect(error).to.be.instanceOf(Error);
        expect(checkStates(messages)).to.equal(2);
        expect(strategy.released).to.equal(typeof broken === 'string' ? 3 : 2);
      }
    });
  }

  it('writes a state for pages without items too', async () => {
    const { messages } = await write(new NumberedPages(['', '']));
    expect(messages.map(({ type }) => type)).to.deep.equal(['STATE', 'STATE']);
    expect(messages.at(-1)?.state?.stream.stream_state.at).to.equal(2);
  });
});
