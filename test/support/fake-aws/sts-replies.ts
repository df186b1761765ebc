import { rawReply, type FullReply } from './replies.ts';

const NAMESPACE = 'https://sts.amazonaws.com/doc/2011-06-15/';
const REQUEST_ID = '00000000-0000-4000-8000-000000000000';

/** Temporary credentials as AssumeRole hands them out. */
export interface Session {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`. */
  readonly arn: string;
}

/** The answer of AssumeRole, or of an action like it. */
export function assumeRoleReply(session: Session, action = 'AssumeRole'): FullReply {
  return xml(
    200,
    `<${action}Response xmlns="${NAMESPACE}"><${action}Result><Credentials>` +
      element('AccessKeyId', session.accessKeyId) +
      element('SecretAccessKey', session.secretAccessKey) +
      element('SessionToken', session.sessionToken) +
      element('Expiration', new Date(session.expiresAt).toISOString()) +
      `</Credentials><AssumedRoleUser>` +
      element('AssumedRoleId', `AROAEXAMPLE:${session.arn.split('/').at(-1) ?? ''}`) +
      element('Arn', session.arn) +
      `</AssumedRoleUser></${action}Result>${metadata()}</${action}Response>`,
  );
}

/** GetCallerIdentity's answer. */
export function callerIdentityReply(arn: string): FullReply {
  return xml(
    200,
    `<GetCallerIdentityResponse xmlns="${NAMESPACE}"><GetCallerIdentityResult>` +
      element('Arn', arn) +
      element('UserId', 'AIDAEXAMPLE') +
      element('Account', arn.split(':')[4] ?? '') +
      `</GetCallerIdentityResult>${metadata()}</GetCallerIdentityResponse>`,
  );
}

/** An error of STS: AccessDenied, InvalidClientTokenId, ExpiredToken, SignatureDoesNotMatch, … */
export function stsError(code: string, message: string, status = 403): FullReply {
  return xml(
    status,
    `<ErrorResponse xmlns="${NAMESPACE}"><Error>` +
      element('Type', status < 500 ? 'Sender' : 'Receiver') +
      element('Code', code) +
      element('Message', message) +
      `</Error>${element('RequestId', REQUEST_ID)}</ErrorResponse>`,
  );
}

function metadata(): string {
  return `<ResponseMetadata>${element('RequestId', REQUEST_ID)}</ResponseMetadata>`;
}

function element(name: string, text: string): string {
  const escaped = text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<${name}>${escaped}</${name}>`;
}

function xml(status: number, body: string): FullReply {
  return rawReply(status, body, { 'content-type': 'text/xml' });
}
