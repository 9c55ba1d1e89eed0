import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { StrataError } from '../kernel/errors.ts';
import { pagesAuthorityFile } from '../targets/local/pages-certificate.ts';
import { defaultPortBase } from '../targets/local/ports.ts';
import { readRun } from '../targets/local/run.ts';
import { project } from './project.ts';
import { type TrustSteps, trustSteps } from './trust-steps.ts';

/** The pages of a platform that was started without `--port-base`. */
const usualAddress = `https://app.localhost:${defaultPortBase}`;

/** What `strata trust --json` prints. */
interface Trust {
  readonly certificate: string;
  /** SHA-256 of the certificate, as tools and browsers show it. */
  readonly sha256: string;
  readonly subject: string;
  readonly validTo: string;
  readonly permitted: readonly string[];
  readonly steps: readonly TrustSteps[];
}

/** `strata trust`: how to have the pages' certificate trusted. It changes nothing itself. */
export function trustCommand(): Command {
  return new Command('trust')
    .description("how to trust the certificate of the platform's pages; changes nothing itself")
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  strata trust')
    .action(({ json }: { json?: boolean }) => {
      const trust = describeTrust();
      process.stdout.write(json ? `${JSON.stringify(trust)}\n` : pageOf(trust));
    });
}

function describeTrust(): Trust {
  const certificate = pagesAuthorityFile(project);
  const { fingerprint256, subject, validToDate } = readAuthority(certificate);
  return {
    certificate,
    sha256: fingerprint256,
    subject: subject.replace(/^CN=/, ''),
    validTo: validToDate.toISOString(),
    permitted: ['localhost', '*.localhost', '127.0.0.0/8'],
    steps: trustSteps(certificate, fingerprint256, pagesAddress()),
  };
}

/** Where the pages are, or were when the platform last ran. */
function pagesAddress(): string {
  return readRun(project)?.urls.pages ?? usualAddress;
}

/** @throws StrataError authority-missing */
function readAuthority(file: string): X509Certificate {
  try {
    return new X509Certificate(readFileSync(file));
  } catch (error) {
    throw new StrataError('authority-missing', {}, { cause: error });
  }
}

function pageOf({ certificate, sha256, subject, validTo, permitted, steps }: Trust): string {
  const head = [
    `${subject}`,
    `  certificate  ${certificate}`,
    `  SHA-256      ${sha256}`,
    `  valid to     ${validTo.slice(0, 10)}`,
    `  vouches for  ${permitted.join(', ')}, and for no other site`,
    '',
    'Compare the SHA-256 where you are shown one. Nothing has been changed; to trust it, do one of these:',
  ];
  const parts = steps.flatMap(({ where, trust, undo }) => [
    '',
    where,
    ...trust.map((line) => `  trust  ${line}`),
    ...undo.map((line) => `  undo   ${line}`),
  ]);
  return `${[...head, ...parts].join('\n')}\n`;
}
