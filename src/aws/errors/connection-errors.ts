import { describeCall, describeHost } from './failed-call.ts';
import { config, tableOf, transient } from './rule.ts';

const DAMAGED = transient(
  'damaged',
  (call) =>
    `Answers kept arriving damaged (${describeCall(call)}). Check the network and try again.`,
);
const UNREACHABLE = transient(
  'unanswered',
  (call, { name, code, message }) =>
    `No answer from ${describeHost(call)} (${name === 'ProxyError' ? message : (code ?? message)}). Check "region" and ${call.service === 'sts' ? '"sts_endpoint"' : '"endpoint"'}, the network and its DNS, firewall, proxy and VPC endpoints, and try again.`,
);
const BAD_CERTIFICATE = config(
  'other',
  (call, { code, message }) =>
    `The TLS connection to ${describeHost(call)} failed (${code ?? message}). Check that "endpoint" has the right http:// or https://; for a private certificate authority, name its certificate in NODE_EXTRA_CA_CERTS.`,
);

/** What a connection failed of, by the error's name. */
export const CONNECTION_ERRORS = tableOf({
  CRC32CheckFailed: DAMAGED,
  TimeoutError: UNREACHABLE,
  ProxyError: UNREACHABLE,
});

/** The same by the code that Node, its TLS or zlib gives it. */
export const ERRORS_BY_CODE = tableOf({
  ERR_TLS_CERT_ALTNAME_INVALID: BAD_CERTIFICATE,
  DEPTH_ZERO_SELF_SIGNED_CERT: BAD_CERTIFICATE,
  SELF_SIGNED_CERT_IN_CHAIN: BAD_CERTIFICATE,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: BAD_CERTIFICATE,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: BAD_CERTIFICATE,
  CERT_HAS_EXPIRED: BAD_CERTIFICATE,
  EPROTO: BAD_CERTIFICATE,
  ERR_SSL_WRONG_VERSION_NUMBER: BAD_CERTIFICATE,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: BAD_CERTIFICATE,
  ECONNREFUSED: UNREACHABLE,
  ECONNRESET: UNREACHABLE,
  ENOTFOUND: UNREACHABLE,
  EAI_AGAIN: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  ENETUNREACH: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EPIPE: UNREACHABLE,
  EBADMSG: DAMAGED,
  Z_DATA_ERROR: DAMAGED,
  Z_BUF_ERROR: DAMAGED,
});
