/** What a code of Node, its TLS or zlib says about a connection. */
export type ConnectionFault =
  'unreachable' | 'untrusted' | 'outdated' | 'too many files' | 'damaged';

const OUT_OF_TIME = /^CERT_(NOT_YET_VALID|HAS_EXPIRED)$/;
const TOO_MANY_FILES = /^E[MN]FILE$/;
const DAMAGED = /^(EBADMSG|Z_[A-Z_]+)$/;
// The two sides do not agree on a protocol, or one does not accept the other's certificate.
const UNTRUSTED =
  /^(EPROTO|ERR_TLS_CERT_\w+|ERR_SSL_\w*(CERT|UNKNOWN_CA|HANDSHAKE|VERSION|LENGTH_TOO_LONG|HTTP_REQUEST|HTTPS_PROXY|ACCESS_DENIED|UNSUPPORTED)\w*)$/;
// ECONNREFUSED, EAI_AGAIN, EPERM; and codes of TLS and sockets that are none of the above.
const UNREACHABLE =
  /^(E(AI_)?[A-Z0-9]+|ERR_(SSL|TLS|OSSL)_\w+|ERR_SOCKET_(CLOSED\w*|CONNECTION_TIMEOUT)|ERR_STREAM_(PREMATURE_CLOSE|DESTROYED))$/;
// Codes of OpenSSL's verification: CERT_UNTRUSTED, INVALID_PURPOSE, UNABLE_TO_GET_ISSUER_CERT, HOSTNAME_MISMATCH.
const OF_VERIFICATION = /^(?!ERR_|ABORT_)[A-Z]+(_[A-Z]+)+$/;

/**
 * What a code says about the connection; undefined for a code that has nothing to do with one.
 *
 * @see https://nodejs.org/api/errors.html#common-system-errors
 * @see https://nodejs.org/api/tls.html#x509-certificate-error-codes
 */
export function judgeCode(code: string): ConnectionFault | undefined {
  if (OUT_OF_TIME.test(code)) return 'outdated';
  if (TOO_MANY_FILES.test(code)) return 'too many files';
  if (DAMAGED.test(code)) return 'damaged';
  if (UNTRUSTED.test(code)) return 'untrusted';
  if (UNREACHABLE.test(code)) return 'unreachable';
  return OF_VERIFICATION.test(code) ? 'untrusted' : undefined;
}
