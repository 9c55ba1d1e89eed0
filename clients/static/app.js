const address = '/api/v1/data?limit=10';
const timeout = 5000;

/** What a cache header's word means to a reader. */
const sources = {
  hit: 'hit',
  miss: 'miss',
  pass: 'passed on',
  coalesced: 'shared',
  stale: 'stale',
  error: 'error',
};

/** Which layer a server-timing name belongs to, and how it is called. */
const layers = [
  [/^edge$/, 'access', 'Edge'],
  [/^(gateway|authorize|throttle)/, 'gateway', 'Gateway'],
  [/^(mesh|ingress|envoy)/, 'mesh', 'Mesh'],
  [/^(cache|valkey|database|postgres|table|dynamo|data|store)/, 'data', 'Data'],
  [/./, 'compute', 'Service'],
];

const element = (id) => document.getElementById(id);
const button = element('again');
let asking = false;

/** A new element with a class and text. */
function make(name, className, text = '') {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** `edge;dur=3.1, gateway;dur=2;desc="hit"` as a list (W3C Server Timing). */
function parseServerTiming(field) {
  return [...(field ?? '').matchAll(/([\w.-]+)((?:;[^,"]*(?:"[^"]*")?)*)/g)]
    .map(([, name, parameters]) => ({
      name,
      duration: Number(/;\s*dur=([\d.]+)/.exec(parameters)?.[1] ?? Number.NaN),
    }))
    .filter(({ duration }) => Number.isFinite(duration));
}

function showSources(headers) {
  for (const name of ['x-cache', 'x-gateway-cache', 'x-entity-cache']) {
    const word = headers?.get(name)?.toLowerCase();
    const place = element(name);
    place.textContent = word ? (sources[word] ?? word) : 'not asked';
    place.className = !word
      ? 'unknown'
      : word === 'hit' || word === 'coalesced'
        ? 'hit'
        : word === 'error'
          ? 'error'
          : '';
  }
}

function showTimings(headers, total) {
  const timings = parseServerTiming(headers?.get('server-timing')).sort((a, b) => b.duration - a.duration);
  const longest = Math.max(total, ...timings.map(({ duration }) => duration));
  const rows = [{ name: '', label: 'Your browser', layer: '', duration: total }];
  for (const { name, duration } of timings) {
    const [, layer, group] = layers.find(([pattern]) => pattern.test(name)) ?? [];
    const plain = group?.toLowerCase() === name;
    rows.push({ name, layer, duration, label: plain ? group : `${group} · ${name}` });
  }
  element('timings').replaceChildren(
    ...rows.map(({ label, layer, duration }) => {
      const row = make('li', layer);
      const track = make('span', 'track');
      const share = make('span', 'share');
      share.style.setProperty('--share', `${(duration / longest) * 100}%`);
      track.append(share);
      row.append(
        make('span', 'layer-name', label),
        make('span', 'duration', `${duration.toFixed(1)} ms`),
        track,
      );
      return row;
    }),
  );
  element('timing-note').hidden = timings.length === 0;
}

/** A place's attributes that are text, number or truth, as one line. */
function attributesOf(attributes) {
  const line = make('span', 'attributes');
  const shown = Object.entries(attributes ?? {}).filter(
    ([, value]) => value !== null && typeof value !== 'object',
  );
  for (const [index, [key, value]] of shown.slice(0, 5).entries()) {
    const text = typeof value === 'number' ? value.toLocaleString() : String(value);
    const pair = make('span', 'pair', `${key} `);
    pair.append(make('b', '', text));
    line.append(index ? ' · ' : '', pair);
  }
  return line;
}

function showPlaces(items) {
  const list = element('places');
  list.setAttribute('aria-busy', 'false');
  list.replaceChildren(
    ...items.map(({ name, version, attributes }) => {
      const row = make('li', '');
      row.append(
        make('span', 'name', name),
        make('span', 'version', `version ${version}`),
        attributesOf(attributes),
      );
      return row;
    }),
  );
}

function showMessage(title, text, kind = '') {
  const message = element('message');
  message.hidden = !title;
  message.className = `message ${kind}`;
  element('message-title').textContent = title;
  element('message-text').textContent = text;
}

/** What to tell a reader about an answer that is no list. */
async function failureOf(response) {
  const body = await response.json().catch(() => ({}));
  const reason = body.detail ?? body.title ?? body.message;
  if (response.status === 429) return 'This route’s throttle is reached. Wait a second and ask again.';
  if (response.status >= 500)
    return `${reason ?? 'A layer behind the edge does not answer.'} Ask again in a moment.`;
  return reason ?? 'The platform refused the request.';
}

async function ask() {
  if (asking) return;
  asking = true;
  button.setAttribute('aria-disabled', 'true');
  const begun = performance.now();
  try {
    const response = await fetch(address, {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      signal: AbortSignal.timeout(timeout),
    });
    const total = performance.now() - begun;
    element('status').textContent = `${response.status} in ${total.toFixed(1)} ms`;
    showSources(response.headers);
    showTimings(response.headers, total);
    if (!response.ok) {
      showPlaces([]);
      showMessage(`The answer is ${response.status}`, await failureOf(response), 'error');
      return;
    }
    const { items } = await response.json();
    showPlaces(items);
    if (items.length > 0) showMessage('', '');
    else showMessage('No places yet', 'Load some with strata load FILE.ndjson, then ask again.');
  } catch (error) {
    const late = error.name === 'TimeoutError';
    element('status').textContent = 'no answer';
    showSources();
    showTimings(undefined, performance.now() - begun);
    showPlaces([]);
    showMessage(
      late ? 'No answer within 5 s' : 'The edge cannot be reached',
      late
        ? 'Something behind the edge is slow. See strata status, then ask again.'
        : 'Is the platform up? Run strata up, then ask again.',
      'error',
    );
  } finally {
    asking = false;
    button.setAttribute('aria-disabled', 'false');
  }
}

button.addEventListener('click', ask);
ask();
