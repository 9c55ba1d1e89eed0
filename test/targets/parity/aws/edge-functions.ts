import type { Settings } from '../settings.ts';
import { type Properties, resourceOf, resourcesOf, type Templates } from './templates.ts';

/** What the templates say of the functions in the CDN: which runs where, and what it may take. */
export function edgeFunctionSettings(templates: Templates, platform: string): Settings {
  const { DistributionConfig } = resourceOf(templates, 'edge', 'AWS::CloudFront::Distribution');
  const { CacheBehaviors = [], DefaultCacheBehavior } = DistributionConfig as {
    readonly CacheBehaviors?: readonly Properties[];
    readonly DefaultCacheBehavior: Properties;
  };
  const functions = resourcesOf(templates, 'edge-functions', 'AWS::Lambda::Function');
  /** Of the name in the account, without what stands before and behind it. */
  const nameOf = (id: string) => {
    const [prefix] = JSON.stringify(functions[id]?.FunctionName).match(/[\w-]+-(?=",)/) ?? [''];
    return prefix.slice(`${platform}-`.length, -1);
  };
  const outputs = Reflect.get(templates('edge-functions'), 'Outputs') as Record<
    string,
    { Value: Properties }
  >;
  const versions = resourcesOf(templates, 'edge-functions', 'AWS::Lambda::Version');

  /** From the output that a behaviour refers to, to the version, to its function. */
  function referred(arn: unknown): string {
    const reference = (arn as { readonly 'Fn::GetStackOutput': { readonly OutputName: string } })[
      'Fn::GetStackOutput'
    ];
    const [version = ''] = (outputs[reference.OutputName]?.Value['Fn::GetAtt'] ?? []) as readonly string[];
    const { Ref } = (versions[version]?.FunctionName ?? {}) as { readonly Ref?: string };
    return nameOf(String(Ref));
  }

  const behaviors = [...CacheBehaviors, { ...DefaultCacheBehavior, PathPattern: '/*' }];
  return Object.fromEntries([
    ...behaviors.flatMap(({ PathPattern, LambdaFunctionAssociations = [] }: Properties) =>
      (LambdaFunctionAssociations as readonly Properties[]).map(({ EventType, LambdaFunctionARN }) => [
        `access.behaviors.${PathPattern}.functions.${EventType}`,
        referred(LambdaFunctionARN),
      ]),
    ),
    ...Object.entries(functions).flatMap(([id, { MemorySize, Timeout }]) => [
      [`access.functions.${nameOf(id)}.memory`, Number(MemorySize)],
      [`access.functions.${nameOf(id)}.timeout`, Number(Timeout) * 1000],
    ]),
  ]);
}
