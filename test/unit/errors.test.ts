import { expect } from 'chai';
import {
  ConfigError,
  ConnectorError,
  SystemError,
  toConnectorError,
  TransientError,
} from '../../src/errors.ts';

describe('errors of the connector', () => {
  it('carry their name, kind, sentence and cause', () => {
    const cause = new Error('why');
    for (const [Kind, name, failureType] of [
      [ConfigError, 'ConfigError', 'config_error'],
      [TransientError, 'TransientError', 'transient_error'],
      [SystemError, 'SystemError', 'system_error'],
    ] as const) {
      const error = new Kind('A sentence.', { cause });
      expect(error).to.be.instanceOf(ConnectorError).and.instanceOf(Error);
      expect(error).to.include({ name, failureType, message: 'A sentence.', cause });
    }
  });

  it('stay as they are, and anything else becomes a fault of the connector', () => {
    const error = new TransientError('A sentence.');
    expect(toConnectorError(error)).to.equal(error);
    for (const [thrown, detail] of [
      [new RangeError('too long'), 'RangeError: too long'],
      ['text', 'text'],
      [undefined, 'undefined'],
    ] as const) {
      const wrapped = toConnectorError(thrown);
      expect(wrapped).to.be.instanceOf(SystemError).with.property('cause', thrown);
      expect(wrapped.message).to.include(`(${detail})`);
    }
  });
});
