import * as x509 from '@peculiar/x509';

/** Names an authority may vouch for; all others are refused by whoever trusts it. */
export interface PermittedNames {
  /** A host name permits all below it too. */
  readonly hosts: readonly string[];
  /** IPv4 addresses, each with its mask. */
  readonly addresses: readonly { readonly address: string; readonly mask: string }[];
}

const oid = '2.5.29.30';
/** Context-specific tags of GeneralName (RFC 5280, section 4.2.1.6). */
const dnsName = 0x82;
const ipAddress = 0x87;
const sequence = 0x30;
/** permittedSubtrees (RFC 5280, section 4.2.1.10). */
const permitted = 0xa0;

/**
 * The critical extension that keeps an authority within some names, so that trusting it is no risk for any other site.
 * Its encoding is a few short elements (X.690), none of 128 bytes or more.
 */
export function nameConstraints({ hosts, addresses }: PermittedNames): x509.Extension {
  const subtrees = [
    ...hosts.map((name) => element(dnsName, Buffer.from(name, 'ascii'))),
    ...addresses.map(({ address, mask }) =>
      element(ipAddress, Buffer.from([...octets(address), ...octets(mask)])),
    ),
  ].map((name) => element(sequence, name));
  return new x509.Extension(oid, true, element(sequence, element(permitted, Buffer.concat(subtrees))));
}

function element(tag: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  if (content.length > 127) throw new RangeError('names that need a long form');
  return Uint8Array.of(tag, content.length, ...content);
}

function octets(address: string): number[] {
  return address.split('.').map(Number);
}
