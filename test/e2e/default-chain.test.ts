import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { startConnectProxy } from '../support/connect-proxy.ts';
import { startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { closeHttpServer, listenLocally } from '../support/listen.ts';
import { makeTempDirectory, writeText } from '../support/temp-files.ts';
import { expectFailedCheck } from './support/expect-failure.ts';
import { numberedTable } from './support/numbered-table.ts';
import { engineConfig, ROLE_ARN, runCommand } from './support/source-runs.ts';

const REFUSED = 'HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n';

type Environment = Readonly<Record<string, string>>;

describe("AWS's default chain", () => {
  let aws: FakeAws;

  beforeEach(async () => {
    aws = await startFakeAws({ tables: [numberedTable('t', 10, 10)] });
  });
  afterEach(() => aws.stop());

  const check = (env: Environment, credentials: JsonObject = {}, options: JsonObject = {}) =>
    runCommand(
      'check',
      engineConfig(aws, { credentials: { auth_type: 'Role', ...credentials }, ...options }),
      { env: { AWS_EC2_METADATA_DISABLED: 'true', ...env } },
    );

  async function webIdentity(): Promise<Environment> {
    return {
      AWS_WEB_IDENTITY_TOKEN_FILE: await writeText('aaa.bbb.ccc', ''),
      AWS_ROLE_ARN: ROLE_ARN,
    };
  }

  const profiles = async (text: string): Promise<Environment> => ({
    AWS_CONFIG_FILE: await writeText(text, ''),
  });

  const ROLE_PROFILE = `[profile base]\naws_access_key_id=KEY\naws_secret_access_key=SECRET\n[profile reader]\nrole_arn=${ROLE_ARN}\nsource_profile=base\n`;
  const roleProfile = () =>
    profiles(ROLE_PROFILE.replace('KEY', aws.accessKeyId).replace('SECRET', aws.secretAccessKey));

  it('asks the STS of the config for the session of a web identity', async () => {
    const run = await check(await webIdentity(), {}, { sts_endpoint: aws.endpoint });
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    const [request] = aws.requestsTo('AssumeRoleWithWebIdentity');
    expect(request?.input).to.include({ RoleArn: ROLE_ARN, WebIdentityToken: 'aaa.bbb.ccc' });
  });

  it("asks the STS of the config for the session of a profile's role", async () => {
    const options = { sts_endpoint: aws.endpoint };
    const run = await check(await roleProfile(), { profile: 'reader' }, options);
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    expect(aws.requestsTo('AssumeRole')[0]?.accessKeyId).to.equal(aws.accessKeyId);
  });

  for (const [option, host] of [
    ['use_fips_endpoint', 'sts-fips.us-east-1.amazonaws.com:443'],
    ['use_dualstack_endpoint', 'sts.us-east-1.api.aws:443'],
  ] as const) {
    it(`goes by proxy to the STS of ${option}, which the failure names`, async () => {
      const proxy = await startConnectProxy({ answer: () => REFUSED });
      const env = { ...(await webIdentity()), HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` };
      const options = { region: 'us-east-1', endpoint: '', [option]: true };
      const run = await check(env, {}, options);
      proxy.stop();
      expect(new Set(proxy.targets)).to.deep.equal(new Set([host]));
      expectFailedCheck(run, { failureType: 'config_error', says: [host] });
    });
  }

  describe('with SSO', () => {
    const START_URL = 'https://example.awsapps.com/start';

    /** A profile that has signed in, and the portal that exchanges its token, which answers with a status. */
    async function checkSso(status: number, body: string) {
      const portal = createServer((_, response) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(body);
      });
      const port = await listenLocally(portal);
      const home = makeTempDirectory();
      const cache = join(home, '.aws', 'sso', 'cache');
      const file = createHash('sha1').update(START_URL).digest('hex');
      await mkdir(cache, { recursive: true });
      const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
      const token = { startUrl: START_URL, region: 'us-east-1', accessToken: 'token', expiresAt };
      await writeFile(join(cache, `${file}.json`), JSON.stringify(token));
      const env = await profiles(
        `[profile staff]\nsso_start_url=${START_URL}\nsso_region=us-east-1\nsso_account_id=123456789012\nsso_role_name=reader\n`,
      );
      const endpoint = { HOME: home, AWS_ENDPOINT_URL_SSO: `http://127.0.0.1:${port}` };
      const run = await check({ ...env, ...endpoint }, { profile: 'staff' });
      await closeHttpServer(portal);
      return run;
    }

    it('takes its credentials', async () => {
      const session = aws.issueSession(3_600_000);
      const { accessKeyId, secretAccessKey, sessionToken } = session;
      const expiration = Date.now() + 3_600_000;
      const roleCredentials = { accessKeyId, secretAccessKey, sessionToken, expiration };
      const run = await checkSso(200, JSON.stringify({ roleCredentials }));
      expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    });

    for (const [status, failureType, says] of [
      [503, 'transient_error', 'AWS kept failing'],
      [429, 'transient_error', 'AWS kept throttling'],
      [401, 'config_error', 'The profile staff provides no AWS credentials'],
    ] as const) {
      it(`takes HTTP ${status} of its portal for a ${failureType}`, async () => {
        const run = await checkSso(status, '{"message":"no"}');
        expectFailedCheck(run, { failureType, says: [says] });
      });
    }
  });

  describe('without credentials says', () => {
    async function expectReason(
      env: Environment,
      says: readonly (string | RegExp)[],
      credentials: JsonObject = {},
    ): Promise<void> {
      expectFailedCheck(await check(env, credentials), { failureType: 'config_error', says });
    }

    it("the process's own words", async () => {
      const process = 'sh -c "echo keyring is locked >&2; exit 1"';
      const env = await profiles(`[profile vault]\ncredential_process = ${process}\n`);
      await expectReason(env, ['profile vault', 'keyring is locked'], { profile: 'vault' });
    });

    it('which profiles name each other', async () => {
      const link = (name: string, source: string): string =>
        `[profile ${name}]\nrole_arn=${ROLE_ARN}\nsource_profile=${source}\n`;
      const env = await profiles(link('a', 'b') + link('b', 'a'));
      await expectReason(env, [/cycle.*a/], { profile: 'a' });
    });

    it('that a token cannot be read', async () => {
      const env = { AWS_WEB_IDENTITY_TOKEN_FILE: '/nowhere/token', AWS_ROLE_ARN: ROLE_ARN };
      await expectReason(env, ['ENOENT', '/nowhere/token']);
    });

    it('of each source why it has none', async () => {
      await expectReason({}, [/environment: .*; profile default: .*; web identity: /]);
    });
  });

  describe('with the agent of a container', () => {
    let agent: Server;
    let answer: { readonly status: number; readonly body: string };
    let seen: (string | undefined)[];
    let env: Environment;

    before(async () => {
      agent = createServer((request, response) => {
        seen.push(request.headers.authorization);
        response.writeHead(answer.status).end(answer.body);
      });
      const port = await listenLocally(agent);
      env = {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: `http://127.0.0.1:${port}/v1/credentials`,
        AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: await writeText('token-of-the-pod\n', ''),
      };
    });
    beforeEach(() => {
      seen = [];
    });
    after(() => closeHttpServer(agent));

    it('takes its session', async () => {
      const session = aws.issueSession(3_600_000);
      answer = {
        status: 200,
        body: JSON.stringify({
          ...{ AccessKeyId: session.accessKeyId, SecretAccessKey: session.secretAccessKey },
          Token: session.sessionToken,
          Expiration: new Date(Date.now() + 3_600_000).toISOString(),
        }),
      };
      const run = await check(env);
      expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
      expect(seen).to.deep.equal(['token-of-the-pod']);
    });

    for (const [status, body, says] of [
      [404, '{"message":"no association for this account"}', 'no association for this account'],
      [400, 'token is not valid', 'token is not valid'],
      [200, '{}', 'answered without credentials'],
    ] as const) {
      it(`passes on its ${status} and what it says: ${body}`, async () => {
        answer = { status, body };
        const run = await check(env);
        const code = status === 200 ? '' : `HTTP ${status}`;
        expectFailedCheck(run, { failureType: 'config_error', says: [says, code] });
      });
    }

    it('tries again when it fails', async () => {
      answer = { status: 503, body: 'busy' };
      expectFailedCheck(await check(env), {
        failureType: 'transient_error',
        says: ['kept failing'],
      });
      expect(seen.length).to.be.above(4);
    });

    it('sends no token to others without TLS', async () => {
      const elsewhere = { ...env, AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://192.0.2.1/v1' };
      const run = await check(elsewhere);
      expectFailedCheck(run, { failureType: 'config_error', says: ['http://192.0.2.1/v1'] });
    });
  });
});
