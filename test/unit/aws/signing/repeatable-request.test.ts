import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { HttpRequest, RequestSigner } from '@smithy/types';
import { expect } from 'chai';
import fc from 'fast-check';
import { SystemError } from '../../../../src/errors.ts';
import { RepeatableRequest } from '../../../../src/aws/signing/repeatable-request.ts';

interface Identity {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const ANYONE: Identity = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const DATE = new Date('2024-01-31T23:59:59.999Z');

/** A request as the SDK signs it, with the signer that did. */
async function makeRequest(
  identity: Identity,
  endpoint?: string,
): Promise<{ request: HttpRequest; signer: RequestSigner }> {
  const sent: HttpRequest[] = [];
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: identity,
    maxAttempts: 1,
    ...(endpoint !== undefined && { endpoint }),
    requestHandler: {
      handle(request: HttpRequest) {
        sent.push(request);
        return Promise.reject(new Error('Nothing is sent.'));
      },
    },
  });
  await client.send(new ListTablesCommand({})).catch(() => undefined);
  const [request] = sent;
  if (request === undefined) throw new Error('The SDK sent no request.');
  return { request, signer: await client.config.signer() };
}

function copyOf(request: HttpRequest, body: string, identity: Identity, date: Date): HttpRequest {
  return RepeatableRequest.from(request).copy(body, identity, date);
}

describe('a repeatable request', () => {
  const text = fc.string({ unit: 'binary', minLength: 1 });
  const identities = fc.record(
    {
      accessKeyId: fc.stringMatching(/^[A-Z0-9]{16,20}$/),
      secretAccessKey: text,
      sessionToken: fc.stringMatching(/^[ -~]{0,200}$/),
    },
    { requiredKeys: ['accessKeyId', 'secretAccessKey'] },
  );
  const dates = fc.date({
    min: new Date('2000-01-01'),
    max: new Date('2099-12-31'),
    noInvalidDate: true,
  });

  it("is signed as the SDK's own signer signs it, with any credentials, body and date", async () => {
    const { request } = await makeRequest(ANYONE);
    await fc.assert(
      fc.asyncProperty(identities, text, dates, async (identity, body, date) => {
        const copy = copyOf(request, body, identity, date);
        const { signer } = await makeRequest(identity);
        const { authorization, ...headers } = copy.headers;
        const signed = await signer.sign({ ...copy, headers }, { signingDate: date });
        expect(signed.headers).to.deep.equal({ ...headers, authorization });
      }),
      { numRuns: 60 },
    );
  });

  it('takes up credentials and days that change from copy to copy', async () => {
    const { request } = await makeRequest(ANYONE);
    const repeatable = RepeatableRequest.from(request);
    const other = { ...ANYONE, secretAccessKey: 'renewed', sessionToken: 'token' };
    const nextDay = new Date(DATE.getTime() + 1);
    for (const [identity, date] of [
      [ANYONE, DATE],
      [other, DATE],
      [other, nextDay],
      [ANYONE, nextDay],
    ] as const) {
      expect(repeatable.copy('{}', identity, date)).to.deep.equal(
        copyOf(request, '{}', identity, date),
      );
    }
  });

  it('keeps what the SDK sends, but for what belongs to one request or one set of credentials', async () => {
    const { request } = await makeRequest({ ...ANYONE, sessionToken: 'of-the-first' });
    const { headers, method, hostname, path } = copyOf(request, '{"é":1}', ANYONE, DATE);
    expect({ method, hostname, path }).to.deep.equal({
      method: 'POST',
      hostname: 'dynamodb.eu-west-1.amazonaws.com',
      path: '/',
    });
    for (const name of ['host', 'content-type', 'x-amz-target', 'user-agent']) {
      expect(headers[name], name).to.equal(request.headers[name]);
    }
    expect(headers['content-length']).to.equal('8');
    expect(headers['x-amz-date']).to.equal('20240131T235959Z');
    for (const name of ['x-amz-security-token', 'amz-sdk-invocation-id', 'amz-sdk-request']) {
      expect(headers).not.to.have.property(name);
    }
    const nobodys = { ...ANYONE, sessionToken: '' };
    expect(copyOf(request, '{"é":1}', nobodys, DATE).headers).to.deep.equal(headers);
    expect(headers.authorization).to.contain(
      'Credential=AKIDEXAMPLE/20240131/eu-west-1/dynamodb/aws4_request',
    );
  });

  it('signs headers as the SDK does however they are written', async () => {
    const { request, signer } = await makeRequest(ANYONE);
    const odd = { ...request, headers: { ...request.headers, 'X-Odd': '  a   b ' } };
    const { headers } = await signer.sign(odd);
    expect(headers.authorization).to.contain(';x-odd');
    const copy = copyOf({ ...odd, headers }, '{}', ANYONE, DATE);
    const { authorization, ...others } = copy.headers;
    const signed = await signer.sign({ ...copy, headers: others }, { signingDate: DATE });
    expect(signed.headers.authorization).to.equal(authorization);
    expect(copy.headers['x-odd']).to.equal('  a   b ');
  });

  it('signs any path and query as the SDK does', async () => {
    const { request, signer } = await makeRequest(ANYONE, 'http://localhost:8000/a b/./c/../ü%2F/');
    const paths = fc.stringMatching(/^(\/[a-zA-Z0-9._~%!'()*+ -]{0,5}){1,4}$/);
    // The SDK's signer drops these.
    const names = text.filter((name) => !/^(__proto__|x-amz-signature)$/i.test(name));
    const values = fc.oneof(text, fc.array(text, { minLength: 1 }));
    const queries = fc.dictionary(names, values, { noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(paths, queries, async (path, query) => {
        const copy = copyOf({ ...request, path, query }, '{}', ANYONE, DATE);
        const { authorization, ...headers } = copy.headers;
        const signed = await signer.sign({ ...copy, headers }, { signingDate: DATE });
        expect(authorization).to.equal(signed.headers.authorization);
      }),
      { numRuns: 200 },
    );
  });

  it('is not made of a request that is not signed', async () => {
    const { request } = await makeRequest(ANYONE);
    const { authorization, ...unsigned } = request.headers;
    expect(authorization).to.be.a('string');
    const bearer = { ...unsigned, authorization: 'Bearer token' };
    for (const headers of [unsigned, bearer]) {
      expect(() => RepeatableRequest.from({ ...request, headers })).to.throw(SystemError);
    }
  });
});
