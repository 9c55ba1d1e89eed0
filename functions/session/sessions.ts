import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Session } from '../../src/data/sessions/session.ts';
import type { SessionStore } from '../../src/data/sessions/store.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { isRole, type Role } from '../../src/kernel/roles.ts';
import { type Credentials, contextOf, sealSuccessor, unsealSuccessor } from './credentials.ts';
import type { SessionKeys } from './keys.ts';
import { type Pool, PoolRefused, type PoolTokens, PoolUnavailable } from './pool.ts';
import {
  hashOfAccessToken,
  hashOfSecret,
  newSecret,
  newSessionId,
  type RefreshToken,
  writeRefreshToken,
} from './refresh-token.ts';
import { seal, unseal } from './sealing.ts';
import { hasExpired, standingOf } from './standing.ts';

/** What sessions are made of. Durations are milliseconds. */
export interface SessionParts {
  readonly store: SessionStore;
  readonly pool: Pool;
  readonly keys: SessionKeys;
  readonly clock: Clock;
  readonly idle: number;
  readonly absolute: number;
  readonly leeway: number;
  /** Is told what happened; never a secret. */
  readonly tell: (event: SessionEvent) => void;
}

/** What is worth a line in the log. */
export interface SessionEvent {
  readonly event: 'started' | 'ended' | 'sign-in-refused';
  readonly reason: string;
  readonly session?: string;
  readonly subject?: string;
}

/** How a refresh ended. */
export type RefreshOutcome =
  | { readonly kind: 'renewed'; readonly credentials: Credentials }
  /** There is no session any more; reused: this token has ended it. */
  | { readonly kind: 'ended'; readonly reason: 'unknown' | 'expired' | 'reused' | 'refused' }
  /** Not now: the token is as good as before. */
  | { readonly kind: 'unavailable' };

/** The sessions of all people. Each throws StrataError `table-unavailable`. */
export interface Sessions {
  /** Begins a session for who has just signed in. @returns undefined of somebody without a role */
  readonly begin: (tokens: PoolTokens, userAgent: string) => Promise<Credentials | undefined>;
  /** The session a token belongs to; a token that was used up ends it. */
  readonly find: (token: RefreshToken) => Promise<Session | undefined>;
  /** The next secret and a new access token for a refresh token. */
  readonly refresh: (token: RefreshToken) => Promise<RefreshOutcome>;
  /** All sessions of a subject that have not ended, the one used last first. */
  readonly list: (subject: string) => Promise<Session[]>;
  /** Ends a session, here at once and in the pool where that answers; false when there is none. */
  readonly end: (session: Pick<Session, 'subject' | 'id'>, reason: string) => Promise<boolean>;
}

/** Milliseconds one turn may take: longer than the function runs, much shorter than the pool's grace. */
const turn = 5_000;
/** Milliseconds that somebody else's turn is waited for, and between two looks. */
const patience = 2_500;
const look = 40;

/** Opens the sessions. */
export function openSessions(parts: SessionParts): Sessions {
  const { store, pool, keys, clock, idle, absolute, leeway, tell } = parts;

  async function begin(tokens: PoolTokens, userAgent: string): Promise<Credentials | undefined> {
    const { subject, name, email, role } = tokens;
    if (role === undefined) {
      tell({ event: 'sign-in-refused', reason: 'no-role', subject });
      await revoke(tokens.refreshToken);
      return undefined;
    }
    const now = clock.now();
    const token = { subject, id: newSessionId(), secret: newSecret() };
    const person = { subject, name, role, ...(email === undefined ? {} : { email }) };
    const session: Session = {
      ...person,
      id: token.id,
      userAgent,
      generation: 1,
      createdAt: now,
      absoluteExpiresAt: now + absolute,
      ...stateOf(token, tokens, now, now + absolute),
    };
    await store.add(session);
    tell({ event: 'started', reason: 'sign-in', session: session.id, subject });
    return credentialsOf(token, tokens, session);
  }

  async function find(token: RefreshToken): Promise<Session | undefined> {
    const session = await store.find(token);
    if (!session) return undefined;
    const now = clock.now();
    if (hasExpired(session, now)) {
      await end(session, 'expired');
      return undefined;
    }
    if (standingOf(session, token, keys, { leeway, now }) !== 'reused') return session;
    await end(session, 'reused');
    return undefined;
  }

  async function refresh(token: RefreshToken): Promise<RefreshOutcome> {
    const claim = randomUUID();
    const deadline = clock.monotonic() + patience;
    for (;;) {
      const session = await store.find(token);
      const now = clock.now();
      if (!session) return { kind: 'ended', reason: 'unknown' };
      if (hasExpired(session, now)) return ended(session, 'expired');
      const standing = standingOf(session, token, keys, { leeway, now });
      if (standing === 'reused') return ended(session, 'reused');
      if (standing === 'preceding') return again(session, token);
      const isBusy = session.claimedUntil !== undefined && session.claimedUntil > now;
      if (!isBusy && (await store.claim(session, { claim, now, until: now + turn }))) {
        const outcome = await advance(session, token, claim);
        if (outcome) return outcome;
      }
      if (clock.monotonic() > deadline) return { kind: 'unavailable' };
      await delay(look);
    }
  }

  /** Gives out once more what was given out for this secret. */
  async function again(session: Session, token: RefreshToken): Promise<RefreshOutcome> {
    const credentials = unsealSuccessor(session, token.secret, session.successor ?? '');
    return credentials ? { kind: 'renewed', credentials } : ended(session, 'reused');
  }

  /** Takes the session one secret further; undefined when somebody else has done so meanwhile. */
  async function advance(
    session: Session,
    token: RefreshToken,
    claim: string,
  ): Promise<RefreshOutcome | undefined> {
    const poolToken = unseal(keys.sealing, session.poolToken, contextOf(session));
    if (poolToken === undefined) return ended(session, 'refused');
    let tokens: PoolTokens;
    try {
      tokens = await pool.refresh(poolToken);
    } catch (error) {
      if (error instanceof PoolRefused) return ended(session, 'refused');
      if (!(error instanceof PoolUnavailable)) throw error;
      await store.release(session, claim);
      return { kind: 'unavailable' };
    }
    const { role, name, email, subject } = tokens;
    if (role === undefined || subject !== session.subject) {
      await revoke(tokens.refreshToken);
      return ended(session, 'refused');
    }
    const now = clock.now();
    const next = { ...token, secret: newSecret() };
    const { claim: _, claimedUntil: __, email: ___, ...kept } = session;
    const advanced: Session = {
      ...kept,
      name,
      role,
      ...(email === undefined ? {} : { email }),
      ...stateOf(next, tokens, now, session.absoluteExpiresAt),
      generation: session.generation + 1,
      precedingHash: session.secretHash,
    };
    const credentials = credentialsOf(next, tokens, advanced);
    const successor = sealSuccessor(session, token.secret, credentials);
    if (await store.advance({ ...advanced, successor }, claim)) return { kind: 'renewed', credentials };
    // It was signed out meanwhile, and what the pool has just given out has to go with it.
    if (!(await store.find(session))) await revoke(tokens.refreshToken);
    return undefined;
  }

  async function ended(session: Session, reason: 'expired' | 'reused' | 'refused'): Promise<RefreshOutcome> {
    await end(session, reason);
    return { kind: 'ended', reason };
  }

  async function end(key: Pick<Session, 'subject' | 'id'>, reason: string): Promise<boolean> {
    const removed = await store.remove(key);
    if (!removed) return false;
    tell({ event: 'ended', reason, session: key.id, subject: key.subject });
    const poolToken = unseal(keys.sealing, removed.poolToken, contextOf(removed));
    if (poolToken !== undefined) await revoke(poolToken);
    return true;
  }

  /** What ended here has ended, whether the pool hears of it or not. */
  async function revoke(poolToken: string): Promise<void> {
    await pool.revoke(poolToken).catch((error: unknown) => {
      if (!(error instanceof PoolRefused || error instanceof PoolUnavailable)) throw error;
    });
  }

  /** The part of a session that changes with each secret. */
  function stateOf(token: RefreshToken, tokens: PoolTokens, now: number, absoluteExpiresAt: number) {
    return {
      rotatedAt: now,
      lastUsedAt: now,
      idleExpiresAt: Math.min(now + idle, absoluteExpiresAt),
      secretHash: hashOfSecret(keys, token.id, token.secret),
      accessHash: hashOfAccessToken(tokens.accessToken),
      accessExpiresAt: tokens.accessExpiresAt,
      poolToken: seal(keys.sealing, tokens.refreshToken, contextOf(token)),
    };
  }

  function credentialsOf(token: RefreshToken, tokens: PoolTokens, session: Session): Credentials {
    return {
      accessToken: tokens.accessToken,
      accessExpiresAt: Math.min(tokens.accessExpiresAt, session.absoluteExpiresAt),
      refreshToken: writeRefreshToken(token, keys),
      refreshExpiresAt: session.idleExpiresAt,
    };
  }

  async function list(subject: string): Promise<Session[]> {
    const now = clock.now();
    const all = await store.list(subject);
    return all
      .filter((session) => !hasExpired(session, now))
      .sort((one, other) => other.lastUsedAt - one.lastUsedAt);
  }

  return { begin, find, refresh, list, end };
}

/** The role of a session as it was stored. @throws Error when it is none */
export function roleIn({ role }: Session): Role {
  if (!isRole(role)) throw new Error('a session has no role');
  return role;
}
