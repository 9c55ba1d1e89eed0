import type { ResourceKind } from '../found-resource.ts';

/** Words of file names that say what is in the file. */
const kindWords: Readonly<Record<string, ResourceKind>> = {
  mesh: 'mesh',
  vn: 'virtualNode',
  node: 'virtualNode',
  virtualnode: 'virtualNode',
  vs: 'virtualService',
  vsvc: 'virtualService',
  service: 'virtualService',
  virtualservice: 'virtualService',
  vr: 'virtualRouter',
  router: 'virtualRouter',
  virtualrouter: 'virtualRouter',
  route: 'route',
  vg: 'virtualGateway',
  vgw: 'virtualGateway',
  gw: 'virtualGateway',
  gateway: 'virtualGateway',
  virtualgateway: 'virtualGateway',
  gr: 'gatewayRoute',
  gwroute: 'gatewayRoute',
  gatewayroute: 'gatewayRoute',
};

/** Words of file names that set one version of a resource apart from another. */
const versionWord =
  /^(updates?|updated|v?\d+|new|old|before|after|initial|final|patch(ed)?|canary|tls|mtls|strict|permissive|timeouts?|retry|retries|no|with|without)\d*s?$/;

/** Words of file names that say that what is in the file changes something. */
const changeWord = /^updat(e|es|ed|ing)$/;

/** Characters of a name that are looked at; App Mesh's names have no more, and expressions take their time. */
const nameLimit = 255;

/** The words of a name: `colorTeller-vn_2` has colorteller, vn, 2. */
export function wordsOf(name: string): string[] {
  return (
    name
      .slice(0, nameLimit)
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  );
}

/** What a name says it is the name of; a route of a gateway is told by both words. */
export function kindOfName(name: string): ResourceKind | undefined {
  const kinds = wordsOf(name)
    .map(kindOfWord)
    .filter((kind) => kind !== undefined);
  const last = kinds.at(-1);
  return last === 'route' && kinds.at(-2) === 'virtualGateway' ? 'gatewayRoute' : last;
}

/** A name without the words that say what it is the name of, and without what is between words. */
export function coreOf(name: string): string {
  const words = wordsOf(name).map((word) => (kindOfWord(word) ? word.replace(/^[a-z]+/, '') : word));
  return words.join('');
}

/** Whether a name is another's with something behind it that makes a version of it: `front-vn-strict-tls` of `front-vn`. */
export function isVersionOf(name: string, base: string): boolean {
  if (!name.startsWith(base) || !/^[-_. ]/.test(name.slice(base.length))) return false;
  const more = wordsOf(name.slice(base.length));
  const [first] = more;
  if (first === undefined || more.some((word) => kindOfWord(word) !== undefined)) return false;
  const last = wordsOf(base).at(-1) ?? '';
  return versionWord.test(first) || kindOfWord(last) !== undefined;
}

/** A name that ends in a number, and the name without it: `route-2` is 2 of `route`. */
export function numbered(name: string): { readonly base: string; readonly number: string } | undefined {
  const match = /^(?<base>.*?[A-Za-z])[-_. ]?(?<number>\d+)$/.exec(name.slice(0, nameLimit));
  const { base, number } = match?.groups ?? {};
  const isName = name.length <= nameLimit && base !== undefined && number !== undefined;
  return isName ? { base, number } : undefined;
}

/** Whether the path of a file says that it changes something that is there already. */
export function isChange(file: string): boolean {
  return wordsOf(file.slice(-nameLimit)).some((word) => changeWord.test(word));
}

/** What stands before the word that says a file changes something: `front-route` of `front-route-updated-x`. */
export function changedName(name: string): string | undefined {
  return /^(?<changed>.+?)[-_. ]updat(e|es|ed|ing)(?![a-z])/i.exec(name)?.groups?.changed;
}

function kindOfWord(word: string): ResourceKind | undefined {
  const plain = word.replace(/\d+$/, '');
  return Object.hasOwn(kindWords, plain) ? kindWords[plain] : undefined;
}
