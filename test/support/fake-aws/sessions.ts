import { ACCOUNT, type Access } from './access.ts';
import type { JsonObject } from '../json.ts';
import { assumeRoleReply, type Session } from './sts-replies.ts';
import type { Reply } from './replies.ts';

const DEFAULT_SESSION_SECONDS = 3600;

/** Hands out temporary credentials that the fake then knows. */
export class Sessions {
  readonly #access: Access;
  readonly #now: () => number;
  #count = 0;

  constructor(access: Access, now: () => number) {
    this.#access = access;
    this.#now = now;
  }

  /** New temporary credentials, valid for so many milliseconds of the fake's clock. */
  issue(lifetimeMs: number, roleArn: string, sessionName: string): Session {
    this.#count += 1;
    const number = String(this.#count).padStart(6, '0');
    const role = roleArn.split('/').at(-1) ?? 'role';
    const session = {
      accessKeyId: `ASIAFAKESESSION${number}`,
      secretAccessKey: `session-secret-${number}`,
      sessionToken: `session-token-${number}`,
      expiresAt: this.#now() + lifetimeMs,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${sessionName}`,
    };
    this.#access.add(session);
    return session;
  }

  /** AssumeRole and AssumeRoleWithWebIdentity as STS answers them when the role may be assumed. */
  assumeRole(input: JsonObject, lifetimeMs: number | undefined): Reply {
    const { Action, RoleArn, RoleSessionName, DurationSeconds } = input;
    const seconds = Number(DurationSeconds ?? DEFAULT_SESSION_SECONDS);
    const role = typeof RoleArn === 'string' ? RoleArn : '';
    const name = typeof RoleSessionName === 'string' ? RoleSessionName : '';
    const session = this.issue(lifetimeMs ?? seconds * 1000, role, name);
    return assumeRoleReply(session, typeof Action === 'string' ? Action : '');
  }
}
