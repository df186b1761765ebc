import { startDynalite } from './dynalite-engine.ts';
import { findDynamoDbLocal, startDynamoDbLocal } from './dynamodb-local-engine.ts';

/** The engines that this machine can start; DynamoDB Local wants a Java. */
export const ENGINES = [
  { name: 'dynalite', start: startDynalite, found: true },
  { name: 'DynamoDB Local', start: startDynamoDbLocal, found: findDynamoDbLocal() !== undefined },
].filter(({ found }) => found);
