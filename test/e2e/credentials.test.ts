import { expect } from 'chai';
import {
  awsError,
  startFakeAws,
  stsError,
  type FakeAws,
  type FakeAwsOptions,
} from '../support/fake-aws.ts';
import type { JsonObject } from '../support/json.ts';
import { writeText } from '../support/temp-files.ts';
import { createMovableClock } from './support/movable-clock.ts';
import { isEachOnce, numberedCatalog, numberedTable, numbersIn } from './support/numbered-table.ts';
import {
  engineConfig,
  read,
  ROLE_ARN,
  roleCredentials,
  runCommand,
} from './support/source-runs.ts';

const ITEM_COUNT = 600;
const PAGE_SIZE = 10;
const PAGE_MS = 40;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const ENVIRONMENT_KEY = 'AKIAENVIRONMENT00000';

describe('credentials', () => {
  let aws: FakeAws;

  afterEach(() => aws.stop());

  async function start(options: FakeAwsOptions = {}): Promise<void> {
    const tables = [numberedTable('t', ITEM_COUNT, PAGE_SIZE)];
    aws = await startFakeAws({ tables, ...options });
    aws.addPrincipal({
      accessKeyId: ENVIRONMENT_KEY,
      arn: 'arn:aws:iam::123456789012:user/environment',
    });
  }

  function config(credentials: JsonObject, scan: JsonObject = {}): JsonObject {
    return engineConfig(aws, { credentials, scan, sts_endpoint: aws.endpoint });
  }

  const assumeRole = (options?: JsonObject): JsonObject => roleCredentials(aws, options);

  /** Tells of every page that is asked for, before it is answered. */
  function watchPages(onPage: (pages: number) => void): void {
    const scan = aws.handler('Scan');
    let pages = 0;
    aws.on('Scan', (input, request) => {
      onPage(++pages);
      return scan(input, request);
    });
  }

  function keysThatAsked(operation: string): ReadonlySet<string | undefined> {
    return new Set(aws.requestsTo(operation).map((request) => request.accessKeyId));
  }

  it('asks DynamoDB with the key of the assumed role, and STS with that of the user', async () => {
    await start();
    const run = await runCommand('check', config(assumeRole()));
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    expect(keysThatAsked('AssumeRole')).to.deep.equal(new Set([aws.accessKeyId]));
    expect(keysThatAsked('Scan')).to.deep.equal(new Set(['ASIAFAKESESSION000001']));
    expect(aws.requestsTo('Scan')[0]?.sessionToken).to.equal('session-token-000001');
  });

  it('sends external id, session name and duration', async () => {
    await start();
    const options = {
      external_id: 'tenant-7',
      role_session_name: 'nightly',
      role_session_duration_seconds: 1800,
    };
    await runCommand('check', config(assumeRole(options)));
    const [request] = aws.requestsTo('AssumeRole');
    expect(request?.input).to.include({
      ...{ RoleArn: ROLE_ARN, ExternalId: 'tenant-7' },
      ...{ RoleSessionName: 'nightly', DurationSeconds: '1800' },
    });
  });

  it('sends a name of its own, an hour and no external id by default', async () => {
    await start();
    await runCommand('check', config(assumeRole()));
    const [request] = aws.requestsTo('AssumeRole');
    expect(request?.input).to.include({
      ...{ RoleSessionName: 'airbyte-source-dynamodb', DurationSeconds: '3600' },
    });
    expect(request?.input).to.not.have.property('ExternalId');
  });

  it('assumes the role once for many segments', async () => {
    await start();
    const run = await read({
      config: config(assumeRole(), { segments: 32 }),
      catalog: numberedCatalog('t'),
    });
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    expect(aws.requestsTo('AssumeRole')).to.have.length(1);
  });

  it('renews sessions before they expire, in the middle of a scan', async () => {
    const clock = await createMovableClock();
    await start({ now: clock.now });
    watchPages((pages) => {
      if ([15, 30, 45].includes(pages)) clock.advance(56 * MINUTE_MS);
    });
    const run = await read(
      { config: config(assumeRole(), { segments: 1 }), catalog: numberedCatalog('t') },
      { env: clock.env },
    );
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    expect(aws.requestsTo('AssumeRole')).to.have.length(4);
    expect(keysThatAsked('Scan').size).to.equal(4);
    expect(run.warnings).to.deep.equal([]);
  });

  it('goes on with a session that holds when it cannot be renewed yet', async () => {
    const clock = await createMovableClock();
    await start({ now: clock.now });
    const grant = aws.handler('AssumeRole');
    const pagesWhenAsked: number[] = [];
    let page = 0;
    watchPages((pages) => {
      page = pages;
      if (pages === 15) clock.advance(56 * MINUTE_MS);
      if (pages === 30) clock.advance(MINUTE_MS);
    });
    aws.on('AssumeRole', (input, request) => {
      pagesWhenAsked.push(page);
      return pagesWhenAsked.length === 2
        ? stsError('AccessDenied', 'Not now')
        : grant(input, request);
    });
    const run = await read(
      { config: config(assumeRole(), { segments: 1 }), catalog: numberedCatalog('t') },
      { env: clock.env },
    );
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    expect(pagesWhenAsked).to.deep.equal([0, 15, 30]);
    expect(keysThatAsked('Scan').size).to.equal(2);
  });

  it('renews a session that AWS calls expired, once for all segments, and repeats nothing', async () => {
    let now = Date.now();
    await start({ now: () => now });
    aws.slowDown('Scan', PAGE_MS);
    watchPages((pages) => {
      if (pages === 20) now += 2 * HOUR_MS;
    });
    const run = await read({
      config: config(assumeRole(), { segments: 8 }),
      catalog: numberedCatalog('t'),
    });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
    expect(aws.requestsTo('AssumeRole')).to.have.length(2);
    expect(run.errors).to.deep.equal([]);
  });

  it('tries again when STS fails or throttles', async () => {
    await start();
    for (const [code, status] of [
      ...[['InternalFailure', 500] as const, ['ServiceUnavailable', 503] as const],
      ...Array.from({ length: 2 }, () => ['Throttling', 400] as const),
    ]) {
      aws.once('AssumeRole', () => stsError(code, 'Not now', status));
    }
    const run = await runCommand('check', config(assumeRole()));
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    expect(aws.requestsTo('AssumeRole')).to.have.length(5);
  });

  it('tries again when AWS does not know a session that was just made', async () => {
    await start();
    const message = 'The security token included in the request is invalid.';
    for (const operation of ['DescribeTable', 'Scan', 'Scan']) {
      aws.once(operation, () => awsError('UnrecognizedClientException', message));
    }
    const run = await read({
      config: config(assumeRole(), { segments: 2 }),
      catalog: numberedCatalog('t'),
    });
    expect(run.exitCode, run.text.slice(-2000)).to.equal(0);
    expect(isEachOnce(numbersIn(run), ITEM_COUNT)).to.equal(true);
  });

  const environment = { AWS_ACCESS_KEY_ID: ENVIRONMENT_KEY, AWS_SECRET_ACCESS_KEY: 'env-secret' };

  it('takes an access key of the environment', async () => {
    await start();
    const run = await runCommand('check', config({ auth_type: 'Role' }), { env: environment });
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    expect(keysThatAsked('Scan')).to.deep.equal(new Set([ENVIRONMENT_KEY]));
  });

  it('assumes a role on top of the environment', async () => {
    await start();
    const credentials = { auth_type: 'Role', role_arn: ROLE_ARN, external_id: 'tenant-7' };
    const run = await runCommand('check', config(credentials), { env: environment });
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    expect(keysThatAsked('AssumeRole')).to.deep.equal(new Set([ENVIRONMENT_KEY]));
    expect(keysThatAsked('Scan')).to.deep.equal(new Set(['ASIAFAKESESSION000001']));
    expect(aws.requestsTo('AssumeRole')[0]?.input.ExternalId).to.equal('tenant-7');
  });

  it('takes a session token of the environment', async () => {
    await start();
    const session = aws.issueSession(HOUR_MS);
    const env = {
      AWS_ACCESS_KEY_ID: session.accessKeyId,
      AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
      AWS_SESSION_TOKEN: session.sessionToken,
    };
    const run = await runCommand('check', config({ auth_type: 'Role' }), { env });
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    expect(keysThatAsked('Scan')).to.deep.equal(new Set([session.accessKeyId]));
  });

  it('takes the access key of a profile', async () => {
    await start();
    const text = `[default]\naws_access_key_id = AKIANOTTHISONE\naws_secret_access_key = x\n\n[reader]\naws_access_key_id = ${ENVIRONMENT_KEY}\naws_secret_access_key = profile-secret\n`;
    const env = { AWS_SHARED_CREDENTIALS_FILE: await writeText(text, '') };
    const credentials = { auth_type: 'Role', profile: 'reader' };
    const run = await runCommand('check', config(credentials), { env });
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
    expect(keysThatAsked('Scan')).to.deep.equal(new Set([ENVIRONMENT_KEY]));
  });

  it('takes keys that were pasted with blanks around them', async () => {
    await start();
    const run = await runCommand(
      'check',
      config({
        auth_type: 'User',
        access_key_id: ` ${aws.accessKeyId}\n`,
        secret_access_key: `\t${aws.secretAccessKey} `,
        session_token: '  ',
      }),
    );
    expect(run.connectionStatus?.status, run.connectionStatus?.message).to.equal('SUCCEEDED');
  });
});
