/**
 * Starts DynamoDB Local with the acceptance tables in it, prints its port on one line and stays until SIGTERM or
 * SIGINT. With a port as its argument it serves there, and without Java from dynalite instead.
 */
import { once } from 'node:events';
import { startDynalite } from '../support/dynalite-engine.ts';
import { findDynamoDbLocal, startDynamoDbLocal } from '../support/dynamodb-local-engine.ts';
import type { Engine } from '../support/engine.ts';
import { ACCEPTANCE_TABLES, enableChangeStreams, seedAcceptanceTables } from './tables.ts';

// The SDK, which fills the tables, would tell of Node's age.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

const [, , port] = process.argv;
const engine = port === undefined ? await startDynamoDbLocal() : await startAt(Number(port));
await seedAcceptanceTables(engine);
// dynalite has no change streams.
if (engine.name === 'DynamoDB Local') await enableChangeStreams(engine);
const keepAlive = setInterval(() => undefined, 60_000);
const told = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
if (port !== undefined) {
  const names = ACCEPTANCE_TABLES.map(({ definition }) => definition.name).join(', ');
  process.stderr.write(`${engine.name} serves ${names} until Ctrl-C, on the port\n`);
}
process.stdout.write(`${new URL(engine.endpoint).port}\n`);
await told;
clearInterval(keepAlive);
await engine.stop();

function startAt(wanted: number): Promise<Engine> {
  return findDynamoDbLocal() === undefined ? startDynalite(wanted) : startDynamoDbLocal(wanted);
}
