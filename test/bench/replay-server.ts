import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

import { ChangePages } from './change-pages.ts';
import { writeAtOnce, writePaced } from './paced-writer.ts';
import { PageSet } from './pages.ts';
import type { ServerMessage, ServerOptions, ServerStats } from './server-protocol.ts';
import { readRequests, type ReplayRequest } from './request-reader.ts';
import {
  renderJson,
  ScanResponder,
  ValidationError,
  type RenderedResponse,
  type ScanRequest,
} from './scan-response.ts';
import type { ShapeName } from './shapes.ts';
import { describeStream, describeTable, listTables, tableOfStream } from './table-description.ts';
import { parseTableName } from './table-name.ts';

/**
 * A DynamoDB of canned pages in a process of its own. Its options are the first argument, as JSON; it talks to its
 * parent over the IPC channel (server-protocol.ts) and ends with it.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as ServerOptions;
const changePages = new Map<ShapeName, ChangePages>();
const pageSets = new Map<ShapeName, PageSet>();
const responders = new Map<string, ScanResponder>();
let stats = emptyStats();

function emptyStats(): ServerStats {
  return { scans: 0, items: 0, bodyBytes: 0, servedMs: 0, firstScanAt: '0' };
}

function preparePages(shape: ShapeName): PageSet {
  const pages = pageSets.get(shape) ?? new PageSet(shape);
  pageSets.set(shape, pages);
  return pages;
}

function findResponder(name: string): ScanResponder | undefined {
  const known = responders.get(name);
  if (known !== undefined) return known;
  const table = parseTableName(name);
  if (table === undefined) return undefined;
  const responder = new ScanResponder(table, preparePages(table.shape));
  responders.set(name, responder);
  return responder;
}

function fail(type: string, message: string): RenderedResponse {
  return renderJson(400, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message });
}

function scan(name: string, request: ScanRequest, gzip: boolean): RenderedResponse {
  const responder = findResponder(name);
  if (responder === undefined) return fail('ResourceNotFoundException', 'Table not found');
  try {
    return responder.respond(request, gzip);
  } catch (error) {
    if (error instanceof ValidationError) return fail('ValidationException', error.message);
    throw error;
  }
}

function answerScan(socket: Socket, response: RenderedResponse): void {
  const firstScanAt = stats.scans === 0 ? String(process.hrtime.bigint()) : stats.firstScanAt;
  stats = {
    scans: stats.scans + 1,
    items: stats.items + response.itemCount,
    bodyBytes: stats.bodyBytes + response.bodyBytes,
    servedMs: stats.servedMs,
    firstScanAt,
  };
  const onDone = (servedMs: number): void => {
    stats = { ...stats, servedMs: stats.servedMs + servedMs };
  };
  writePaced(socket, response.pieces, { pace: options, onDone });
}

function answer(socket: Socket, { operation, body, acceptsGzip }: ReplayRequest): void {
  const input = JSON.parse(body) as ScanRequest & { readonly TableName?: string };
  const name = input.TableName ?? '';
  if (operation === 'Scan') {
    answerScan(socket, scan(name, input, acceptsGzip));
  } else if (operation === 'DescribeTable') {
    const table = parseTableName(name);
    const response =
      table === undefined
        ? fail('ResourceNotFoundException', `Requested resource not found: Table: ${name}`)
        : renderJson(200, describeTable(table));
    writePaced(socket, response.pieces, { pace: options, onDone: () => undefined });
  } else if (operation === 'GetRecords') {
    answerScan(socket, getRecords(String((input as StreamInput).ShardIterator)));
  } else if (operation === 'ListTables') {
    writeAtOnce(socket, renderJson(200, listTables(options.tables, input)).pieces);
  } else {
    const response = answerStreams(operation, input as StreamInput);
    const { pieces } = response ?? fail('UnknownOperationException', operation);
    writeAtOnce(socket, pieces);
  }
}

interface StreamInput {
  readonly StreamArn?: string;
  readonly ShardId?: string;
  readonly ShardIterator?: string;
}

/** Answers what is asked of change streams; undefined for what is not. An iterator is table, shard and position. */
function answerStreams(operation: string, input: StreamInput): RenderedResponse | undefined {
  const { StreamArn = '', ShardId = '' } = input;
  switch (operation) {
    case 'DescribeStream':
      return renderJson(200, describeStream(StreamArn, options.shards));
    case 'GetShardIterator':
      return renderJson(200, {
        ShardIterator: `${tableOfStream(StreamArn)}/${Number(ShardId.split('-')[1])}/0`,
      });
    default:
      return undefined;
  }
}

function getRecords(iterator: string): RenderedResponse {
  const [name = '', shard, position] = iterator.split('/');
  const table = parseTableName(name);
  if (table === undefined) return fail('ResourceNotFoundException', 'Stream not found');
  const pages = changePages.get(table.shape) ?? new ChangePages(table.shape);
  changePages.set(table.shape, pages);
  const total =
    Math.floor((table.items * (Number(shard) + 1)) / options.shards) -
    Math.floor((table.items * Number(shard)) / options.shards);
  return pages.respond(`${name}/${shard ?? ''}`, Number(position), total);
}

function onConnection(socket: Socket): void {
  socket.setNoDelay(true);
  // A client that is stopped resets its connections; the server serves the next one.
  socket.on('error', () => socket.destroy());
  readRequests(socket, (request) => answer(socket, request));
}

function onMessage(message: ServerMessage): void {
  if (message.kind === 'prepare') {
    const { itemsPerPage, itemBytes } = preparePages(message.shape);
    process.send?.({ itemsPerPage, itemBytes });
  } else if (message.kind === 'reset') {
    stats = emptyStats();
    process.send?.(stats);
  } else {
    process.send?.(stats);
  }
}

const server =
  options.tls === undefined
    ? createServer(onConnection)
    : createTlsServer(
        { key: readFileSync(options.tls.keyFile), cert: readFileSync(options.tls.certFile) },
        onConnection,
      );
process.on('message', onMessage);
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
