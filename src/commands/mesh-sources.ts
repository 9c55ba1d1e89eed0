import { closeSync, type Dirent, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../mesh/import/found-resource.ts';
import { importLimits } from '../mesh/import/limits.ts';
import type { SourceFile } from '../mesh/import/source.ts';

/** The texts of files and folders, and what of them could not be read. */
export interface ReadSources {
  readonly sources: readonly SourceFile[];
  readonly findings: readonly Finding[];
}

/** Names of files in a folder that may be App Mesh documents. */
const documentName = /\.(ya?ml|json|jsonc|template|tmpl|tpl|cfn)$/i;

/** Folders that hold other people's files. */
const skippedFolder = /^(\.|node_modules$)/;

interface Reading {
  readonly sources: SourceFile[];
  readonly findings: Finding[];
  bytes: number;
}

/**
 * Reads files, and the documents in folders, in their order and by name, within the importer's limits. A file that
 * was named has to be readable; one that was only found in a folder is passed over when it is no text.
 */
export function readSources(paths: readonly string[]): ReadSources {
  const reading: Reading = { sources: [], findings: [], bytes: 0 };
  for (const path of paths) readPath(path, reading);
  return reading;
}

function readPath(path: string, reading: Reading): void {
  try {
    const status = statSync(path);
    if (status.isDirectory()) readFolder(path, 1, reading);
    else if (status.isFile()) readFile(path, true, reading);
    else refuse(reading, path, 'file-unreadable', 'this is neither a file nor a folder');
  } catch (error) {
    refuse(reading, path, 'file-unreadable', `this cannot be read (${reasonOf(error)})`);
  }
}

function readFolder(folder: string, depth: number, reading: Reading): void {
  if (depth > importLimits.folderDepth) {
    const message = `the folders are more than ${importLimits.folderDepth} levels deep`;
    refuse(reading, folder, 'folders-too-deep', message);
    return;
  }
  const entries = readdirSync(folder, { withFileTypes: true });
  for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!skippedFolder.test(entry.name)) readFolder(path, depth + 1, reading);
    } else if (documentName.test(entry.name) && isFile(entry, path)) {
      readFile(path, false, reading);
    }
  }
}

/** A link to a folder is not followed: it may lead back here. */
function isFile(entry: Dirent, path: string): boolean {
  if (!entry.isSymbolicLink()) return entry.isFile();
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function readFile(path: string, named: boolean, reading: Reading): void {
  if (reading.sources.length >= importLimits.files || reading.bytes >= importLimits.totalBytes) {
    if (reading.findings.at(-1)?.code === 'too-many-files') return;
    const { files, totalBytes } = importLimits;
    const message = `from here on nothing is read: ${files} files or ${totalBytes / 1024 ** 2} MiB are the most at a time`;
    refuse(reading, path, 'too-many-files', message);
    return;
  }
  try {
    const bytes = firstBytes(path, importLimits.fileBytes + 1);
    reading.bytes += bytes.length;
    reading.sources.push({ file: path, text: textOf(bytes), ...(named ? {} : { incidental: true }) });
  } catch (error) {
    refuse(reading, path, 'file-unreadable', `this cannot be read (${reasonOf(error)})`);
  }
}

/** One byte more than the importer takes is enough to know that a file is too large. */
function firstBytes(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(most);
    let length = 0;
    for (let read = -1; read !== 0 && length < most; length += read) {
      read = readSync(file, buffer, length, most - length, length);
    }
    return buffer.subarray(0, length);
  } finally {
    closeSync(file);
  }
}

/** What is no UTF-8 becomes text the importer refuses as binary. */
function textOf(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // A file that was cut off may end inside a character.
    return bytes.length > importLimits.fileBytes ? bytes.toString('latin1') : '\0';
  }
}

function refuse(reading: Reading, file: string, code: string, message: string): void {
  reading.findings.push({ severity: 'error', code, message, origin: { file, line: 1, path: '' } });
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
