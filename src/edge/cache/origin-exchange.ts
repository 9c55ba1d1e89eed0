import type { Clock } from '../../kernel/clock.ts';
import { initialAge } from './age.ts';
import { answerFrom } from './answers.ts';
import type { Attempt } from './attempt.ts';
import type { Flight } from './collapse.ts';
import { endToEnd } from './connection-fields.ts';
import { secondsOf } from './directives.ts';
import { type FieldLines, fieldValue, linesOf } from './fields.ts';
import { type Freshness, freshnessOf } from './freshness.ts';
import { targetOf } from './invalidation.ts';
import { findCompletable } from './lookup.ts';
import { describes, mergeFields, updates } from './merge.ts';
import type { CacheAnswer, OriginAnswer, Source } from './message.ts';
import { abandonWith, askedFields, dated } from './origin-fields.ts';
import { combineParts, wholeHead } from './partial.ts';
import { failureAnswer } from './pass.ts';
import type { CachePolicy } from './policy.ts';
import { parseContentRange } from './range.ts';
import { isError, mayStandIn, type Trouble } from './stale.ts';
import { storedFields } from './storage-rules.ts';
import type { ObjectStore, StoredHead, StoredObject } from './store.ts';
import { headOf, type Received, storableHead } from './stored-head.ts';
import { fillFrom, streamOf } from './transfer.ts';
import { sameSelection, selects } from './vary.ts';
import { widened } from './widened-range.ts';

/** What an exchange with the origin works with. */
export interface ExchangeSettings {
  readonly store: ObjectStore;
  readonly policy: CachePolicy;
  readonly clock: Clock;
  readonly freshness: (head: StoredHead) => Freshness;
  /** Told of each stale response that stands in for an origin in trouble. */
  readonly onStandIn: (object: StoredObject) => void;
}

/** Asks the origin and keeps what may be kept. */
export interface OriginExchange {
  /** A read: validates `stored`, or fetches anew. */
  run(attempt: Attempt, flight: Flight, stored: StoredObject | undefined): Promise<CacheAnswer>;
  /** The answer to a read whose fetch failed. */
  fail(attempt: Attempt, error: unknown, stored: StoredObject | undefined): CacheAnswer;
  /** A request that may change things. `onAnswer` is called before anything of it is stored. */
  runUnsafe(attempt: Attempt, onAnswer: (answer: OriginAnswer) => void): Promise<CacheAnswer>;
}

export function createOriginExchange(settings: ExchangeSettings): OriginExchange {
  const { store, policy, clock, freshness, onStandIn } = settings;
  const rules = { policy, store };

  /** `lasting` goes on when the viewer is gone. */
  async function receive(
    { request, fetch }: Attempt,
    headers: FieldLines,
    lasting: boolean,
  ): Promise<Received> {
    const { method, target, body, onInterim } = request;
    const signal = lasting ? undefined : request.departure?.();
    const requestTime = clock.now();
    const answer = await fetch({
      method,
      target,
      headers,
      ...(body && { body }),
      ...(signal && { signal }),
      ...(onInterim && { onInterim }),
    });
    const responseTime = clock.now();
    return { answer, headers: dated(endToEnd(answer.headers), responseTime), requestTime, responseTime };
  }

  function from(object: StoredObject, { request }: Attempt, source: Source): CacheAnswer {
    store.touch(object);
    return answerFrom({ store, object, request, now: clock.now(), source });
  }

  async function run(
    attempt: Attempt,
    flight: Flight,
    stored: StoredObject | undefined,
    widens = true,
  ): Promise<CacheAnswer> {
    const { request, key } = attempt;
    const completable = stored ? undefined : findCompletable(store, key, request, policy);
    const block = widens && !stored && request.method === 'GET' ? policy.rangeBlock : undefined;
    const wide = block === undefined ? undefined : widened(request.headers, block);
    let received: Received;
    try {
      const headers = wide ?? askedFields(attempt, stored, completable);
      // What others may wait for goes on when the first who asked is gone.
      received = await receive(attempt, headers, request.method === 'GET');
    } catch (error) {
      flight.land({ failure: error });
      return fail(attempt, error, stored);
    }
    const { answer } = received;
    if (stored && isError(answer.status)) {
      const trouble = policy.errorIsDisconnection ? 'disconnected' : 'error';
      if (standsIn(stored, attempt, trouble)) {
        answer.body.destroy();
        onStandIn(stored);
        return from(stored, attempt, 'stale');
      }
    }
    if (stored && answer.status === 304) return validated(attempt, flight, stored, received);
    if (completable && answer.status === 206) return completed(attempt, flight, completable, received);
    if (request.method === 'HEAD') return described(attempt, received);
    if (wide && answer.status === 206) return cut(attempt, flight, received, wide);
    return keep(attempt, flight, received);
  }

  /** What the viewer asked for of a part that was asked for wider; asked for as it is where that cannot be kept. */
  async function cut(
    attempt: Attempt,
    flight: Flight,
    received: Received,
    wide: FieldLines,
  ): Promise<CacheAnswer> {
    const asked = { ...attempt, request: { ...attempt.request, headers: wide } };
    const head = flight.spoiled ? undefined : storableHead(asked, received, rules);
    const { answer } = received;
    if (head?.part?.complete === undefined) {
      answer.body.destroy();
      return run(attempt, flight, undefined, false);
    }
    const writer = store.begin(head);
    const part = from(writer.object, attempt, 'miss');
    fillFrom(answer.body, writer, () => combineParts(store, writer.object));
    flight.land('stored');
    return part;
  }

  function fail(attempt: Attempt, error: unknown, stored: StoredObject | undefined): CacheAnswer {
    if (stored && standsIn(stored, attempt, 'disconnected')) {
      onStandIn(stored);
      return from(stored, attempt, 'stale');
    }
    return failureAnswer(error);
  }

  function standsIn({ head }: StoredObject, { directives }: Attempt, trouble: Trouble): boolean {
    const { initialAge, responseTime } = head;
    const asked = secondsOf(directives, 'stale-if-error');
    const aged = { freshness: freshness(head), initialAge, responseTime };
    return mayStandIn(aged, clock.now(), trouble, typeof asked === 'number' ? asked * 1000 : -1);
  }

  /** RFC 9111, section 4.3.4. A 304 about something else brings nothing: the whole is asked for. */
  async function validated(
    attempt: Attempt,
    flight: Flight,
    stored: StoredObject,
    received: Received,
  ): Promise<CacheAnswer> {
    received.answer.body.resume();
    if (!updates(stored.head.headers, received.headers)) {
      store.remove(stored);
      return run(attempt, flight, undefined);
    }
    if (flight.spoiled) {
      const answer = from(stored, attempt, 'revalidated');
      store.remove(stored);
      return answer;
    }
    refresh(stored, received);
    flight.land('stored');
    return from(stored, attempt, 'revalidated');
  }

  function refresh(stored: StoredObject, { headers, requestTime, responseTime }: Received): void {
    const times = { requestTime, responseTime };
    const merged = storedFields(mergeFields(stored.head.headers, headers), policy);
    store.update(stored, {
      ...stored.head,
      headers: merged,
      ...times,
      initialAge: initialAge(headers, times),
    });
  }

  /** RFC 9111, section 4.3.5: a HEAD's answer freshens what it describes, and makes stale what it contradicts. */
  function described({ request, key }: Attempt, received: Received): CacheAnswer {
    const { answer, headers } = received;
    if (answer.status === 200) {
      for (const object of [...store.select(key)]) {
        if (object.head.status !== 200 || object.state !== 'whole') continue;
        if (!selects(object.head.selection, object.head, request.headers)) continue;
        if (describes(object.head.headers, headers, object.size)) refresh(object, received);
        else store.remove(object);
      }
    }
    return { status: answer.status, reason: answer.reason, headers, body: answer.body, source: 'miss' };
  }

  /** The rest of a stored beginning has come: both are one response from here on (RFC 9111, section 3.4). */
  async function completed(
    attempt: Attempt,
    flight: Flight,
    beginning: StoredObject,
    received: Received,
  ): Promise<CacheAnswer> {
    const { answer, headers } = received;
    const range = parseContentRange(fieldValue(headers, 'content-range'));
    const complete = beginning.head.part?.complete;
    const fits =
      range?.first === beginning.size &&
      complete !== undefined &&
      range.last === complete - 1 &&
      range.complete === complete &&
      fieldValue(headers, 'etag') === fieldValue(beginning.head.headers, 'etag');
    if (!fits) {
      answer.body.destroy();
      store.remove(beginning);
      return run(attempt, flight, undefined);
    }
    const merged = { ...received, headers: mergeFields(beginning.head.headers, headers) };
    const writer = store.begin(wholeHead(headOf(attempt, merged, undefined, policy), complete));
    writer.write(store.content(beginning));
    store.remove(beginning);
    fillFrom(answer.body, writer, () => replaceOlder(writer.object));
    flight.land('stored');
    return from(writer.object, attempt, 'miss');
  }

  /** A new response: into the store if it may be kept, and to the viewer in any case. */
  function keep(attempt: Attempt, flight: Flight, received: Received): CacheAnswer {
    const { answer, headers } = received;
    const { status, reason } = answer;
    const head = flight.spoiled ? undefined : storableHead(attempt, received, rules);
    if (!head) {
      if (status < 500 && status !== 304 && status !== 206 && status !== 416) supersede(attempt);
      flight.land('apart');
      abandonWith(attempt, answer);
      return { status, reason, headers, body: answer.body, source: 'miss' };
    }
    const writer = store.begin(head);
    const { object } = writer;
    const body = streamOf(store, object);
    fillFrom(answer.body, writer, () => {
      if (object.head.part) combineParts(store, object);
      else replaceOlder(object);
    });
    flight.land('stored');
    return { status, reason, headers, body, source: 'miss' };
  }

  /** The older whole responses of the same selection go once the newer one is whole. */
  function replaceOlder(newer: StoredObject): void {
    for (const object of [...store.select(newer.head.key)]) {
      const older = object !== newer && object.id < newer.id;
      if (older && sameSelection(object.head.selection, newer.head.selection)) store.remove(object);
    }
  }

  /** What is not stored, but newer than what is. */
  function supersede({ stored }: Attempt): void {
    if (stored) store.remove(stored);
  }

  async function runUnsafe(attempt: Attempt, onAnswer: (answer: OriginAnswer) => void): Promise<CacheAnswer> {
    let received: Received;
    try {
      received = await receive(attempt, attempt.request.headers, false);
    } catch (error) {
      return failureAnswer(error);
    }
    const { answer, headers } = received;
    onAnswer(answer);
    const head = answersReads(attempt, received) ? storableHead(attempt, received, rules) : undefined;
    if (!head)
      return { status: answer.status, reason: answer.reason, headers, body: answer.body, source: 'pass' };
    const writer = store.begin(head);
    const body = streamOf(store, writer.object);
    fillFrom(answer.body, writer);
    return { status: answer.status, reason: answer.reason, headers, body, source: 'pass' };
  }

  /** Whether a POST's answer is that of a GET to the same target (RFC 9110, section 9.3.3). */
  function answersReads({ request }: Attempt, { answer, headers, ...times }: Received): boolean {
    if (!policy.storesPost || request.method !== 'POST' || answer.status !== 200) return false;
    const location = linesOf(headers, 'content-location');
    if (location.length !== 1 || targetOf(location[0] ?? '', request) !== request.target) return false;
    return freshnessOf({ status: answer.status, headers }, times, policy).explicit;
  }

  return { run, fail, runUnsafe };
}
