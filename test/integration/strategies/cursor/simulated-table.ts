import type { DynamoDbConnection } from '../../../../src/aws/connection.ts';
import type { PageBuffer } from '../../../../src/aws/calls/page-buffer.ts';
import { toConnectorError } from '../../../../src/errors.ts';
import type { JsonObject } from '../../../support/json.ts';
import type { Random } from '../../../support/seeded-random.ts';

/** How a writer stamps what it writes, in DynamoDB JSON. `zoneMs` is what its wall clock is ahead of UTC. */
export type Stamp = (ms: number, zoneMs: number) => JsonObject;

/** What a history is made of. */
export interface TableOptions {
  readonly random: Random;
  readonly stamp: Stamp;
  readonly items: number;
  /** What the wall clocks of the writers are ahead of UTC. */
  readonly zones: readonly number[];
}

/** A row, of which the version grows with each write. */
interface Row {
  readonly pk: string;
  readonly segment: number;
  version: number;
  at: JsonObject;
}

const START = Date.UTC(2026, 10, 26, 12);
const UPDATES_PER_SECOND = 2;
// Writers read their clocks, which are 2 s apart at most, up to so long before the write is done.
const LARGEST_SKEW_MS = 1000;
const LONGEST_WRITE_MS = 20_000;
const SEGMENTS = 3;

/** A table in a time of its own, into which writers write whenever that goes on. Each answer takes some of it. */
export class SimulatedTable {
  readonly #options: TableOptions;
  readonly rows: Row[];
  #now = START;
  #isWritten = true;
  /** How long a page takes at most. */
  pageMs = 3000;

  constructor(options: TableOptions) {
    this.#options = options;
    this.rows = Array.from({ length: options.items }, (_, n) => ({
      pk: `row-${n}`,
      segment: Math.floor(options.random() * SEGMENTS),
      version: 0,
      at: options.stamp(START - 86_400_000 * options.random() - 120_000, this.#pickZone()),
    }));
  }

  /** The writers write no more. */
  stopWriters(): void {
    this.#isWritten = false;
  }

  /** A row whose stamp lies far in the future, as some mean "never" by it. */
  addRowOfTheFuture(): void {
    const at = this.#options.stamp(Date.UTC(9999, 11, 31), 0);
    this.rows.push({ pk: 'never', segment: 0, version: 0, at });
  }

  /** Lets time go by. */
  pass(ms: number): void {
    const { random } = this.#options;
    const until = this.#now + ms;
    while (this.#isWritten) {
      const pause = (-Math.log(1 - random()) * 1000) / UPDATES_PER_SECOND;
      if (this.#now + pause > until) break;
      this.#now += pause;
      this.#write();
    }
    this.#now = until;
  }

  #write(): void {
    const { random, stamp } = this.#options;
    const row = this.rows[Math.floor(random() * this.rows.length)];
    if (row === undefined || row.pk === 'never') return;
    row.version++;
    const skew = (2 * random() - 1) * LARGEST_SKEW_MS - random() * LONGEST_WRITE_MS;
    row.at = stamp(this.#now + skew, this.#pickZone());
  }

  #pickZone(): number {
    const { random, zones } = this.#options;
    return zones[Math.floor(random() * zones.length)] ?? 0;
  }

  /** A connection to it, which answers as DynamoDB does. */
  connect(): DynamoDbConnection {
    const connection = {
      scans: {
        send: async (_table: string, body: string, buffer: PageBuffer) => {
          // The requests that are sent at the same time are answered one after the other.
          await Promise.resolve();
          this.pass(this.#options.random() * this.pageMs);
          const answer = Buffer.from(this.#answer(JSON.parse(body) as JsonObject));
          buffer.start(answer.length);
          buffer.append(answer);
        },
      },
      credentials: { provide: () => Promise.resolve({ accessKeyId: 'A', secretAccessKey: 's' }) },
      clock: {
        offsetMs: 0,
        awsNow: () => this.#now,
      },
      classify: (thrown: unknown) => toConnectorError(thrown),
      isLocalAndSilent: false,
    };
    return connection as unknown as DynamoDbConnection;
  }

  /** The page of a segment, in the order of the keys; the filter can only be that of a cursor. */
  #answer(request: JsonObject): string {
    const { Segment, TotalSegments, Limit = 5, ExclusiveStartKey, FilterExpression } = request;
    const { pk } = (ExclusiveStartKey ?? { pk: { S: '' } }) as { pk: { S: string } };
    const rows = this.rows
      .filter(({ segment }) => segment % Number(TotalSegments) === Segment)
      .filter((row) => row.pk > pk.S)
      .sort((a, b) => (a.pk < b.pk ? -1 : 1));
    const page = rows.slice(0, Number(Limit));
    const [bound = {}] = Object.values(
      (request.ExpressionAttributeValues ?? {}) as Readonly<Record<string, JsonObject>>,
    );
    const items = page
      .filter((row) => FilterExpression === undefined || isAtLeast(row.at, bound))
      .map((row) => ({ pk: { S: row.pk }, version: { N: String(row.version) }, at: row.at }));
    const last = rows.length > page.length ? page.at(-1) : undefined;
    return JSON.stringify({
      Items: items,
      Count: items.length,
      ScannedCount: page.length,
      ...(last && { LastEvaluatedKey: { pk: { S: last.pk } } }),
    });
  }
}

function isAtLeast(value: JsonObject, bound: JsonObject): boolean {
  if (typeof value.S === 'string' && typeof bound.S === 'string') {
    return Buffer.compare(Buffer.from(value.S), Buffer.from(bound.S)) >= 0;
  }
  return value.N !== undefined && bound.N !== undefined && Number(value.N) >= Number(bound.N);
}
