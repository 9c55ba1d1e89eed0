import type { ClientPolicy } from '../model/mesh/client-policy.ts';
import type { ListenerTls } from '../model/mesh/tls.ts';
import type { AuthorityFiles, CertificateFiles, ProxyEnvironment, SecretName } from './environment.ts';
import type { Secret } from './proxy-model.ts';

/** A certificate in App Mesh's terms: a listener's or a caller's. */
export type CertificateReference = ListenerTls['certificate'];

/** Whom App Mesh trusts: a caller or a listener. */
export type TrustReference = NonNullable<ClientPolicy['tls']>['validation']['trust'];

/** Says what the environment lacks: where it should stand, and what. */
export type Lack = (path: readonly PropertyKey[], allowed: string) => void;

/** The secrets a proxy reads, gathered while its parts are resolved. Each method returns the secret's name. */
export interface SecretRegistry {
  certificate(reference: CertificateReference): string;
  trust(reference: TrustReference): string;
  /** The authorities of a certificate of ACM's, when the environment knows them. */
  authoritiesOf(certificateArn: string): string;
  all(): Secret[];
}

/** A registry for one proxy. What the environment lacks is told and stands for a secret without a source. */
export function secretRegistry(environment: ProxyEnvironment, lack: Lack): SecretRegistry {
  const secrets = new Map<string, Secret>();
  const add = (name: string, kind: Secret['kind'], source: Omit<Secret, 'name' | 'kind'>): string => {
    if (!secrets.has(name)) secrets.set(name, { name, kind, ...source });
    return name;
  };
  const discovered = (name: string, kind: Secret['kind']): string => {
    const { secrets: source } = environment;
    if (source?.kind === 'socket') return add(name, kind, { files: undefined, socket: source.path });
    const files = source?.secrets[name];
    const fits = kind === 'certificate' ? files && 'privateKey' in files : files && 'authorities' in files;
    if (!fits) {
      lack(
        ['secrets', name],
        source ? `files of ${kinds[kind]}` : 'files, or the socket of a secret service',
      );
    }
    return add(name, kind, { files, socket: undefined });
  };
  const mapped = (
    table: 'certificates' | 'authorities',
    arn: string,
    kind: Secret['kind'],
    known: CertificateFiles | AuthorityFiles | SecretName | undefined,
  ): string => {
    if (known && 'secretName' in known) return discovered(known.secretName, kind);
    if (!known) lack([table, arn], `what stands for it: files of ${kinds[kind]}, or the name of a secret`);
    return add(`${table}:${arn}`, kind, { files: known, socket: undefined });
  };
  const authoritiesOf = (arn: string) =>
    mapped('authorities', arn, 'authorities', environment.authorities?.[arn]);
  return {
    certificate: ({ file, sds, ...reference }) => {
      if (file)
        return add(`certificate:${file.certificateChain}`, 'certificate', { files: file, socket: undefined });
      if (sds) return discovered(sds.secretName, 'certificate');
      const arn = reference.acm?.certificateArn ?? '';
      return mapped('certificates', arn, 'certificate', environment.certificates?.[arn]);
    },
    trust: ({ file, sds, acm }) => {
      if (sds) return discovered(sds.secretName, 'authorities');
      if (acm) return authoritiesOf(acm.certificateAuthorityArns[0] ?? '');
      const authorities = file?.certificateChain ?? '';
      return add(`trust:${authorities}`, 'authorities', { files: { authorities }, socket: undefined });
    },
    authoritiesOf,
    all: () => [...secrets.values()],
  };
}

const kinds = { certificate: 'a certificate and its key', authorities: 'the authorities to trust' } as const;
