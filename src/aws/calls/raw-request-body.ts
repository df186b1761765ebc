import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

const RAW_BODY = Symbol('raw request body');

/**
 * Requests whose JSON is written by us.
 *
 * The SDK's serialiser copies a start key member by member and loses an attribute called `__proto__`; a start key has
 * to go back exactly as it came.
 */
export const RawRequestBody = {
  /** The same command input, to be sent with this body. */
  attach<Input extends object>(input: Input, body: string): Input {
    return { ...input, [RAW_BODY]: body };
  },

  /** Teaches a client to send attached bodies. They are set before the request is measured and signed. */
  install(client: DynamoDBClient): void {
    client.middlewareStack.add(
      (next) => (args) => {
        const body = (args.input as { readonly [RAW_BODY]?: string })[RAW_BODY];
        if (body !== undefined) (args.request as { body: unknown }).body = body;
        return next(args);
      },
      { step: 'build', priority: 'high', name: 'rawRequestBody' },
    );
  },
};
