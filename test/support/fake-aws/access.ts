import type { Json } from '../json.ts';
import { awsError, type Reply } from './replies.ts';
import type { RecordedRequest } from './requests.ts';
import { stsError } from './sts-replies.ts';

export const ACCOUNT = '123456789012';
const INVALID_TOKEN = 'The security token included in the request is invalid.';
const WRONG_SIGNATURE =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const EXPIRED_TOKEN = 'The security token included in the request is expired';

/** Who an access key belongs to. */
export interface Principal {
  readonly accessKeyId: string;
  readonly arn: string;
  /** What requests must be signed with; signatures are not verified without it. */
  readonly secretAccessKey?: string;
  /** Must be sent with the request when there is one. */
  readonly sessionToken?: string;
  /** Milliseconds since the epoch by the fake's clock; never without it. */
  readonly expiresAt?: number;
}

/** An operation on a table that is not allowed. `*` stands for every operation or every table. */
export interface Denial {
  readonly operation: string;
  readonly table: string;
  /** Whose; everybody's without it. */
  readonly accessKeyId?: string;
}

/** Knows the access keys and what they may do. */
export class Access {
  readonly #principals = new Map<string, Principal>();
  readonly #denials: Denial[] = [];
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(principal: Principal): void {
    this.#principals.set(principal.accessKeyId, principal);
  }

  remove(accessKeyId: string): void {
    this.#principals.delete(accessKeyId);
  }

  deny(denial: Denial): void {
    this.#denials.push(denial);
  }

  /** The principal of a request that `refuse` let pass. */
  principalOf(request: RecordedRequest): Principal | undefined {
    return this.#principals.get(request.accessKeyId ?? '');
  }

  /** The error that AWS gives instead of an answer, or undefined when the request may pass. */
  refuse(request: RecordedRequest): Reply | undefined {
    // Its token stands in for a signature.
    if (request.operation === 'AssumeRoleWithWebIdentity') return undefined;
    if (request.accessKeyId === undefined) return missingSignature(request);
    const principal = this.principalOf(request);
    if (principal === undefined || principal.sessionToken !== request.sessionToken) {
      return request.service === 'sts'
        ? stsError('InvalidClientTokenId', INVALID_TOKEN)
        : awsError('UnrecognizedClientException', INVALID_TOKEN);
    }
    if (
      principal.secretAccessKey !== undefined &&
      !request.isSignedWith(principal.secretAccessKey)
    ) {
      return request.service === 'sts'
        ? stsError('SignatureDoesNotMatch', WRONG_SIGNATURE)
        : awsError('InvalidSignatureException', WRONG_SIGNATURE);
    }
    if (principal.expiresAt !== undefined && principal.expiresAt <= this.#now()) {
      return request.service === 'sts'
        ? stsError('ExpiredToken', EXPIRED_TOKEN)
        : awsError('ExpiredTokenException', `${EXPIRED_TOKEN}.`);
    }
    return this.#isDenied(request) ? accessDenied(principal, request) : undefined;
  }

  #isDenied(request: RecordedRequest): boolean {
    const table = tableName(request.input.TableName);
    return this.#denials.some(
      (denial) =>
        ['*', request.operation].includes(denial.operation) &&
        ['*', table].includes(denial.table) &&
        [undefined, request.accessKeyId].includes(denial.accessKeyId),
    );
  }
}

/** `t` for both `t` and `arn:aws:dynamodb:us-east-1:123456789012:table/t`; `*` when there is none. */
function tableName(input: Json | undefined): string {
  if (typeof input !== 'string') return '*';
  return input.slice(input.lastIndexOf('/') + 1);
}

function accessDenied(principal: Principal, request: RecordedRequest): Reply {
  if (request.service === 'sts') {
    const { RoleArn } = request.input;
    const role = typeof RoleArn === 'string' ? RoleArn : '*';
    return stsError('AccessDenied', roleRefusal(principal.arn, role));
  }
  const { TableName, IndexName } = request.input;
  const index = typeof IndexName === 'string' ? `/index/${IndexName}` : '';
  const prefix = `arn:aws:dynamodb:${request.region ?? '*'}:${ACCOUNT}:table/`;
  const resource =
    typeof TableName === 'string' && TableName.startsWith('arn:')
      ? TableName
      : `${prefix}${tableName(TableName)}`;
  const action = `dynamodb:${request.operation}`;
  return awsError(
    'AccessDeniedException',
    `User: ${principal.arn} is not authorized to perform: ${action} on resource: ${resource}${index}` +
      ` because no identity-based policy allows the ${action} action`,
  );
}

/** STS's sentence for a role that may not be assumed. */
export function roleRefusal(userArn: string, roleArn: string): string {
  return `User: ${userArn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`;
}

function missingSignature(request: RecordedRequest): Reply {
  const message = 'Request is missing Authentication Token';
  return request.service === 'sts'
    ? stsError('MissingAuthenticationToken', message)
    : awsError('MissingAuthenticationTokenException', message);
}
