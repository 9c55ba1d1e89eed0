import { isObject } from '../format.ts';
import type { Finding, Locate } from '../found-resource.ts';
import { nameMembers } from './kind.ts';

/** A request of `aws appmesh create-*` or `update-*`, as far as a document says it. */
export interface Request {
  readonly file: string;
  /** Members that name the resource, its mesh, or its router or gateway. */
  readonly names: ReadonlyMap<string, string>;
  readonly spec: unknown;
  readonly meshOwner: string | undefined;
  readonly hasTags: boolean;
  /** Where a path inside the spec stands. */
  readonly locate: Locate;
}

const allNames = new Set(
  Object.values(nameMembers).flatMap(({ own, parent }) => (parent ? [own, parent] : [own])),
);

/** Members of a request, or of a `describe-*` answer, beside its names and its spec. */
const others = new Set(['tags', 'clientToken', 'meshOwner', 'metadata', 'status', 'ResponseMetadata']);

/** A document as data, with its placeholders filled in. */
interface Filled {
  readonly file: string;
  readonly value: unknown;
  readonly locate: Locate;
}

/**
 * The request in a document: one as `--cli-input-json` takes it, the answer of a `describe-*`, which holds one under
 * the kind's name, or a bare spec, which `--spec` takes. Undefined, and told of, when there is none in it.
 */
export function requestOf(document: Filled, tell: (finding: Finding) => void): Request | undefined {
  const { value } = document;
  if (!isObject(value)) return undefined;
  const wrapper = Object.keys(nameMembers).find(
    (kind) => isObject(value[kind]) && ('spec' in value[kind] || 'meshName' in value[kind]),
  );
  const path = wrapper === undefined ? [] : [wrapper];
  const request = wrapper === undefined ? value : (value[wrapper] as Readonly<Record<string, unknown>>);
  const isRequest =
    wrapper !== undefined || 'spec' in request || Object.keys(request).some((name) => allNames.has(name));
  const at: Locate = (inner) => document.locate([...path, ...inner]);
  if (!isRequest) {
    return {
      file: document.file,
      names: new Map(),
      spec: value,
      meshOwner: undefined,
      hasTags: false,
      locate: at,
    };
  }
  const refusal = unfit(request);
  if (refusal) {
    tell({ severity: 'error', ...refusal, origin: at([refusal.member]) });
    return undefined;
  }
  for (const name of Object.keys(request)) {
    if (name !== 'spec' && !allNames.has(name) && !others.has(name)) tell(unknownMember(name, at));
  }
  const metadata = isObject(request.metadata) ? request.metadata : {};
  const owner = request.meshOwner ?? metadata.meshOwner;
  return {
    file: document.file,
    names: new Map(
      Object.entries(request).filter(
        (entry): entry is [string, string] => allNames.has(entry[0]) && typeof entry[1] === 'string',
      ),
    ),
    spec: request.spec ?? {},
    meshOwner: typeof owner === 'string' ? owner : undefined,
    hasTags: 'tags' in request,
    locate: (inner) => at('spec' in request ? ['spec', ...inner] : []),
  };
}

function unfit(request: Readonly<Record<string, unknown>>) {
  for (const member of allNames) {
    const name = request[member];
    if (name !== undefined && (typeof name !== 'string' || name === '')) {
      return {
        code: 'cli-name-invalid',
        member,
        message: `${member} is no name`,
        remedy: 'Make it a text in quotes.',
      };
    }
  }
  const { spec } = request;
  const specless =
    request.virtualNodeName ?? request.routeName ?? request.gatewayRouteName ?? request.virtualGatewayName;
  if (typeof spec === 'string') {
    return {
      code: 'cli-spec-elsewhere',
      member: 'spec',
      message: 'the spec is a text here, not an object',
      remedy: 'Give the file that holds the spec, and name its resource with --set.',
    };
  }
  if (spec !== undefined && !isObject(spec)) {
    return {
      code: 'cli-spec-invalid',
      member: 'spec',
      message: 'the spec is no object',
      remedy: 'Correct it there.',
    };
  }
  if (spec === undefined && specless !== undefined) {
    return {
      code: 'cli-spec-missing',
      member: 'meshName',
      message: `there is no spec of ${String(specless)} here`,
      remedy: 'Give the whole request, or what describe-* answers.',
    };
  }
  return undefined;
}

function unknownMember(name: string, at: Locate): Finding {
  return {
    severity: 'warning',
    code: 'cli-member-unknown',
    message: `a request has no ${name}; it is left out`,
    origin: at([name]),
    remedy: 'Remove it, or move it into the spec if it belongs there.',
  };
}

/** Members whose values the mesh needs. */
export function isNeeded(path: readonly PropertyKey[]): boolean {
  const outside: readonly PropertyKey[] = [...others].filter((name) => name !== 'meshOwner');
  return !path.slice(0, 2).some((key) => outside.includes(key));
}
