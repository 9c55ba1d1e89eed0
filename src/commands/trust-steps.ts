/** What to do in one place, one step a line; what stands in a line by itself can be pasted. */
export interface TrustSteps {
  readonly where: string;
  readonly trust: readonly string[];
  readonly undo: readonly string[];
}

/** The name under which stores keep it. */
const nickname = 'strata-pages';

/**
 * How an authority's certificate is trusted, and how that is undone.
 * @param file absolute path of the certificate
 * @param sha256 its fingerprint, bytes in hexadecimal with colons
 * @param pages where the pages are, such as https://app.localhost:8080
 */
export function trustSteps(file: string, sha256: string, pages: string): readonly TrustSteps[] {
  const path = quoted(file);
  const hash = sha256.replaceAll(':', '');
  return [
    {
      where: 'One command, nothing installed',
      trust: [`curl --cacert ${path} ${pages}/`, `NODE_EXTRA_CA_CERTS=${path} node your-program.js`],
      undo: ['Nothing to undo.'],
    },
    {
      where: 'Chrome and Chromium on Linux (package libnss3-tools)',
      trust: [`certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n ${nickname} -i ${path}`],
      undo: [`certutil -d sql:$HOME/.pki/nssdb -D -n ${nickname}`],
    },
    {
      where: 'Debian, Ubuntu: curl, wget and other programs of the system',
      trust: [
        `sudo cp ${path} /usr/local/share/ca-certificates/${nickname}.crt && sudo update-ca-certificates`,
      ],
      undo: [
        `sudo rm /usr/local/share/ca-certificates/${nickname}.crt && sudo update-ca-certificates --fresh`,
      ],
    },
    {
      where: 'Fedora, RHEL: curl, wget and other programs of the system',
      trust: [`sudo cp ${path} /etc/pki/ca-trust/source/anchors/${nickname}.pem && sudo update-ca-trust`],
      undo: [`sudo rm /etc/pki/ca-trust/source/anchors/${nickname}.pem && sudo update-ca-trust`],
    },
    {
      where: 'Firefox, everywhere',
      trust: [
        `Settings, Privacy & Security, View Certificates, Authorities, Import: ${file}`,
        'Tick "Trust this CA to identify websites" only.',
      ],
      undo: ['The same list: select it, then Delete or Distrust.'],
    },
    {
      where: 'macOS: Safari, Chrome',
      trust: [`security add-trusted-cert -p ssl -k ~/Library/Keychains/login.keychain-db ${path}`],
      undo: [
        `security remove-trusted-cert ${path}; security delete-certificate -Z ${hash} ~/Library/Keychains/login.keychain-db`,
      ],
    },
    {
      where: 'Windows: Edge, Chrome (Strata under WSL: copy the file over first)',
      trust: ['certutil -user -addstore Root authority.pem'],
      undo: ['certutil -user -delstore Root "Strata pages on this machine"'],
    },
  ];
}

/** A path as one word of a shell. */
function quoted(path: string): string {
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
