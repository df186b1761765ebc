import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { HttpRequest } from '@smithy/types';
import { AwsHttp } from '../../../../src/aws/calls/aws-http.ts';
import { SdkHttpHandler } from '../../../../src/aws/calls/sdk-http-handler.ts';
import { STS_TIMEOUTS } from '../../../../src/aws/calls/timeouts.ts';
import { AwsClock } from '../../../../src/aws/clock.ts';
import { closeHttpServer, listenLocally } from '../../../support/listen.ts';

describe('the SDK’s way to HTTP', () => {
  const handler = new SdkHttpHandler(
    new AwsHttp({ findProxy: () => undefined, clock: new AwsClock(), timeouts: STS_TIMEOUTS }),
  );
  const seen: { readonly url: string | undefined; readonly method: string | undefined }[] = [];
  let server: Server;
  let port: number;

  before(async () => {
    server = createServer(({ url, method }, response) => {
      seen.push({ url, method });
      response.setHeader('X-Answer', 'yes').end('{"a":1}');
    });
    port = await listenLocally(server);
  });
  after(async () => {
    handler.destroy();
    await closeHttpServer(server);
  });

  // As the credentials of SSO are asked for.
  it('has the query in the URL, and no body where there is none', async () => {
    const request: HttpRequest = {
      protocol: 'http:',
      hostname: '127.0.0.1',
      port,
      method: 'GET',
      path: '/federation/credentials',
      query: { role_name: "Read Only+x!'()*", account_id: '1', list: ['a&b', 'ü'], empty: null },
      headers: { host: `127.0.0.1:${port}` },
    };
    const { response } = await handler.handle(request);
    expect(seen).to.deep.equal([
      {
        method: 'GET',
        url: '/federation/credentials?role_name=Read%20Only%2Bx%21%27%28%29%2A&account_id=1&list=a%26b&list=%C3%BC&empty=',
      },
    ]);
    expect(response.statusCode).to.equal(200);
    expect(response.headers['x-answer']).to.equal('yes');
    expect(String(response.body)).to.equal('{"a":1}');
  });
});
