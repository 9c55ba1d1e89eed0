/** One sign-in of one person, with the state of its refresh secrets. Times are milliseconds since the epoch. */
export interface Session {
  /** Whose it is: the user pool's `sub`. */
  readonly subject: string;
  /** Names the session; no secret. */
  readonly id: string;
  readonly name: string;
  readonly email?: string;
  readonly role: string;
  readonly userAgent: string;
  readonly createdAt: number;
  readonly lastUsedAt: number;
  readonly idleExpiresAt: number;
  readonly absoluteExpiresAt: number;
  /** Counts the secrets; the newest is of this generation. */
  readonly generation: number;
  /** When the newest secret was given out. */
  readonly rotatedAt: number;
  /** Keyed hash of the newest secret, and of the one before it. */
  readonly secretHash: string;
  readonly precedingHash?: string;
  /** What the newest secret was given out with, sealed so that only the preceding secret opens it. */
  readonly successor?: string;
  /** Hash of the access token that belongs to the newest secret, and when that token ends. */
  readonly accessHash: string;
  readonly accessExpiresAt: number;
  /** The user pool's refresh token, sealed. */
  readonly poolToken: string;
  /** Until when somebody is busy with the next secret, and who. */
  readonly claimedUntil?: number;
  readonly claim?: string;
}

/** Which session. */
export type SessionKey = Pick<Session, 'subject' | 'id'>;
