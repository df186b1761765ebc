import { createServer, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { isJsonObject, parseJsonObject, type Json, type JsonObject } from '../support/json.ts';
import { closeHttpServer, listenLocally } from '../support/listen.ts';

/** One export as the collector received it. */
export interface Delivery {
  readonly path: string;
  readonly contentType: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** A collector of OpenTelemetry metrics over HTTP. */
export interface Collector {
  readonly endpoint: string;
  readonly deliveries: readonly Delivery[];
  stop(): Promise<void>;
}

/** How a collector answers: with an HTTP status, or not at all. */
export type Answer = number | 'silence';

/** Starts a collector on a free port of 127.0.0.1. */
export async function startCollector(answer: Answer = 200): Promise<Collector> {
  const deliveries: Delivery[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const contentType = String(request.headers['content-type']);
      deliveries.push({ path: request.url ?? '', contentType, headers: request.headers, body });
      if (answer !== 'silence') response.writeHead(answer).end('{}');
    });
  });
  const port = await listenLocally(server);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    deliveries,
    stop: () => closeHttpServer(server),
  };
}

/** Values by metric and attributes, such as `source_dynamodb.records table=orders`, of one JSON delivery. */
export function valuesOf(delivery: Delivery | undefined): ReadonlyMap<string, number> {
  const metrics = list(parse(delivery), 'resourceMetrics')
    .flatMap((resource) => list(resource, 'scopeMetrics'))
    .flatMap((scope) => list(scope, 'metrics'));
  return new Map(
    metrics.flatMap((metric) =>
      list(metric.sum ?? metric.gauge, 'dataPoints').map((point): [string, number] => [
        [asText(metric.name), ...describeAttributes(point)].join(' '),
        Number(point.asDouble ?? point.asInt),
      ]),
    ),
  );
}

/** The attributes of the resource of one JSON delivery, such as `service.name=source-dynamodb`. */
export function resourceOf(delivery: Delivery | undefined): readonly string[] {
  return list(parse(delivery), 'resourceMetrics').flatMap((entry) =>
    isJsonObject(entry.resource) ? describeAttributes(entry.resource) : [],
  );
}

function parse(delivery: Delivery | undefined): JsonObject {
  return delivery === undefined ? {} : parseJsonObject(delivery.body.toString());
}

function describeAttributes(owner: JsonObject): readonly string[] {
  return list(owner, 'attributes').map(({ key, value }) => {
    const content = isJsonObject(value) ? value.stringValue : undefined;
    return `${asText(key)}=${asText(content)}`;
  });
}

function asText(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function list(owner: Json | undefined, name: string): readonly JsonObject[] {
  const value = isJsonObject(owner) ? owner[name] : undefined;
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}
