import { isObject } from '../format.ts';
import { baseOf, givenValue, type Values } from '../placeholders/values.ts';
import { evaluate } from './evaluate.ts';
import { once, type Result, type Scope, type Stack } from './scope.ts';
import { member, type Template } from './template.ts';

/** Templates as stacks that know each other's exports, and values somebody gave. */
export interface Stacks {
  readonly stacks: readonly Stack[];
  /** The keys of the given values that were used so far. */
  readonly used: ReadonlySet<string>;
}

/** An output of one of the stacks. */
interface Output {
  readonly stack: Stack;
  readonly name: string;
}

/** Makes stacks of templates: an import finds its export, a nested stack its template, among the documents given. */
export function stacksOf(templates: readonly Template[], values: Values): Stacks {
  const used = new Set<string>();
  let exports: ReadonlyMap<unknown, Output> | undefined;
  let nesting: ReadonlyMap<Template, readonly Nesting[]> | undefined;
  const nestings = () => {
    if (nesting === undefined) {
      nesting = new Map();
      nesting = nestingOf(stacks);
    }
    return nesting;
  };
  const stacks = templates.map((template): Stack => {
    const stack: Stack = {
      template,
      given(name) {
        const given = givenValue(values, template.document.file, name);
        if (given) used.add(given.key);
        return given?.value;
      },
      exported(name, scope) {
        if (exports === undefined) {
          // While the names of exports are worked out, none is known yet.
          exports = new Map();
          exports = exportsOf(stacks);
        }
        const output = exports.get(name);
        return output && outputValue(output, scope);
      },
      nested(id, output, scope) {
        const child = [...nestings().values()]
          .flat()
          .find((one) => one.parent === stack && one.id === id)?.child;
        return child && outputValue({ stack: child, name: output }, scope);
      },
      inherited(name, scope) {
        const [parent, ...others] = nestings().get(template) ?? [];
        return parent && others.length === 0 ? parameterOf(parent, name, scope) : undefined;
      },
      namedByRef: new Map(),
      memory: new Map(),
    };
    return stack;
  });
  return { stacks, used };
}

/** A scope of its own in a stack, for something that is not yet known to be needed. */
function scopeIn(stack: Stack, chain: Scope['chain'] = []): Scope {
  return { stack, chain, missing: new Map() };
}

function exportsOf(stacks: readonly Stack[]): Map<unknown, Output> {
  const exports = new Map<unknown, Output>();
  for (const stack of stacks) {
    for (const [name, output] of Object.entries(stack.template.outputs)) {
      const raw = member(member(output, 'Export'), 'Name');
      if (raw === undefined) continue;
      const path = [...stack.template.pathOf('Outputs', name), 'Export', 'Name'];
      const { value } = evaluate(raw, path, scopeIn(stack));
      if (!exports.has(value)) exports.set(value, { stack, name });
    }
  }
  return exports;
}

function outputValue({ stack, name }: Output, { chain }: Scope): Result | undefined {
  const raw = member(member(stack.template.outputs, name), 'Value');
  return raw === undefined ? undefined : worked(stack, 'Outputs', name, 'Value', raw, chain);
}

/** A stack within a stack. */
interface Nesting {
  readonly parent: Stack;
  readonly id: string;
  readonly child: Stack;
}

/** Which templates are deployed by others: their file is where a stack resource's address ends. */
function nestingOf(stacks: readonly Stack[]): Map<Template, Nesting[]> {
  const children = Map.groupBy(stacks, ({ template }) => baseOf(template.document.file));
  const all = stacks.flatMap((parent) =>
    Object.entries(parent.template.resources).flatMap(([id, resource]): Nesting[] => {
      const address = addressOf(resource);
      if (address === undefined) return [];
      const path = [...parent.template.pathOf('Resources', id), 'Properties'];
      const { value } = evaluate(address, path, scopeIn(parent));
      const [child, ...others] = children.get(baseOf(String(value))) ?? [];
      return child && child !== parent && others.length === 0 ? [{ parent, id, child }] : [];
    }),
  );
  return Map.groupBy(all, ({ child }) => child.template);
}

function addressOf(resource: unknown): unknown {
  if (!isObject(resource)) return undefined;
  if (resource.Type === 'AWS::CloudFormation::Stack') return member(resource.Properties, 'TemplateURL');
  if (resource.Type === 'AWS::Serverless::Application') return member(resource.Properties, 'Location');
  return undefined;
}

function parameterOf({ parent, id }: Nesting, name: string, { chain }: Scope): Result | undefined {
  const parameters = member(member(parent.template.resources[id], 'Properties'), 'Parameters');
  const raw = member(parameters, name);
  return raw === undefined ? undefined : worked(parent, 'Resources', id, `Parameters.${name}`, raw, chain);
}

function worked(
  stack: Stack,
  section: 'Outputs' | 'Resources',
  name: string,
  what: string,
  raw: unknown,
  chain: Scope['chain'],
): Result {
  const scope = scopeIn(stack, chain);
  const path = stack.template.pathOf(section, name);
  const { value, standIn } = once(scope, `${section}.${name}.${what}`, path, (inner) =>
    evaluate(raw, path, inner),
  );
  return { value, standIn, missing: [...scope.missing.values()] };
}
