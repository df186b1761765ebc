import type { HttpRequest, MiddlewareStack } from '@smithy/types';
import { SystemError } from '../../errors.ts';

const NOTHING = new TextEncoder().encode('{}');

/**
 * Returns the signed request that the SDK would send for a command. Nothing is sent.
 *
 * @param send hands the command to a client.
 * @throws what the credentials throw.
 */
export async function signOnly<Input extends object, Output extends object>(
  command: { readonly middlewareStack: MiddlewareStack<Input, Output> },
  send: () => Promise<unknown>,
): Promise<HttpRequest> {
  let signed: HttpRequest | undefined;
  command.middlewareStack.add(
    () => (args) => {
      signed = args.request as HttpRequest;
      const response = { statusCode: 200, headers: {}, body: NOTHING };
      return Promise.resolve({ response, output: {} as Output });
    },
    // The last step before a request is sent.
    { step: 'deserialize', priority: 'low', name: 'signOnly' },
  );
  await send();
  if (signed === undefined) throw new SystemError('The AWS SDK made no request.');
  return signed;
}
