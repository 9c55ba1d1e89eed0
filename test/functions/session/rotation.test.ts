import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Pool, PoolUnavailable } from '../../../functions/session/pool.ts';
import { newSecret, writeRefreshToken } from '../../../functions/session/refresh-token.ts';
import { eventually } from '../../eventually.ts';
import { CookieJar } from './cookie-jar.ts';
import { type Browser, startSessions, times, tokenIn } from './session-under-test.ts';

/** What a test does to the pool's answers, beside letting them pass. */
const trouble: { refresh?: (answer: Promise<unknown>) => Promise<unknown> } = {};
const revoked: string[] = [];
const refreshed: string[] = [];
const troubled = (pool: Pool): Pool => ({
  ...pool,
  refresh: (token) => {
    const answer = pool.refresh(token).then((tokens) => {
      refreshed.push(tokens.refreshToken);
      return tokens;
    });
    return (trouble.refresh ? trouble.refresh(answer) : answer) as ReturnType<Pool['refresh']>;
  },
  revoke: (token) => {
    revoked.push(token);
    return pool.revoke(token);
  },
});

const under = await startSessions({ after }, troubled);
const { browser, clock, events, dynamo } = under;

async function signedIn(): Promise<Browser> {
  const own = browser();
  await own.signIn();
  return own;
}

/** A browser that has nothing but this refresh token. */
function holding(token: string): Browser {
  const jar = new CookieJar();
  jar.take([`__Secure-refresh=${token}; Path=/session`]);
  return browser(jar);
}

/** Refreshes with a token, and says how that went. */
async function refresh(token: string): Promise<{ status: number; token: string }> {
  const own = holding(token);
  const { statusCode } = await own.send('POST', '/session/refresh');
  return { status: statusCode, token: own.token() };
}

describe('a refresh secret', () => {
  test('works once: a copy used after its leeway ends the session of both, thief and owner', async () => {
    const owner = await signedIn();
    const stolen = owner.token();
    assert.equal((await owner.send('POST', '/session/refresh')).statusCode, 204);
    clock.ahead += times.leeway;
    assert.equal((await refresh(stolen)).status, 401);
    assert.equal((await owner.send('POST', '/session/refresh')).statusCode, 401);
    const { id } = tokenIn(under, stolen);
    assert.ok(events.some(({ session, reason }) => session === id && reason === 'reused'));
  });

  test('that a thief uses first ends the session when its owner comes', async () => {
    const owner = await signedIn();
    const thief = await refresh(owner.token());
    assert.equal(thief.status, 204);
    clock.ahead += times.leeway;
    assert.equal((await owner.send('POST', '/session/refresh')).statusCode, 401);
    assert.equal((await refresh(thief.token)).status, 401);
  });

  test('within its leeway, once its successor is used, ends the session as well', async () => {
    const owner = await signedIn();
    const first = owner.token();
    await owner.send('POST', '/session/refresh');
    await owner.send('POST', '/session/refresh');
    assert.equal((await refresh(first)).status, 401);
    assert.equal((await owner.send('POST', '/session/refresh')).statusCode, 401);
  });

  test('ends the session wherever it is shown, not at a refresh alone', async () => {
    for (const [method, path] of [
      ['GET', '/session'],
      ['GET', '/session/list'],
      ['POST', '/session/sign-out'],
      ['DELETE', '/session/AAAAAAAAAAAAAAAAAAAAAA'],
    ] as const) {
      const owner = await signedIn();
      const first = owner.token();
      await owner.send('POST', '/session/refresh');
      clock.ahead += times.leeway;
      await holding(first).send(method, path);
      assert.equal((await owner.send('POST', '/session/refresh')).statusCode, 401, path);
    }
  });

  test('that was given out and is not in the table, which may have been restored, ends the session', async () => {
    const owner = await signedIn();
    const token = tokenIn(under, owner.token());
    const other = writeRefreshToken({ ...token, secret: newSecret() }, under.keys);
    assert.equal((await refresh(other)).status, 401);
    assert.equal((await owner.send('POST', '/session/refresh')).statusCode, 401);
  });

  test('of two that ask at once gets both the same, and of twenty too', async () => {
    for (const count of [2, 20]) {
      const owner = await signedIn();
      const before = refreshed.length;
      const answers = await Promise.all(Array.from({ length: count }, () => refresh(owner.token())));
      assert.deepEqual(
        answers.map(({ status }) => status),
        answers.map(() => 204),
      );
      assert.equal(new Set(answers.map(({ token }) => token)).size, 1);
      assert.equal(refreshed.length - before, 1, 'the pool was asked once');
      assert.equal((await under.store.find(tokenIn(under, owner.token())))?.generation, 2);
    }
  });

  test('whose answer was lost on its way is answered the same once more', async () => {
    const owner = await signedIn();
    const lost = await refresh(owner.token());
    clock.ahead += times.leeway - 1000;
    const again = await refresh(owner.token());
    assert.deepEqual(again, lost);
    assert.equal((await refresh(again.token)).status, 204);
  });
});

describe('a refresh that fails half-way signs nobody out', () => {
  test('when the user pool does not answer', async () => {
    const owner = await signedIn();
    trouble.refresh = async (answer) => {
      await answer.catch(() => undefined);
      throw new PoolUnavailable('as asked');
    };
    const { statusCode, headers, cookies } = await owner.send('POST', '/session/refresh');
    delete trouble.refresh;
    assert.deepEqual([statusCode, headers['retry-after'], cookies], [503, '1', []]);
    assert.equal((await owner.send('POST', '/session/refresh')).statusCode, 204);
  });

  test('when the function is stopped between the pool’s answer and the table', async () => {
    const owner = await signedIn();
    trouble.refresh = async (answer) => {
      await answer;
      throw new Error('stopped');
    };
    await assert.rejects(owner.send('POST', '/session/refresh'), /stopped/);
    delete trouble.refresh;
    clock.ahead += 5_000;
    assert.equal((await owner.send('POST', '/session/refresh')).statusCode, 204);
  });

  test('when the table does not answer', async () => {
    const owner = await signedIn();
    dynamo.suspend();
    const { statusCode } = await owner.send('POST', '/session/refresh');
    dynamo.resume();
    assert.equal(statusCode, 503);
    // 503 is "not yet": a table that has just come back may say it once more.
    await eventually(async () =>
      assert.equal((await owner.send('POST', '/session/refresh')).statusCode, 204),
    );
  });
});

describe('a sign-out', () => {
  test('takes the pool’s token with it, so that nobody can go on with that either', async () => {
    const owner = await signedIn();
    await owner.send('POST', '/session/refresh');
    const last = refreshed.at(-1) ?? '';
    await owner.send('POST', '/session/sign-out');
    assert.equal(revoked.at(-1), last);
    const response = await fetch(`${under.pool.base}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: last, client_id: 'web' }),
    });
    assert.equal(response.status, 400);
  });

  test('while a refresh is under way wins: nothing of it is left', async () => {
    const owner = await signedIn();
    const arrived = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    trouble.refresh = async (answer) => {
      const tokens = await answer;
      arrived.resolve();
      await go.promise;
      return tokens;
    };
    const refreshing = refresh(owner.token());
    await arrived.promise;
    delete trouble.refresh;
    assert.equal((await owner.send('POST', '/session/sign-out')).statusCode, 204);
    go.resolve();
    assert.equal((await refreshing).status, 401);
    assert.equal(revoked.at(-1), refreshed.at(-1));
  });
});

/** What the rules say of a session, without how it is done. */
interface Model {
  alive: boolean;
  /** All tokens that were given out, the newest last. */
  readonly tokens: string[];
  /** How far the clock was ahead at the last refresh and at the sign-in. */
  rotatedAt: number;
  readonly startedAt: number;
}

type Step =
  | { readonly do: 'wait'; readonly time: number }
  | { readonly do: 'refresh'; readonly age: number; readonly times: number }
  | { readonly do: 'show' }
  | { readonly do: 'sign-out' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      time: fc.constantFrom(1_000, times.leeway, 1_000_000, times.idle - 100_000, times.idle),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('refresh' as const),
      age: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(3)),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'show' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'sign-out' as const }) },
);

/** What a refresh with the token of an age comes to, by the rules alone. */
function expected(model: Model, age: number): 'renewed' | 'repeated' | 'ended' {
  const isOver =
    clock.ahead - model.rotatedAt >= times.idle || clock.ahead - model.startedAt >= times.absolute;
  if (!model.alive || isOver) return 'ended';
  if (age === 0) return 'renewed';
  return age === 1 && clock.ahead - model.rotatedAt < times.leeway - 500 ? 'repeated' : 'ended';
}

async function take(step: Step, model: Model, owner: Browser): Promise<void> {
  if (step.do === 'wait') {
    clock.ahead += step.time;
  } else if (step.do === 'refresh') {
    const age = Math.min(step.age, model.tokens.length - 1);
    const token = model.tokens.at(-1 - age) ?? '';
    const outcome = expected(model, age);
    const answers = await Promise.all(Array.from({ length: step.times }, () => refresh(token)));
    for (const { status } of answers) assert.equal(status, outcome === 'ended' ? 401 : 204);
    if (outcome === 'ended') {
      model.alive = false;
      return;
    }
    const [given = ''] = new Set(answers.map((answer) => answer.token));
    assert.ok(answers.every((answer) => answer.token === given));
    if (outcome === 'repeated') {
      assert.equal(given, model.tokens.at(-1));
      return;
    }
    model.tokens.push(given);
    model.rotatedAt = clock.ahead;
  } else if (step.do === 'show') {
    const listed = await holding(model.tokens.at(-1) ?? '').send('GET', '/session/list');
    const isAlive = expected(model, 0) === 'renewed';
    assert.equal(listed.statusCode, isAlive ? 200 : 401);
    if (!isAlive) model.alive = false;
  } else {
    await holding(model.tokens.at(-1) ?? '').send('POST', '/session/sign-out');
    model.alive = false;
  }
  assert.ok(owner);
}

test('whatever happens in whatever order, one chain of secrets is good, and a branch ends it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 3, maxLength: 14 }), async (sequence) => {
      clock.ahead = Math.ceil(clock.ahead);
      const owner = await signedIn();
      const model: Model = {
        alive: true,
        tokens: [owner.token()],
        rotatedAt: clock.ahead,
        startedAt: clock.ahead,
      };
      for (const step of sequence) await take(step, model, owner);
      const [newest = ''] = model.tokens.slice(-1);
      const stored = await under.store.find(tokenIn(under, newest));
      if (!model.alive) assert.equal(stored, undefined);
      else assert.equal(stored?.generation, model.tokens.length);
    }),
    { numRuns: 40 },
  );
});
