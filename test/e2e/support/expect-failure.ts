import { expect } from 'chai';
import type { ConnectorRun } from '../../support/connector.ts';
import type { ErrorPayload } from '../../support/messages.ts';

/** What a user is to be told of a failure. */
export interface ExpectedFailure {
  readonly failureType: NonNullable<ErrorPayload['failure_type']>;
  /** Phrases that the message holds, all of them. */
  readonly says: readonly (string | RegExp)[];
}

/** A check that failed: CONNECTION_STATUS with the message, no trace, exit code 0. */
export function expectFailedCheck(run: ConnectorRun, expected: ExpectedFailure): void {
  expect(run.exitCode, run.text + run.stderr).to.equal(0);
  expect(run.connectionStatus?.status).to.equal('FAILED');
  expectPhrases(run.connectionStatus?.message ?? '', expected.says);
  expect(run.errors).to.deep.equal([]);
}

/** A command that failed as a whole: one trace of no stream, exit code 1. */
export function expectFailedCommand(run: ConnectorRun, expected: ExpectedFailure): void {
  expect(run.exitCode, run.text + run.stderr).to.equal(1);
  expectOneError(run, expected);
  expect(run.errors[0]?.stream_descriptor).to.equal(undefined);
  expect(run.catalog).to.equal(undefined);
  expect(run.recordStreams).to.deep.equal([]);
}

/** A stream that failed: one trace of it, its last status INCOMPLETE, exit code 1. */
export function expectFailedStream(
  run: ConnectorRun,
  stream: string,
  expected: ExpectedFailure,
): void {
  expect(run.exitCode, run.text + run.stderr).to.equal(1);
  expectOneError(run, expected);
  expect(run.errors[0]?.stream_descriptor?.name).to.equal(stream);
  expect(run.statuses(stream).at(0)).to.equal('STARTED');
  expect(run.statuses(stream).at(-1)).to.equal('INCOMPLETE');
}

/** Nothing that a run wrote holds any of these. */
export function expectNoSecrets(run: ConnectorRun, secrets: readonly string[]): void {
  for (const secret of secrets) {
    expect(run.text, 'a secret on stdout').to.not.include(secret);
    expect(run.stderr, 'a secret on stderr').to.not.include(secret);
  }
}

function expectOneError(run: ConnectorRun, { failureType, says }: ExpectedFailure): void {
  expect(run.errors, run.text).to.have.length(1);
  const [error] = run.errors;
  expectPhrases(error?.message ?? '', says);
  expect(error?.failure_type).to.equal(failureType);
}

function expectPhrases(message: string, says: ExpectedFailure['says']): void {
  for (const phrase of says) {
    if (typeof phrase === 'string') expect(message).to.include(phrase);
    else expect(message).to.match(phrase);
  }
}
