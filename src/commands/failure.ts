import { debuglog, styleText } from 'node:util';
import { CommanderError } from 'commander';
import { describe } from '../model/mistake.ts';
import { ControlFailure } from '../targets/local/control.ts';
import { lineOf } from '../targets/local/error-line.ts';
import { BlueprintInvalid } from './project.ts';

/** What the command line was given makes no sense; exit code 2. */
export class UsageError extends Error {}

/** Stacks are for those who ask for them with NODE_DEBUG=strata. */
const debug = debuglog('strata');

/** Tells a person what failed: one line, after all mistakes when it is the blueprint. @returns the exit code */
export function reportFailure(error: unknown): number {
  // Commander has written its own line already, and asks for help or the version to be no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof BlueprintInvalid) {
    for (const mistake of error.mistakes)
      process.stderr.write(`  ${describe(mistake).replaceAll('\n', '\n  ')}\n`);
  }
  const line = messageOf(error);
  process.stderr.write(`${failureMark()} ${line}\n`);
  debug('%o', error);
  return error instanceof UsageError ? 2 : 1;
}

function messageOf(error: unknown): string {
  if (error instanceof UsageError) return usageLine(error.message);
  // The supervisor made this line.
  if (error instanceof ControlFailure) return error.message;
  return lineOf(error);
}

/** One line about wrong usage. */
export function usageLine(message: string): string {
  const reason = message
    .replace(/^error: /, '')
    .trim()
    .replace(/\.$/, '')
    .replaceAll('\n', ' ');
  return `strata: ${reason}. See strata help.`;
}

/** The mark in front of a failure. */
export function failureMark(): string {
  return styleText('red', '✗', { stream: process.stderr });
}
