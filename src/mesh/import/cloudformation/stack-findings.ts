import type { Finding } from '../found-resource.ts';
import type { Stack } from './scope.ts';

/** Where a value is only the ARN of a certificate: its files are given to the proxy whatever it is. */
const certificateArn = /\.Certificate(Arn|AuthorityArns)\b/;

/** What to tell about one template: each thing once, however many resources it concerns. */
export function stackFindings(stack: Stack, findings: readonly Finding[]): Finding[] {
  const judged = findings.map((finding) =>
    certificateArn.test(finding.origin.path) ? unneeded(finding) : finding,
  );
  const groups = Map.groupBy(judged, ({ severity, code, message }) =>
    JSON.stringify([severity, code, message]),
  );
  return [...groups.values()].flatMap(merged).concat(referenceNote(stack), macroFindings(stack));
}

function unneeded(finding: Finding): Finding {
  const { remedy: _, ...rest } = finding;
  const message = `${finding.message}; the proxy reads this certificate from a file, so it is not needed`;
  return { ...rest, severity: 'note', code: 'value-unneeded', message };
}

function merged([first, ...others]: readonly Finding[]): Finding[] {
  if (first === undefined) return [];
  const lines = new Set(others.map(({ origin }) => origin.line).filter((line) => line !== first.origin.line));
  if (lines.size === 0) return [first];
  const shown =
    lines.size > 5
      ? `${[...lines].slice(0, 5).join(', ')} and ${lines.size - 5} more`
      : [...lines].join(', ');
  return [
    { ...first, message: `${first.message} (also on ${lines.size === 1 ? 'line' : 'lines'} ${shown})` },
  ];
}

function referenceNote({ namedByRef }: Stack): Finding[] {
  const [first] = namedByRef.values();
  if (first === undefined) return [];
  const ids = [...namedByRef.keys()];
  const shown = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
  return [
    {
      severity: 'note',
      code: 'reference-as-name',
      message: `Ref of ${shown} gives an id, not a name; the name is taken, because it is meant`,
      origin: first,
    },
  ];
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/transform-reference.html */
const harmlessMacros = new Set([
  'AWS::Serverless-2016-10-31',
  'AWS::LanguageExtensions',
  'AWS::CodeDeployBlueGreen',
]);

function macroFindings({ template }: Stack): Finding[] {
  const path = ['Transform'];
  return template.transforms
    .filter((macro) => !harmlessMacros.has(macro))
    .map((macro) => ({
      severity: 'warning',
      code: 'macro-unresolved',
      message: `the macro ${macro} changes this template at deployment, and what it changes is not seen here`,
      origin: template.document.locate(path),
      remedy: 'If it makes or changes App Mesh resources, give the template as it was deployed.',
    }));
}
