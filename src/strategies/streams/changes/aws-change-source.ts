import { isOfReason } from '../../../errors.ts';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { PageLoans } from '../../../aws/calls/page-loans.ts';
import { callPatiently, type Patience } from '../../../aws/calls/patient-call.ts';
import { fetchChanges, type ChangePage } from '../../../aws/streams/change-page.ts';
import { CompactRecords } from '../../../aws/streams/change-records.ts';
import {
  describeStream,
  getShardIterator,
  type ShardPage,
  type ShardPlace,
  type ShardPosition,
} from '../../../aws/streams/change-stream.ts';
import { connectStreams, type StreamsConnection } from '../../../aws/streams/streams-connection.ts';
import { Places } from '../../../places.ts';
import type { ReadResources } from '../../read-resources.ts';
import type { ChangeRecords, ChangeSource } from './change-source.ts';

// A fault or an outage is waited out for this long before the read gives up; its state is saved then.
const PATIENCE_MS = 5 * 60_000;
// A shard allows two readers. Others of it, such as a Lambda function, are there for good and leave room now and then.
const THROTTLING_PATIENCE_MS = 30 * 60_000;

// Requests under way and pages that wait, of one table. Sixty-four shards would fill 90 MB with full pages, and a core
// transcodes four while the next are on their way; shards that have nothing new leave their place in milliseconds.
const MOST_PAGES = 16;

// Requests for iterators under way, of one table; more of them do not make one core any faster. A shard that is throttled
// keeps no place while it pauses, so that others are not held up by it.
const MOST_ITERATOR_CALLS = 64;

// A timer that is set for longer fires at once. `max_sync_seconds` may be longer.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** An answer that takes a place until it is released. */
interface HeldPage {
  readonly page: ChangePage;
  readonly leave: () => void;
}

/** DynamoDB Streams itself. */
export class AwsChangeSource implements ChangeSource {
  readonly #resources: ReadResources;
  readonly #connection: StreamsConnection;
  readonly #loans: PageLoans;
  readonly #places = new Places(MOST_PAGES);
  readonly #iteratorPlaces = new Places(MOST_ITERATOR_CALLS);
  /** Of places that nobody has. */
  readonly #freeRecords: CompactRecords[] = [];
  #lastAnswerAt = performance.now();

  constructor(resources: ReadResources) {
    this.#resources = resources;
    this.#connection = connectStreams(resources.config, resources.connection);
    this.#loans = new PageLoans(resources.pages, MOST_PAGES);
  }

  async describe(
    arn: string,
    startShardId: string | undefined,
    signal: AbortSignal,
  ): Promise<ShardPage> {
    const page = await describeStream(this.#connection, { arn, startShardId }, this.#wait(signal));
    this.#lastAnswerAt = performance.now();
    return page;
  }

  iterator(place: ShardPlace, position: ShardPosition, signal: AbortSignal): Promise<string> {
    const patience = { ...this.#wait(signal), places: this.#iteratorPlaces };
    return getShardIterator(this.#connection, { ...place, position }, patience);
  }

  async fetch(place: ShardPlace, iterator: string, signal: AbortSignal): Promise<ChangeRecords> {
    const call = { action: 'dynamodb:GetRecords', resource: place.arn };
    const answer = await callPatiently(this.#connection, call, this.#wait(signal), () =>
      this.#fetchUnlessStale(iterator, signal),
    );
    if ('stale' in answer) throw this.#connection.classify(answer.stale, call.action, place.arn);
    this.#lastAnswerAt = performance.now();
    const { buffer, records, latestSecond, nextIterator } = answer.page;
    return {
      ...{ bytes: buffer.body, records, latestSecond },
      ...(nextIterator !== undefined && { nextIterator }),
      release: () => {
        this.#loans.release(buffer);
        answer.leave();
      },
    };
  }

  now(): number {
    const { clock } = this.#connection;
    return clock.awsNow() ?? clock.now();
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    for (let left = ms; left > 0; left -= LONGEST_TIMER_MS) {
      await sleepFor(Math.min(left, LONGEST_TIMER_MS), undefined, { signal });
    }
  }

  /** Takes back what nobody has taken. */
  close(): void {
    this.#loans.close();
    this.#connection.close();
  }

  /** An iterator that has expired does not get any fresher by waiting. */
  async #fetchUnlessStale(
    iterator: string,
    signal: AbortSignal,
  ): Promise<HeldPage | { readonly stale: unknown }> {
    const giveUp = await this.#places.take(signal);
    const records = this.#freeRecords.pop() ?? new CompactRecords();
    const leave = (): void => {
      this.#freeRecords.push(records);
      giveUp();
    };
    try {
      const page = await this.#loans.fill(signal, (buffer) =>
        fetchChanges(this.#connection, { iterator }, { buffer, records }, signal),
      );
      return { page, leave };
    } catch (error) {
      leave();
      const failure = this.#connection.classify(error, 'dynamodb:GetRecords');
      if (!isOfReason(failure, 'stale')) throw error;
      return { stale: error };
    }
  }

  #wait(signal: AbortSignal): Patience {
    return {
      patienceMs: PATIENCE_MS,
      throttlingPatienceMs: THROTTLING_PATIENCE_MS,
      lastProgressAt: () => this.#lastAnswerAt,
      signal,
      onRetry: (error, pauseMs) => {
        this.#resources.events.retrying(error, pauseMs);
      },
    };
  }
}
