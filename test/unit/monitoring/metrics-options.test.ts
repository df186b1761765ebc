import { expect } from 'chai';
import { readMetricsOptions } from '../../../src/monitoring/metrics-options.ts';

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318' };

describe('the options of metrics', () => {
  for (const [name, env] of Object.entries({
    'no endpoint': {},
    'an empty endpoint': { OTEL_EXPORTER_OTLP_ENDPOINT: ' ' },
    'an endpoint for traces alone': { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://localhost' },
    'a disabled SDK': { ...ENDPOINT, OTEL_SDK_DISABLED: 'TRUE' },
    'the exporter none': { ...ENDPOINT, OTEL_METRICS_EXPORTER: 'none' },
  })) {
    it(`are absent with ${name}`, () => {
      expect(readMetricsOptions(env)).to.equal(undefined);
    });
  }

  it('are OpenTelemetry defaults with nothing but an endpoint', () => {
    const expected = { protocol: 'http/protobuf', intervalMs: 60_000 };
    expect(readMetricsOptions(ENDPOINT)).to.deep.equal(expected);
    const own = { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: 'http://localhost:4318/v1/metrics' };
    expect(readMetricsOptions(own)).to.deep.equal(expected);
  });

  it('prefer what is said of metrics', () => {
    const env = {
      ...ENDPOINT,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
      OTEL_EXPORTER_OTLP_METRICS_PROTOCOL: 'http/json',
      OTEL_METRIC_EXPORT_INTERVAL: '5000',
    };
    expect(readMetricsOptions(env)).to.deep.equal({ protocol: 'http/json', intervalMs: 5000 });
  });

  it('refuse a protocol that is not spoken', () => {
    expect(() => readMetricsOptions({ ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' })).to.throw(
      'is grpc, but this source speaks only http/protobuf and http/json',
    );
  });

  for (const interval of ['soon', '-1', '0']) {
    it(`fall back to the default interval for ${interval}`, () => {
      const env = { ...ENDPOINT, OTEL_METRIC_EXPORT_INTERVAL: interval };
      expect(readMetricsOptions(env)?.intervalMs).to.equal(60_000);
    });
  }
});
