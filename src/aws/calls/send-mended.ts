import type { ServiceConnection } from '../connection.ts';

/**
 * Makes a call, and once more where AWS refused the credentials or the time of the first one and both can be mended.
 *
 * Temporary credentials expire in spite of renewal in time when a session was revoked, or when the machine slept. The
 * clock of AWS is known from the refusal itself.
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
