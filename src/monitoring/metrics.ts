import { Agent as HttpAgent } from 'node:http';
import type { Meter } from '@opentelemetry/api';
import { OTLPMetricExporter as JsonExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { OTLPMetricExporter as ProtobufExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AggregationTemporality,
  AggregationType,
  MeterProvider,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { readVersion } from '../config/version.ts';
import { type CreateAgent, readAgentOptions } from './metrics-agent.ts';
import type { MetricsOptions } from './metrics-options.ts';
import type { StreamProgress } from './stream-progress.ts';
import type { Environment } from './terminal.ts';

/** Metrics that are being sent. */
export interface Metrics {
  /** Sends what has not been sent yet, and stops. Never rejects, but may take as long as the collector does. */
  stop(): Promise<void>;
}

/** What sending metrics needs. */
export interface MetricsInput {
  readonly options: MetricsOptions;
  readonly env: Environment;
  /** Creates the agent for a collector that is reached by HTTPS. */
  readonly createAgent: CreateAgent;
  readonly streams: () => Iterable<StreamProgress>;
  /** Called for each delivery that failed. */
  readonly onFailure: (error: Error) => void;
}

const SERVICE_NAME = 'source-dynamodb';
const LONGEST_EXPORT_MS = 10_000;
const MS_PER_SECOND = 1000;

interface Instrument {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly read: (stream: StreamProgress) => number;
}

/** Every instrument; docs/monitoring.md lists them too. All of them only grow. */
export const INSTRUMENTS: readonly Instrument[] = [
  {
    name: 'source_dynamodb.records',
    unit: '{record}',
    description: 'Records emitted.',
    read: (stream) => stream.records,
  },
  {
    name: 'source_dynamodb.bytes',
    unit: 'By',
    description: 'Bytes of the records emitted.',
    read: (stream) => stream.bytes,
  },
  {
    name: 'source_dynamodb.read_units',
    unit: '{read_unit}',
    description: 'Read units consumed.',
    read: (stream) => stream.readUnits,
  },
  {
    name: 'source_dynamodb.changes',
    unit: '{change}',
    description: 'Change records emitted.',
    read: (stream) => stream.changes?.changes ?? 0,
  },
  {
    name: 'source_dynamodb.throttles',
    unit: '{throttle}',
    description: 'Pauses because of throttling by DynamoDB.',
    read: (stream) => stream.throttles,
  },
  {
    name: 'source_dynamodb.retries',
    unit: '{retry}',
    description: 'Pauses after any other temporary failure.',
    read: (stream) => stream.retries,
  },
  {
    name: 'source_dynamodb.duration',
    unit: 's',
    description: 'Time since the stream began.',
    read: (stream) => stream.elapsedMs / MS_PER_SECOND,
  },
  {
    name: 'source_dynamodb.input_wait',
    unit: 's',
    description: 'Part of the duration spent waiting for DynamoDB.',
    read: (stream) => stream.inputWaitMs / MS_PER_SECOND,
  },
  {
    name: 'source_dynamodb.output_wait',
    unit: 's',
    description: 'Part of the duration spent waiting for the reader of the output.',
    read: (stream) => stream.outputWaitMs / MS_PER_SECOND,
  },
];

/** Sends metrics at intervals until it is stopped. Reads the streams only when metrics are due. */
export function startMetrics(input: MetricsInput): Metrics {
  const { streams, onFailure } = input;
  const { intervalMs } = input.options;
  const provider = new MeterProvider({
    resource: describeService(),
    readers: [
      new PeriodicExportingMetricReader({
        exporter: watchExporter(createExporter(input), onFailure),
        exportIntervalMillis: intervalMs,
        exportTimeoutMillis: Math.min(intervalMs, LONGEST_EXPORT_MS),
      }),
    ],
  });
  observe(provider.getMeter(SERVICE_NAME, readVersion()), streams);
  return {
    stop: () => provider.shutdown().catch(onFailure),
  };
}

function observe(meter: Meter, streams: MetricsInput['streams']): void {
  for (const { name, unit, description, read } of INSTRUMENTS) {
    meter.createObservableCounter(name, { unit, description }).addCallback((result) => {
      for (const stream of streams()) result.observe(read(stream), { table: stream.name });
    });
  }
  meter
    .createObservableCounter('source_dynamodb.streams', {
      unit: '{stream}',
      description: 'Streams that ended, by outcome.',
    })
    .addCallback((result) => {
      for (const { name, outcome } of streams()) {
        if (outcome !== undefined) result.observe(1, { table: name, outcome });
      }
    });
}

function createExporter({ options, env, createAgent }: MetricsInput): PushMetricExporter {
  const httpAgentOptions = async (protocol: string) =>
    protocol === 'https:'
      ? createAgent(await readAgentOptions(env))
      : new HttpAgent({ keepAlive: true });
  return options.protocol === 'http/json'
    ? new JsonExporter({ httpAgentOptions })
    : new ProtobufExporter({ httpAgentOptions });
}

/** Describes the service; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence over its own names. */
function describeService() {
  return defaultResource()
    .merge(
      resourceFromAttributes({ 'service.name': SERVICE_NAME, 'service.version': readVersion() }),
    )
    .merge(detectResources({ detectors: [envDetector] }));
}

/** Returns the same exporter, but reports its failures, which OpenTelemetry does not. */
function watchExporter(
  exporter: PushMetricExporter,
  onFailure: MetricsInput['onFailure'],
): PushMetricExporter {
  return {
    export: (metrics, done) => {
      exporter.export(metrics, (result) => {
        if (result.error !== undefined) onFailure(result.error);
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregationTemporality: (type) =>
      exporter.selectAggregationTemporality?.(type) ?? AggregationTemporality.CUMULATIVE,
    selectAggregation: (type) =>
      exporter.selectAggregation?.(type) ?? { type: AggregationType.DEFAULT },
  };
}
