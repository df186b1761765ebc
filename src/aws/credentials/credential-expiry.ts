import type { DynamoDbConnection } from '../connection.ts';

/**
 * Makes a call, and once more with new credentials when AWS says that temporary ones have expired.
 *
 * The SDK does not try again then. It happens in spite of renewal in time when a session was revoked, or when the
 * machine slept.
 */
export async function withExpiryRenewal<Result>(
  connection: DynamoDbConnection,
  call: () => Promise<Result>,
): Promise<Result> {
  const { credentials } = connection;
  const { accessKeyId, expiration } = await credentials.provide();
  try {
    return await call();
  } catch (error) {
    if (expiration === undefined || !isExpired(connection, error)) throw error;
    credentials.invalidate(accessKeyId);
    await connection.refreshCredentials();
    return call();
  }
}

function isExpired(connection: DynamoDbConnection, error: unknown): boolean {
  return connection.classify(error, 'credentials').reason === 'expired';
}
