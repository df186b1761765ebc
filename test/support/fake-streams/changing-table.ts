import { isDeepStrictEqual } from 'node:util';
import { ACCOUNT } from '../fake-aws/access.ts';
import type { FakeAws } from '../fake-aws.ts';
import { awsError, type Reply } from '../fake-aws/replies.ts';
import type { JsonObject } from '../json.ts';
import type { FakeChange } from './change-entry.ts';
import { ChangingItems } from './changing-items.ts';
import {
  FakeChangeStream,
  type FakeChangeStreamOptions,
  parseIterator,
} from './fake-change-stream.ts';

/** What a table with a change stream is made of. */
export interface ChangingTableOptions extends Pick<FakeChangeStreamOptions, 'shards' | 'viewType'> {
  readonly name: string;
  /** Another account than the fake's own; requests then name the table by its ARN. */
  readonly account?: string;
  /** Milliseconds since 1970 by AWS's clock; that of this machine by default. */
  readonly now?: () => number;
  /** When its change stream was made, as its ARN says; in milliseconds since 1970, now by default. */
  readonly streamMadeAt?: number;
  /** Items that were there before the change stream, by the value of the key `pk`. */
  readonly items?: Readonly<Record<string, JsonObject>>;
  /** Items that a page of Scan has at most. */
  readonly pageSize?: number;
}

/** A table of the fake AWS with the key `pk`, whose items change, and its change stream. */
export class ChangingTable {
  readonly name: string;
  readonly arn: string;
  readonly #aws: FakeAws;
  readonly #options: ChangingTableOptions;
  readonly #items: ChangingItems;
  readonly #streams: FakeChangeStream[] = [];

  constructor(aws: FakeAws, options: ChangingTableOptions) {
    const { name, account = ACCOUNT } = options;
    this.name = name;
    this.arn = `arn:aws:dynamodb:${aws.region}:${account}:table/${name}`;
    this.#aws = aws;
    this.#options = options;
    this.#items = new ChangingItems(options.items, options.pageSize);
    this.renewStream();
    serveStreams(aws, this.#streams);
    const scanOthers = aws.handler('Scan');
    aws.on('Scan', (input, request) =>
      input.TableName === this.#reference ? this.#items.scan(input) : scanOthers(input, request),
    );
  }

  /** The present change stream. */
  get stream(): FakeChangeStream {
    const stream = this.#streams.at(-1);
    if (stream === undefined) throw new Error('There is no change stream.');
    return stream;
  }

  /** The items by the value of their key, without it. */
  get items(): ReadonlyMap<string, JsonObject> {
    return this.#items.attributes;
  }

  /** Puts an item; no change tells of one that is as it was. */
  put(pk: string, attributes: JsonObject): void {
    const oldImage = this.#items.imageOf(pk);
    this.#items.attributes.set(pk, attributes);
    const newImage = this.#items.imageOf(pk) ?? {};
    if (isDeepStrictEqual(newImage, oldImage)) return;
    this.#change({ keys: { pk: { S: pk } }, newImage, ...(oldImage && { oldImage }) });
  }

  delete(pk: string, { isTtl = false }: { isTtl?: boolean } = {}): void {
    const oldImage = this.#items.imageOf(pk);
    if (oldImage === undefined || !this.#items.attributes.delete(pk)) return;
    this.#change({ keys: { pk: { S: pk } }, oldImage, isTtl });
  }

  /** Gives the table another change stream, as disabling and enabling it does; the former one can still be read. */
  renewStream(): void {
    const former = this.#streams.at(-1);
    if (former !== undefined) former.isEnabled = false;
    const { now = Date.now, streamMadeAt, shards, viewType } = this.#options;
    const madeAt = (former === undefined ? streamMadeAt : undefined) ?? now();
    const arn = this.#nameStream(madeAt);
    this.#streams.push(
      new FakeChangeStream({ arn, now, ...(shards && { shards }), ...(viewType && { viewType }) }),
    );
    this.#refresh();
  }

  /** The ARN of a change stream says when it was made. */
  #nameStream(madeAt: number): string {
    const label = new Date(madeAt).toISOString().replace('Z', '');
    const arn = `${this.arn}/stream/${label}`;
    return this.#streams.some((stream) => stream.arn === arn) ? this.#nameStream(madeAt + 1) : arn;
  }

  disableStream(): void {
    this.stream.isEnabled = false;
    this.#refresh();
  }

  /** What requests call the table. */
  get #reference(): string {
    return this.#options.account === undefined ? this.name : this.arn;
  }

  #change(change: FakeChange): void {
    if (this.stream.isEnabled) this.stream.add(change);
    this.#refresh();
  }

  /** Has the fake tell of the table as it is now. */
  #refresh(): void {
    const { arn, isEnabled, viewType } = this.stream;
    this.#aws.addTable({
      name: this.name,
      ...(this.#options.account !== undefined && { arn: this.arn }),
      partitionKey: { name: 'pk', type: 'S' },
      items: [],
      itemCount: this.items.size,
      description: {
        LatestStreamArn: arn,
        ...(isEnabled && {
          StreamSpecification: { StreamEnabled: true, StreamViewType: viewType },
        }),
      },
    });
  }
}

/** Has the fake answer for change streams, and leave others to whoever answered for them before. */
function serveStreams(aws: FakeAws, streams: readonly FakeChangeStream[]): void {
  const operations = {
    DescribeStream: (stream: FakeChangeStream, input: JsonObject): Reply =>
      stream.describeStream(input),
    GetShardIterator: (stream: FakeChangeStream, input: JsonObject): Reply =>
      stream.getShardIterator(input),
    GetRecords: (stream: FakeChangeStream, input: JsonObject): Reply => stream.getRecords(input),
  };
  for (const [operation, answer] of Object.entries(operations)) {
    const former = aws.handler(operation);
    aws.on(operation, (input, request) => {
      const { StreamArn, ShardIterator } = input;
      const arn = StreamArn ?? parseIterator(ShardIterator)[0];
      if (arn === undefined) return awsError('ValidationException', 'Invalid ShardIterator');
      const stream = streams.find((candidate) => candidate.arn === arn);
      return stream === undefined ? former(input, request) : answer(stream, input);
    });
  }
}
