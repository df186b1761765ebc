/**
 * Starts DynamoDB Local with the acceptance tables in it, prints its port on one line and stays until SIGTERM or
 * SIGINT.
 */
import { once } from 'node:events';
import { startDynamoDbLocal } from '../support/dynamodb-local-engine.ts';
import { seedAcceptanceTables } from './tables.ts';

const engine = await startDynamoDbLocal();
await seedAcceptanceTables(engine);
const keepAlive = setInterval(() => undefined, 60_000);
const told = Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
process.stdout.write(`${new URL(engine.endpoint).port}\n`);
await told;
clearInterval(keepAlive);
await engine.stop();
