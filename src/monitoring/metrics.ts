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
import { INSTRUMENTS } from './instruments.ts';
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
  for (const { kind, name, unit, description, read } of INSTRUMENTS) {
    const options = { unit, description };
    const instrument =
      kind === 'sum'
        ? meter.createObservableCounter(name, options)
        : meter.createObservableGauge(name, options);
    instrument.addCallback((result) => {
      for (const stream of streams()) {
        for (const { value, ...attributes } of read(stream)) {
          result.observe(value, { table: stream.name, ...attributes });
        }
      }
    });
  }
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
