import { text } from './terms.ts';

/**
 * A regular expression in the syntax of RE2, Envoy's, whose every match ends in time proportional to the text.
 * What RE2 does not have is refused as far as it can be told without RE2.
 * @see https://github.com/google/re2/wiki/Syntax
 */
export const regularExpression = text(1, 255).superRefine((expression, context) => {
  const lack = lackOf(expression);
  if (lack !== undefined) {
    const allowed = `a regular expression ${lack}`;
    context.addIssue({ code: 'custom', input: expression, message: allowed, params: { allowed } });
  }
});

function lackOf(expression: string): string | undefined {
  const construct = perlOnly(expression);
  if (construct !== undefined) return `without ${construct}, which RE2 does not have`;
  return isWellFormed(expression) ? undefined : 'whose brackets and repetitions are complete';
}

/** What an expression has that RE2 does not; undefined when there is nothing. Quoted text and classes mean themselves. */
export function perlOnly(expression: string): string | undefined {
  const outside = expression
    .replace(/\\Q[\s\S]*?(?:\\E|$)/g, '')
    .replace(/\[\^?\]?(?:\\[\s\S]|[^\]\\])*\]/g, '');
  const constructs = outside.replace(/\\\\/g, '');
  if (/\(\?(?:=|!|<=|<!)/.test(constructs)) return 'lookaround';
  if (/\\[1-9]|\\k[<{']|\(\?P=/.test(constructs)) return 'backreferences';
  if (/\(\?>|[*+?}]\+/.test(constructs)) return 'possessive matching';
  if (/\(\?(?:\(|R|\d|&)/.test(constructs)) return 'conditions or recursion';
  return undefined;
}

/** Whether brackets are balanced and repetitions have something to repeat: JavaScript's syntax is close enough. */
function isWellFormed(expression: string): boolean {
  const known = expression
    .replace(/\\Q[\s\S]*?(?:\\E|$)/g, 'q')
    .replace(/\(\?[imsU]*(?:-[imsU]+)?\)/g, '')
    .replace(/\(\?[imsU]*(?:-[imsU]+)?:/g, '(?:')
    .replaceAll('(?P<', '(?<');
  try {
    return new RegExp(known) instanceof RegExp;
  } catch {
    return false;
  }
}
