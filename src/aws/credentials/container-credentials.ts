import { readFile } from 'node:fs/promises';
import type { AwsCredentialIdentity } from '@smithy/types';
import { parseMembers } from '../../json/json-object.ts';
import { AwsHttp } from '../calls/aws-http.ts';
import { PageBuffer } from '../calls/page-buffer.ts';
import { AGENT_TIMEOUTS } from '../calls/timeouts.ts';
import { AwsClock } from '../clock.ts';
import { isLoopback } from '../http/origin.ts';
import { CredentialSourceError } from './credential-provider.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const ECS_HOST = 'http://169.254.170.2';
// The agents of ECS and EKS.
const AGENT_HOST = /^(169\.254\.170\.(2|23)|\[fd00:ec2::23\])$/;
// Enough for an agent's sentence; a page of HTML is cut off.
const LONGEST_SENTENCE = 300;

/**
 * Fetches credentials from the agent of ECS or EKS Pod Identity that the environment names.
 *
 * The SDK's own provider discards the agent's explanation of a refusal, and often the status.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * @throws CredentialSourceError, an error with a 5xx status, or what AwsHttp throws.
 */
export async function fetchContainerCredentials(env: Environment): Promise<AwsCredentialIdentity> {
  const url = findUrl(env);
  // The agent's clock is that of the machine.
  const clock = new AwsClock();
  const http = new AwsHttp({ findProxy: () => undefined, clock, timeouts: AGENT_TIMEOUTS });
  const buffer = new PageBuffer();
  const token = await readToken(env);
  const request = {
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port !== '' && { port: Number(url.port) }),
    method: 'GET',
    path: url.pathname + url.search,
    headers: { host: url.host, accept: 'application/json', ...(token && { authorization: token }) },
  };
  const { statusCode } = await http.send(request, buffer, {});
  http.close();
  const text = buffer.body.toString().trim();
  if (statusCode === 200) return parseIdentity(text, url);
  const said = `${url.host} answered HTTP ${statusCode}: ${findSentence(text)}`;
  if (statusCode < 500) throw new CredentialSourceError(said);
  // An agent that cannot answer now.
  const $metadata = { httpStatusCode: statusCode };
  throw Object.assign(new Error(said), { $metadata, host: url.origin });
}

function findUrl(env: Environment): URL {
  const relative = env.AWS_CONTAINER_CREDENTIALS_RELATIVE_URI ?? '';
  const full = env.AWS_CONTAINER_CREDENTIALS_FULL_URI ?? '';
  if (relative === '' && full === '') {
    throw new CredentialSourceError('AWS_CONTAINER_CREDENTIALS_FULL_URI is not set');
  }
  const text = relative === '' ? full : `${ECS_HOST}${relative}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'https:') return url;
  // A token must not be sent to anybody else without TLS.
  if (url?.protocol === 'http:' && (AGENT_HOST.test(url.hostname) || isLoopback(url))) return url;
  throw new CredentialSourceError(
    `${text} is neither an https:// URL nor the URL of an agent on this machine`,
  );
}

async function readToken(env: Environment): Promise<string | undefined> {
  const file = env.AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE ?? '';
  const token = file === '' ? env.AWS_CONTAINER_AUTHORIZATION_TOKEN : await readFile(file, 'utf8');
  return token?.trim();
}

function parseIdentity(text: string, url: URL): AwsCredentialIdentity {
  const answer = parseMembers(text);
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = answer;
  const { Token: sessionToken, Expiration: expiration, AccountId: accountId } = answer;
  if (
    typeof accessKeyId !== 'string' ||
    typeof secretAccessKey !== 'string' ||
    typeof sessionToken !== 'string' ||
    typeof expiration !== 'string' ||
    Number.isNaN(Date.parse(expiration))
  ) {
    throw new CredentialSourceError(`${url.host} answered without credentials`);
  }
  return {
    ...{ accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiration) },
    ...(typeof accountId === 'string' && { accountId }),
  };
}

function findSentence(text: string): string {
  const { message, Message } = parseMembers(text);
  const sentence = [message, Message].find((value) => typeof value === 'string') ?? text;
  return sentence.slice(0, LONGEST_SENTENCE);
}
