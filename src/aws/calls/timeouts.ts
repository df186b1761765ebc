import type { ConnectionTimeouts } from '../http/http-connection.ts';

/** How long to wait for DynamoDB. */
export const DYNAMODB_TIMEOUTS: ConnectionTimeouts = {
  // A host that does not even accept the connection in this time is not there. Three attempts fit into the half minute
  // of `check`, which can then report how they failed.
  connectMs: 9000,
  // DynamoDB answers a Scan in well under a second; a minute without a byte means that the connection is dead.
  silenceMs: 60_000,
  // Where 64 segments share a link, half a megabit a second is enough for their pages in this time.
  answerMs: 30 * 60_000,
  // Shorter than the time after which AWS closes an unused connection.
  keepAliveMs: 10_000,
};

/** How long to wait for S3, which answers as fast as DynamoDB and takes as long to send a part of an object. */
export const S3_TIMEOUTS: ConnectionTimeouts = DYNAMODB_TIMEOUTS;

/** How long to wait for STS and other sources of credentials, which answer in a fraction of a second. */
export const STS_TIMEOUTS: ConnectionTimeouts = {
  connectMs: 5000,
  silenceMs: 5000,
  answerMs: 5000,
  keepAliveMs: 1000,
};

/** How long to wait for an agent on this machine. */
export const AGENT_TIMEOUTS: ConnectionTimeouts = { ...STS_TIMEOUTS, connectMs: 1000 };
