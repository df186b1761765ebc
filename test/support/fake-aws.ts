import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from './engine.ts';
import { Access, ACCOUNT, type Denial, type Principal } from './fake-aws/access.ts';
import type { FakeTableDefinition } from './fake-aws/fake-table.ts';
import { FakeTables } from './fake-aws/fake-tables.ts';
import { awsError, type Reply } from './fake-aws/replies.ts';
import { readRequest, type Handler, type RecordedRequest } from './fake-aws/requests.ts';
import { sendReply } from './fake-aws/send-reply.ts';
import { Sessions } from './fake-aws/sessions.ts';
import { callerIdentityReply, type Session } from './fake-aws/sts-replies.ts';
import { closeHttpServer, listenLocally } from './listen.ts';

export { roleRefusal, type Denial, type Principal } from './fake-aws/access.ts';
export type { FakeTableDefinition } from './fake-aws/fake-table.ts';
export * from './fake-aws/replies.ts';
export type { Handler, RecordedRequest } from './fake-aws/requests.ts';
export { assumeRoleReply, stsError, type Session } from './fake-aws/sts-replies.ts';

export interface FakeAwsOptions {
  readonly tables?: readonly FakeTableDefinition[];
  readonly region?: string;
  /** The clock of AWS, by which sessions expire, in milliseconds since the epoch; the real one by default. */
  readonly now?: () => number;
  /** How long AssumeRole's sessions last, whatever they ask for. */
  readonly sessionLifetimeMs?: number;
}

/** DynamoDB and STS on one endpoint, for what no engine can do: scripted answers, permissions, expiring sessions. */
export interface FakeAws extends Engine {
  /** Every request so far, refused ones included. */
  readonly requests: readonly RecordedRequest[];
  requestsTo(operation: string): readonly RecordedRequest[];
  /** Answers an operation from now on. Access is checked before any handler. */
  on(operation: string, handler: Handler): void;
  /** Answers the next request of an operation, before `on`; calls queue up. */
  once(operation: string, handler: Handler): void;
  /** What answers an operation now, for handlers that let most requests pass. */
  handler(operation: string): Handler;
  /** Answers an operation as it does now, but so many milliseconds later. */
  slowDown(operation: string, ms: number): void;
  addTable(table: FakeTableDefinition): void;
  removeTable(name: string): void;
  /** Makes an access key known; the engine's own is known from the start. */
  addPrincipal(principal: Principal): void;
  removePrincipal(accessKeyId: string): void;
  deny(denial: Denial): void;
  /** Temporary credentials without AssumeRole; their lifetime is in milliseconds of the fake's clock. */
  issueSession(lifetimeMs: number): Session;
  /** Also rejects with what a handler threw. */
  stop(): Promise<void>;
}

/** Starts the fake on a free port of 127.0.0.1. Use it as `endpoint` and as `sts_endpoint`. */
export async function startFakeAws(options: FakeAwsOptions = {}): Promise<FakeAws> {
  const { region = 'us-east-1', now = Date.now, sessionLifetimeMs } = options;
  const access = new Access(now);
  const sessions = new Sessions(access, now);
  const tables = new FakeTables(region);
  for (const table of options.tables ?? []) tables.add(table);
  const accessKeyId = 'AKIAFAKEAWSEXAMPLE00';
  const secretAccessKey = 'fake-aws-secret-access-key';
  access.add({ accessKeyId, secretAccessKey, arn: `arn:aws:iam::${ACCOUNT}:user/x` });
  const router = new Router({ access, now }, [
    ['ListTables', (input) => tables.list(input)],
    ['DescribeTable', (input) => tables.describe(input)],
    ['Scan', (input) => tables.scan(input)],
    ['DescribeStream', unknownChangeStream],
    ['GetShardIterator', unknownChangeStream],
    ['GetRecords', unknownChangeStream],
    ['AssumeRole', (input) => sessions.assumeRole(input, sessionLifetimeMs)],
    ['AssumeRoleWithWebIdentity', (input) => sessions.assumeRole(input, sessionLifetimeMs)],
    ['GetCallerIdentity', (_, request) => identity(access, request)],
  ]);
  const server = createServer((message, response) => void router.serve(message, response));
  const port = await listenLocally(server);
  return {
    ...{ name: 'fake AWS', endpoint: `http://127.0.0.1:${port}`, region, accessKeyId },
    secretAccessKey,
    requests: router.requests,
    requestsTo: (operation) => router.requests.filter((r) => r.operation === operation),
    on: (operation, handler) => router.on(operation, handler),
    once: (operation, handler) => router.once(operation, handler),
    handler: (operation) => router.handler(operation),
    slowDown: (operation, ms) => router.slowDown(operation, ms),
    addTable: (table) => void tables.add(table),
    removeTable: (name) => tables.remove(name),
    addPrincipal: (principal) => access.add(principal),
    removePrincipal: (id) => access.remove(id),
    deny: (denial) => access.deny(denial),
    issueSession: (lifetimeMs) => sessions.issue(lifetimeMs, 'role/issued', 'test'),
    stop: async () => {
      await closeHttpServer(server);
      router.throwFault();
    },
  };
}

function identity(access: Access, request: RecordedRequest): Reply {
  return callerIdentityReply(access.principalOf(request)?.arn ?? '');
}

/** Finds who answers a request, and keeps the record. */
class Router {
  readonly requests: RecordedRequest[] = [];
  readonly #access: Access;
  readonly #now: () => number;
  readonly #handlers: Map<string, Handler>;
  readonly #queued = new Map<string, Handler[]>();
  #fault: Error | undefined;

  constructor(
    { access, now }: { readonly access: Access; readonly now: () => number },
    handlers: readonly (readonly [string, Handler])[],
  ) {
    this.#access = access;
    this.#now = now;
    this.#handlers = new Map(handlers);
  }

  on(operation: string, handler: Handler): void {
    this.#handlers.set(operation, handler);
  }

  once(operation: string, handler: Handler): void {
    this.#queued.set(operation, [...(this.#queued.get(operation) ?? []), handler]);
  }

  handler(operation: string): Handler {
    return this.#handlers.get(operation) ?? unknownOperation;
  }

  slowDown(operation: string, ms: number): void {
    const answer = this.handler(operation);
    this.on(operation, async (input, request) => {
      await delay(ms);
      return answer(input, request);
    });
  }

  throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  async serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    let request: RecordedRequest;
    try {
      request = await readRequest(message);
    } catch (error) {
      // A client that breaks off has nobody to answer to; a body that cannot be read is a fault.
      if (!message.destroyed || message.complete) this.#fail(error);
      response.destroy();
      return;
    }
    this.requests.push(request);
    // The SDK sets its clock by this.
    response.setHeader('date', new Date(this.#now()).toUTCString());
    await sendReply(response, await this.#answer(request));
  }

  async #answer(request: RecordedRequest): Promise<Reply> {
    const refusal = this.#access.refuse(request);
    if (refusal !== undefined) return refusal;
    const { operation, input } = request;
    const handler = this.#queued.get(operation)?.shift() ?? this.handler(operation);
    try {
      return await handler(input, request);
    } catch (error) {
      this.#fail(error);
      // Nobody retries this one, so that the test ends soon.
      return awsError('ValidationException', `The fake's handler failed: ${String(error)}`);
    }
  }

  #fail(error: unknown): void {
    this.#fault ??= new Error('a handler of the fake AWS failed', { cause: error });
  }
}

const unknownChangeStream: Handler = () =>
  awsError('ResourceNotFoundException', 'Requested resource not found: Stream not found');

const unknownOperation: Handler = (_, { operation }) =>
  awsError('UnknownOperationException', `The fake does not know ${operation}`);
