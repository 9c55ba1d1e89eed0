import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { STATUS_CODES } from 'node:http';
import { join, sep } from 'node:path';
import { Readable } from 'node:stream';
import { isAssumptionWrong, isNotModified, rangeCounts } from './cache/conditions.ts';
import { type FieldLines, fieldValue } from './cache/fields.ts';
import type { OriginAnswer } from './cache/message.ts';
import { contentRange, parseRange, resolveRange } from './cache/range.ts';
import { cacheControlOf } from './cache-control.ts';
import { contentTypeOf } from './content-type.ts';
import { errorAnswer } from './error-answer.ts';
import type { Origin } from './origin.ts';
import { pathOf } from './request-target.ts';
import { filePathOf } from './static-path.ts';

/** The files of a folder as an origin, as a bucket with a distribution in front answers. */
export function createStaticOrigin(folder: string): Origin {
  return {
    async fetch({ method, target, headers }) {
      if (method !== 'GET' && method !== 'HEAD') {
        return answer(405, ['allow', 'GET, HEAD', 'cache-control', 'no-store']);
      }
      const path = filePathOf(pathOf(target));
      const file = path === undefined ? undefined : await openFile(folder, path);
      if (path !== undefined && file) return answerFile(file, { path, method, headers });
      return notFound(folder);
    },
    close() {},
  };
}

async function answerFile(
  file: FileHandle,
  { path, method, headers }: { path: string; method: string; headers: FieldLines },
): Promise<OriginAnswer> {
  try {
    const { size, mtimeMs, mtimeNs } = await statOf(file);
    const now = Date.now();
    const etag = `"${mtimeNs.toString(36)}-${size.toString(36)}"`;
    const modified = new Date(mtimeMs).toUTCString();
    const common = ['date', new Date(now).toUTCString(), 'etag', etag, 'last-modified', modified];
    const validated = { headers: common, responseTime: now };
    common.push('cache-control', cacheControlOf(path));
    if (isAssumptionWrong(headers, validated)) return await closed(file, 412, ['cache-control', 'no-store']);
    if (isNotModified(headers, validated)) return await closed(file, 304, common);

    const field =
      method === 'GET' && rangeCounts(headers, validated) ? fieldValue(headers, 'range') : undefined;
    const specifier = field === undefined ? 'other' : parseRange(field);
    const range = specifier === 'other' ? undefined : resolveRange(specifier, size);
    if (range === 'unsatisfiable') {
      return await closed(file, 416, ['content-range', `bytes */${size}`, 'cache-control', 'no-store']);
    }
    const { first, last } = range ?? { first: 0, last: size - 1 };
    const fields = [...common, 'accept-ranges', 'bytes', 'content-type', contentTypeOf(path)];
    fields.push('content-length', String(last - first + 1));
    if (range) fields.push('content-range', contentRange(range, size));
    const status = range ? 206 : 200;
    if (method === 'HEAD' || size === 0) return await closed(file, status, fields);
    return answer(status, fields, file.createReadStream({ start: first, end: last }));
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** The folder's own page for what is not there. */
async function notFound(folder: string): Promise<OriginAnswer> {
  const page = await openFile(folder, '404.html');
  if (!page) return textAnswer(404, 'There is nothing here.');
  const { size } = await statOf(page);
  const fields = ['content-type', contentTypeOf('404.html'), 'content-length', String(size)];
  return answer(404, [...fields, 'cache-control', 'no-store'], page.createReadStream());
}

function textAnswer(status: number, message: string): OriginAnswer {
  const { headers, body } = errorAnswer(status, message);
  return answer(status, headers, Readable.from([body]));
}

function answer(status: number, headers: FieldLines, body: Readable = Readable.from([])): OriginAnswer {
  return { status, reason: STATUS_CODES[status] ?? '', headers, body };
}

/** Opens a regular file below the folder; undefined when there is none, or a link leads out of the folder. */
async function openFile(folder: string, path: string): Promise<FileHandle | undefined> {
  try {
    const root = await realpath(folder);
    const target = await realpath(join(root, path));
    if (!target.startsWith(root + sep)) return undefined;
    const file = await open(target, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await file.stat()).isFile()) return file;
    await file.close();
    return undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && absent.has(String(error.code))) return undefined;
    throw error;
  }
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES', 'EISDIR', 'ENXIO']);

async function statOf(file: FileHandle): Promise<{ size: number; mtimeMs: number; mtimeNs: bigint }> {
  const { size, mtimeNs } = await file.stat({ bigint: true });
  return { size: Number(size), mtimeMs: Number(mtimeNs / 1_000_000n), mtimeNs };
}

async function closed(file: FileHandle, status: number, headers: FieldLines): Promise<OriginAnswer> {
  await file.close();
  const length = status === 412 || status === 416 ? ['content-length', '0'] : [];
  return answer(status, [...headers, ...length]);
}
