import type { ServiceConnection } from '../connection.ts';

/**
 * Makes a call, and repeats it once if AWS refused its credentials or its time and that can be corrected.
 *
 * Although temporary credentials are renewed in time, they can expire when a session is revoked or the machine slept.
 * The refusal itself tells the time of AWS.
 */
export async function sendMended<Result>(
  connection: ServiceConnection,
  call: () => Promise<Result>,
): Promise<Result> {
  const { credentials, clock } = connection;
  const { offsetMs } = clock;
  let expiringKey: string | undefined;
  try {
    const { accessKeyId, expiration } = await credentials.provide();
    if (expiration !== undefined) expiringKey = accessKeyId;
    return await call();
  } catch (error) {
    const { reason } = connection.classify(error, 'credentials');
    const isRenewable = reason === 'expired' && expiringKey !== undefined;
    const isClockMended = reason === 'wrong clock' && clock.offsetMs !== offsetMs;
    if (!isRenewable && !isClockMended) throw error;
    if (expiringKey !== undefined && isRenewable) credentials.invalidate(expiringKey);
    return call();
  }
}
