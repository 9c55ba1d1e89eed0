import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { load } from '../../src/commands/load.ts';
import { openDatabase } from '../../src/data/relational/connection.ts';
import { type LoadSettings, loadEntities } from '../../src/data/relational/load/load.ts';
import { migrate } from '../../src/data/relational/migrate.ts';
import { createRelay } from '../../src/data/relational/relay.ts';
import { loadSample } from '../../src/data/sample/sample.ts';
import { startPostgres, temporaryFolder } from '../engines.ts';
import { eventually } from '../eventually.ts';

const engine = await startPostgres({ after });
const folder = await temporaryFolder({ after });

describe('a load', () => {
  const { url } = engine;
  const sql = openDatabase({ url, connections: 2, name: 'test', statementTimeout: 5000 });
  let files = 0;

  before(() => migrate(url));
  after(() => sql.end());
  beforeEach(async () => {
    await sql`DELETE FROM entities`;
    await sql`DELETE FROM entity_tombstones`;
    await sql`DELETE FROM outbox`;
  });

  async function fileOf(content: string | Buffer): Promise<string> {
    files += 1;
    const file = join(folder, `${files}.ndjson`);
    await writeFile(file, content);
    return file;
  }
  const numbered = (count: number) =>
    Array.from({ length: count }, (_, index) => `{"name":"Place ${index + 1}"}\n`).join('');
  async function stored(): Promise<{ name: string; attributes: unknown; version: string }[]> {
    return sql`SELECT name, attributes, version FROM entities ORDER BY name`;
  }
  const loading = (file: string, settings: Partial<LoadSettings> = {}) =>
    loadEntities({ url, file, ...settings });

  test('stores every line, and the same file again changes nothing', async () => {
    const file = await fileOf(numbered(2500));
    const first = await loading(file);
    const { loaded, unchanged, bad, finished } = first;
    assert.deepEqual(
      { loaded, unchanged, bad, finished },
      { loaded: 2500, unchanged: 0, bad: 0, finished: true },
    );
    const again = await loading(file);
    assert.deepEqual([again.loaded, again.unchanged, again.resumedAfter], [0, 2500, 0]);
    assert.deepEqual([...new Set((await stored()).map(({ version }) => version))], ['1']);
  });

  test('changes what is different, and only that', async () => {
    const id = '0197a7a0-0000-7000-8000-000000000001';
    await loading(await fileOf(`{"id":"${id}","name":"Old"}\n{"name":"Other"}`));
    const result = await loading(await fileOf(`{"id":"${id.toUpperCase()}","name":"New"}\n{"name":"Other"}`));
    assert.deepEqual([result.loaded, result.unchanged], [1, 1]);
    assert.deepEqual(
      (await stored()).map(({ name, version }) => [name, version]),
      [
        ['New', '2'],
        ['Other', '1'],
      ],
    );
  });

  test('keeps lines that are alike apart, and takes the last of those with one id', async () => {
    const id = '0197a7a0-0000-7000-8000-000000000002';
    await loading(
      await fileOf(`{"name":"Twin"}\n{"name":"Twin"}\n{"id":"${id}","name":"A"}\n{"id":"${id}","name":"B"}`),
    );
    assert.deepEqual(
      (await stored()).map(({ name }) => name),
      ['B', 'Twin', 'Twin'],
    );
  });

  test('reads what the entity API shows, CRLF, blank lines, a byte order mark and a last line without its end', async () => {
    const shown =
      '{"name":"Shown","createdAt":"2020-01-01T00:00:00Z","updatedAt":"","version":7,"attributes":{"a":[1]}}';
    const result = await loading(await fileOf(`\ufeff${shown}\r\n\r\n{"name":"Last 𝄞"}`));
    assert.deepEqual([result.loaded, result.bad], [2, 0]);
    assert.deepEqual((await stored())[1], { name: 'Shown', attributes: { a: [1] }, version: '1' });
  });

  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;
  const badLines: [string, string | Buffer, RegExp][] = [
    ['no JSON', '{"name":"x"', /not JSON/],
    ['no object', '["x"]', /not a JSON object/],
    ['no name', '{"attributes":{}}', /name is missing/],
    ['a name that is no string', '{"name":1}', /name must be a string/],
    ['an empty name', '{"name":""}', /name must not be empty/],
    ['a name of 256 characters', `{"name":"${'𝄞'.repeat(256)}"}`, /name must not be longer/],
    ['a NUL in the name', '{"name":"a\\u0000"}', /name must not contain a NUL/],
    ['a lone surrogate in the name', '{"name":"\\ud800"}', /name must not contain a lone surrogate/],
    ['an id that is no UUID', '{"id":"7","name":"x"}', /id must be a UUID/],
    ['an unknown field', '{"name":"x","nmae":"y"}', /unknown field "nmae"/],
    ['attributes that are no object', '{"name":"x","attributes":[]}', /attributes must be an object/],
    ['attributes too deep', `{"name":"x","attributes":${deep(31)}}`, /nested deeper than 30/],
    ['attributes of hostile depth', `{"name":"x","attributes":${deep(50_000)}}`, /nested deeper than 30/],
    [
      'attributes too large',
      `{"name":"x","attributes":{"a":"${'x'.repeat(262_144)}"}}`,
      /larger than 262144 bytes/,
    ],
    ['a NUL in a key', '{"name":"x","attributes":{"a\\u0000":1}}', /key must not contain a NUL/],
    [
      'a lone surrogate deep inside',
      '{"name":"x","attributes":{"a":[{"b/":"\\udc00"}]}}',
      /\/attributes\/a\/0\/b~1 /,
    ],
    [
      'a number beyond double precision',
      '{"name":"x","attributes":{"a":1e999}}',
      /attributes\/a must be a number/,
    ],
    [
      'a line too long',
      `{"name":"x","attributes":{"a":"${'x'.repeat(1_100_000)}"}}`,
      /longer than 1048576 bytes/,
    ],
    ['no UTF-8', Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), /not UTF-8/],
  ];

  test('reports each bad line by its number and reason, and loads the rest', async () => {
    const parts = badLines.flatMap(([, line], index) => [
      Buffer.from(line),
      Buffer.from(`\n{"name":"Good ${index}","attributes":${deep(30)}}\n`),
    ]);
    const told: [number, string][] = [];
    const result = await loading(await fileOf(Buffer.concat(parts)), {
      onBadLine: (line, reason) => told.push([line, reason]),
    });
    assert.deepEqual([result.loaded, result.bad], [badLines.length, badLines.length]);
    for (const [index, [what, , reason]] of badLines.entries()) {
      assert.equal(told[index]?.[0], 2 * index + 1, what);
      assert.match(told[index]?.[1] ?? '', reason, what);
    }
  });

  test('an interrupted load goes on where it was, with all counts, and stores nothing twice', async () => {
    const file = await fileOf(`${numbered(30)}bad\n${numbered(70)}`);
    const interruption = new AbortController();
    const first = await loading(file, {
      batch: 10,
      signal: interruption.signal,
      onProgress: ({ line }) => line >= 40 && interruption.abort(),
    });
    assert.deepEqual([first.finished, first.line, first.bad], [false, 40, 1]);
    const lines: number[] = [];
    const rest = await loading(file, { batch: 10, onProgress: ({ line }) => lines.push(line) });
    const { finished, resumedAfter, loaded, bad } = rest;
    assert.deepEqual(
      { finished, resumedAfter, loaded, bad },
      { finished: true, resumedAfter: 40, loaded: 100, bad: 1 },
    );
    assert.equal(lines[0], 40);
    assert.equal((await stored()).length, 100);
    assert.deepEqual(await sql`SELECT * FROM loads`, Object.assign([], { count: 0 }));
  });

  test('a load whose database is killed in the middle is finished by the next one', async () => {
    const file = await fileOf(numbered(5000));
    let killed = false;
    const interrupted = loading(file, {
      batch: 100,
      onProgress: ({ line }) => {
        if (line < 1000 || killed) return;
        killed = true;
        engine.kill();
      },
    });
    await assert.rejects(interrupted, { code: 'database-unavailable' });
    await engine.restart();
    const rest = await eventually(() => loading(file));
    assert.ok(rest.resumedAfter >= 1000);
    assert.deepEqual([rest.loaded, rest.unchanged], [5000, 0]);
  });

  test('waits for delivery when it is too far ahead, but not for one that does not move', async (context) => {
    const file = await fileOf(numbered(300));
    const pace = { ahead: 100, patience: 200 };
    const waits: number[] = [];
    const result = await loading(file, {
      batch: 50,
      pace,
      onProgress: ({ pending }) => pending && waits.push(pending),
    });
    assert.equal(result.finished, true);
    assert.ok(waits.length > 0, 'it waited');
    let delivered = 0;
    const deliver = async (changes: readonly unknown[]) => {
      delivered += changes.length;
    };
    const relay = createRelay({ url, deliver, invalidate: async () => {} });
    relay.start();
    context.after(() => relay.stop());
    await eventually(() => assert.equal(delivered, 300));
    await loading(await fileOf(`\n${numbered(300)}`), { batch: 50, pace: { ahead: 100, patience: 60_000 } });
    assert.ok(delivered >= 500, 'no more than 100 were left');
  });

  test('a file that cannot be read is told', async () => {
    await assert.rejects(loading(join(folder, 'none')), { code: 'file-unreadable' });
    await assert.rejects(loading(folder), { code: 'file-unreadable' });
  });

  test('the command tells bad lines and a summary, and its exit code whether all lines were loaded', async () => {
    const run = async (content: string, signal = new AbortController().signal) => {
      const written = { stdout: '', stderr: '' };
      const output = (name: 'stdout' | 'stderr') => ({ write: (text: string) => (written[name] += text) });
      const code = await load({
        url,
        file: await fileOf(content),
        signal,
        stdout: output('stdout'),
        stderr: output('stderr'),
      });
      return { code, ...written };
    };
    const good = await run(numbered(3));
    assert.deepEqual([good.code, good.stderr], [0, '']);
    assert.match(good.stdout, /^loaded 3, unchanged 0, bad 0 in \d+\.\d s\n$/);
    const bad = await run(`{"name":"Good"}\n${'bad\n'.repeat(150)}`);
    assert.equal(bad.code, 1);
    assert.match(bad.stdout, /^loaded 1, unchanged 0, bad 150 in/);
    assert.match(bad.stderr, /^line 2: not JSON\nline 3: not JSON\n/);
    assert.match(bad.stderr, /line 101: not JSON\nand 50 more bad lines\n$/);
    const stopped = await run(numbered(5), AbortSignal.abort());
    assert.equal(stopped.code, 1);
    assert.match(stopped.stdout, /stopped after line 0; run strata load ".+" again/);
  });

  test('the sample is a thousand places, loaded once', async () => {
    assert.equal(await loadSample(url), 1000);
    assert.equal(await loadSample(url), 0);
    const [places] = await sql<[{ names: number; capitals: number }]>`
      SELECT count(DISTINCT name)::int AS names, (count(*) FILTER (WHERE attributes @> '{"static": true}'))::int AS capitals
      FROM entities WHERE attributes ? 'population' AND attributes->'location' ? 'latitude'`;
    assert.ok(places.names > 900 && places.capitals > 50);
    await sql`DELETE FROM entities`;
    assert.equal(await loadSample(url), 0, 'what was deleted does not come back');
  });
});
