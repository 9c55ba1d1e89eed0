import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { cacheControlOf } from './cache-control.ts';
import { contentTypeOf } from './content-type.ts';
import { errorAnswer } from './error-answer.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { Origin } from './gateway-origin.ts';
import { preconditionStatus, rangeApplies } from './preconditions.ts';
import { parseRange } from './range.ts';
import { pathOf } from './request-target.ts';
import { filePathOf } from './static-path.ts';

/** The files of a folder as an origin, as a bucket with a distribution in front answers. */
export function createStaticOrigin(folder: string): Origin {
  return {
    async fetch(exchange) {
      const { method, url = '/', headers } = exchange.request;
      if (method !== 'GET' && method !== 'HEAD') {
        exchange.cache = 'error';
        return errorAnswer(403, 'Only cacheable requests (GET and HEAD) are served here.');
      }
      exchange.cache = 'miss';
      const path = filePathOf(pathOf(url));
      const file = path === undefined ? undefined : await openFile(folder, path);
      if (path !== undefined && file) return answerFile(file, { path, method, headers });
      exchange.cache = 'error';
      return notFound(folder, method);
    },
    async close() {},
  };
}

type FileRequest = { path: string } & Pick<Exchange['request'], 'headers' | 'method'>;

async function answerFile(file: FileHandle, { path, method, headers }: FileRequest): Promise<Answer> {
  try {
    const { size, mtimeMs, mtimeNs } = await statOf(file);
    const etag = `"${mtimeNs.toString(36)}-${size.toString(36)}"`;
    const validators = { etag, modified: mtimeMs };
    const common = {
      etag,
      'last-modified': new Date(mtimeMs).toUTCString(),
      'cache-control': cacheControlOf(path),
    };
    const status = preconditionStatus(headers, validators);
    if (status === 304) return await closed(file, { status, headers: common });
    if (status === 412)
      return await closed(file, errorAnswer(412, 'The file is not as the request assumes.'));

    const field = method === 'GET' && rangeApplies(headers, validators) ? headers.range : undefined;
    const range = parseRange(field, size);
    if (range === 'unsatisfiable') {
      const answer = errorAnswer(416, 'The file has no such range.', { 'content-range': `bytes */${size}` });
      return await closed(file, answer);
    }
    const { first, last } = range ?? { first: 0, last: size - 1 };
    const answer = {
      status: range ? 206 : 200,
      headers: {
        ...common,
        'accept-ranges': 'bytes',
        'content-type': contentTypeOf(path),
        'content-length': String(last - first + 1),
        ...(range ? { 'content-range': `bytes ${first}-${last}/${size}` } : {}),
      },
    };
    if (method === 'HEAD' || size === 0) return await closed(file, answer);
    return { ...answer, body: file.createReadStream({ start: first, end: last }) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function notFound(folder: string, method: string): Promise<Answer> {
  const page = await openFile(folder, '404.html');
  if (!page) return errorAnswer(404, 'There is nothing here.');
  try {
    const body = await page.readFile();
    const headers = {
      'content-type': contentTypeOf('404.html'),
      'content-length': String(body.length),
      'cache-control': 'no-store',
    };
    return method === 'HEAD' ? { status: 404, headers } : { status: 404, headers, body };
  } finally {
    await page.close();
  }
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

async function closed(file: FileHandle, answer: Answer): Promise<Answer> {
  await file.close();
  return answer;
}
