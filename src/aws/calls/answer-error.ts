import { parseMembers } from '../../json/json-object.ts';

/** An exception of a service that speaks JSON, shaped like those that the SDK throws for its own calls. */
export class AnswerError extends Error {
  override readonly name: string;
  readonly $metadata: { readonly httpStatusCode: number };
  /** Why a call was throttled. */
  readonly ThrottlingReasons: unknown;

  /**
   * Reads an answer that is not a success.
   *
   * @param typeHeader `x-amzn-errortype`, which takes precedence over what the body says.
   */
  constructor(statusCode: number, typeHeader: string | undefined, body: Buffer) {
    const members = parseMembers(body.toString());
    const message = members.message ?? members.Message;
    super(typeof message === 'string' ? message : `HTTP ${statusCode}`);
    const type = [typeHeader, members.code, members.__type].find((value) => value !== undefined);
    this.name = typeof type === 'string' ? cutOutName(type) : 'UnknownError';
    this.$metadata = { httpStatusCode: statusCode };
    this.ThrottlingReasons = members.ThrottlingReasons ?? members.throttlingReasons;
  }
}

/** `com.amazonaws.dynamodb.v20120810#ThrottlingException:http://…` */
function cutOutName(type: string): string {
  const [, name = type] = /^(?:[^#]*#)?([^:,]*)/.exec(type) ?? [];
  return name;
}
