import { type ConnectionFault, judgeCode } from './connection-codes.ts';
import { describeCall, describeHost, nameEndpoint } from './failed-call.ts';
import { isLoopback } from '../http/origin.ts';
import { type AwsError, config, type Rule, tableOf, transient } from './rule.ts';

const DAMAGED = transient(
  'damaged',
  (call) =>
    `Answers kept arriving damaged (${describeCall(call)}). Check the network and try again.`,
);
const UNREACHABLE = transient(
  'unanswered',
  (call, error) =>
    `No answer from ${describeHost(call, error)} (${describeFault(error)}). Check "region" and ${nameEndpoint(call)}, the network and its DNS, firewall, proxy and VPC endpoints, and try again.${remarkOnHost(describeHost(call, error))}`,
);
const TOO_MANY_FILES = transient(
  'unanswered',
  (call, error) =>
    `No connection to ${describeHost(call, error)} could be opened, because the process has too many open files (${describeFault(error)}). Raise its limit ("ulimit -n"), or read fewer segments and streams at a time.`,
);
const UNTRUSTED = config(
  'other',
  (call, error) =>
    `The TLS connection to ${describeHost(call, error)} failed (${describeFault(error)}). Check that ${nameEndpoint(call)} starts with the right scheme, http:// or https://; for a private certificate authority, name its root certificate in NODE_EXTRA_CA_CERTS.`,
);
const OUT_OF_TIME = config(
  'other',
  (call, error) =>
    `The TLS connection to ${describeHost(call, error)} failed, because by the clock of this machine its certificate is not valid (${describeFault(error)}). Set the clock if it is wrong; otherwise the certificate must be renewed.`,
);

const RULES: Readonly<Record<ConnectionFault, Rule>> = {
  unreachable: UNREACHABLE,
  untrusted: UNTRUSTED,
  outdated: OUT_OF_TIME,
  'too many files': TOO_MANY_FILES,
  damaged: DAMAGED,
};

/** Failures of a connection, by the error's name. */
export const CONNECTION_ERRORS = tableOf({
  CRC32CheckFailed: DAMAGED,
  TimeoutError: UNREACHABLE,
  ProxyError: UNREACHABLE,
});

/** Finds the rule for an error with a code of Node's TLS, sockets or zlib. Failures of files are not among them. */
export function findConnectionRule({ code, path, status }: AwsError): Rule | undefined {
  if (code === undefined || status !== undefined) return undefined;
  const fault = judgeCode(code);
  if (fault === undefined || (path !== undefined && fault !== 'too many files')) return undefined;
  return RULES[fault];
}

function describeFault({ name, code, message }: AwsError): string {
  return name === 'ProxyError' ? message : (code ?? message);
}

function remarkOnHost(host: string): string {
  const isThisMachine = URL.canParse(host) && isLoopback(new URL(host));
  return isThisMachine ? ' Inside a container, localhost is the container itself.' : '';
}
