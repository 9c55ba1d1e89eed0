import type { ClientPolicy } from '../model/mesh/client-policy.ts';
import type { NodeListener } from '../model/mesh/listener.ts';
import type { ListenerTls } from '../model/mesh/tls.ts';
import { defaults } from './defaults.ts';
import type { ClientTls, ServerTls } from './proxy-model.ts';
import type { SecretRegistry } from './secret-registry.ts';

/** TLS of a listener; undefined when it speaks plainly. */
export function serverTls(tls: ListenerTls | undefined, secrets: SecretRegistry): ServerTls | undefined {
  if (!tls || tls.mode === 'DISABLED') return undefined;
  const { trust, subjectAlternativeNames } = tls.validation ?? {};
  return {
    mode: tls.mode,
    certificate: secrets.certificate(tls.certificate),
    validation: trust && {
      trust: secrets.trust(trust),
      names: subjectAlternativeNames?.match.exact,
    },
  };
}

/** What a caller's TLS depends on. */
interface Call {
  readonly policy: ClientPolicy | undefined;
  readonly listener: NodeListener;
  /** The name the node is discovered by; a certificate must carry it where the policy names no other. */
  readonly hostname: string | undefined;
  /** The SPIFFE id of the node, when its mesh has a trust domain. */
  readonly identity: string | undefined;
}

/**
 * TLS towards a node's listener. A policy that is enforced for its port decides; else the listener does: what it
 * speaks is spoken, checked as a policy that is not enforced says, by the authorities of a certificate of ACM's,
 * or not at all.
 * @see https://docs.aws.amazon.com/app-mesh/latest/userguide/tls.html#envoy-configuration-tls
 */
export function clientTls(call: Call, secrets: SecretRegistry): ClientTls | undefined {
  const { listener, hostname } = call;
  const policy = policyFor(call);
  const server = listener.tls?.mode === 'DISABLED' ? undefined : listener.tls;
  if (!server && !(policy && (policy.enforce ?? defaults.enforceTls))) return undefined;
  if (policy) {
    const { trust, subjectAlternativeNames } = policy.validation;
    return {
      serverName: hostname,
      certificate: policy.certificate && secrets.certificate(policy.certificate),
      validation: {
        trust: secrets.trust(trust),
        names: acceptedNames(subjectAlternativeNames?.match.exact, call),
      },
    };
  }
  const arn = server?.certificate.acm?.certificateArn;
  const names = hostname === undefined ? undefined : [hostname];
  const validation = arn === undefined ? undefined : { trust: secrets.authoritiesOf(arn), names };
  return { serverName: hostname, certificate: undefined, validation };
}

function policyFor({ policy, listener }: Call): NonNullable<ClientPolicy['tls']> | undefined {
  const tls = policy?.tls;
  const { port } = listener.portMapping;
  return tls && (!tls.ports || tls.ports.length === 0 || tls.ports.includes(port)) ? tls : undefined;
}

/** The one SPIFFE id that is meant, when the list has it: a policy of a service is for all nodes behind it. */
function acceptedNames(
  names: readonly string[] | undefined,
  { hostname, identity }: Call,
): readonly string[] | undefined {
  if (!names) return hostname === undefined ? undefined : [hostname];
  return identity !== undefined && names.includes(identity) ? [identity] : names;
}
