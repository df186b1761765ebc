import type { Environment } from './terminal.ts';

/** How metrics are sent. */
export interface MetricsOptions {
  readonly protocol: 'http/protobuf' | 'http/json';
  readonly intervalMs: number;
}

// OpenTelemetry's default.
const DEFAULT_INTERVAL_MS = 60_000;
const DEFAULT_PROTOCOL = 'http/protobuf';

/**
 * What OpenTelemetry's environment variables ask for; undefined when metrics are not wanted. Endpoint, headers,
 * time-out, compression and certificates are read by the exporter itself.
 *
 * @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/
 * @throws Error for a protocol that is not supported, with a sentence for the user.
 */
export function readMetricsOptions(env: Environment): MetricsOptions | undefined {
  const endpoint = given(env, 'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT');
  const exporters = given(env, 'OTEL_METRICS_EXPORTER') ?? 'otlp';
  const isDisabled = given(env, 'OTEL_SDK_DISABLED')?.toLowerCase() === 'true';
  if (endpoint === undefined || isDisabled || !exporters.split(',').includes('otlp')) {
    return undefined;
  }
  const protocol =
    given(env, 'OTEL_EXPORTER_OTLP_METRICS_PROTOCOL', 'OTEL_EXPORTER_OTLP_PROTOCOL') ??
    DEFAULT_PROTOCOL;
  if (protocol !== 'http/protobuf' && protocol !== 'http/json') {
    throw new Error(
      `Metrics are not sent: OTEL_EXPORTER_OTLP_PROTOCOL is ${protocol}, but this source speaks only http/protobuf and http/json.`,
    );
  }
  const interval = Number(given(env, 'OTEL_METRIC_EXPORT_INTERVAL'));
  return { protocol, intervalMs: interval > 0 ? interval : DEFAULT_INTERVAL_MS };
}

/** The first of the variables that is set to more than blanks. */
function given(env: Environment, ...names: readonly string[]): string | undefined {
  const values = names.map((name) => env[name]?.trim());
  return values.find((value) => value !== undefined && value !== '');
}
