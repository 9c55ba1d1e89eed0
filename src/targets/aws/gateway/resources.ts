import { type CfnResource, Validations } from 'aws-cdk-lib';
import { CfnResource as ApiResource, CfnMethod, CfnModel } from 'aws-cdk-lib/aws-apigateway';
import type { Api } from '../api.ts';
import type { Layer } from '../layer.ts';
import type { AuthorizerOf } from './authorizers.ts';
import {
  type IntegrationTarget,
  integrationOf,
  methodResponsesOf,
  requestParametersOf,
} from './integration.ts';
import type { MethodDefinition } from './methods.ts';
import { modelSchema } from './models.ts';

/** What methods are made of. */
export interface MethodInputs {
  readonly api: Api;
  readonly methods: readonly MethodDefinition[];
  readonly authorizerOf: AuthorizerOf;
  readonly target: IntegrationTarget;
}

/** Makes the tree of resources, a model for each body, and the methods. @returns all of them */
export function createMethods(
  layer: Layer,
  { api, methods, authorizerOf, target }: MethodInputs,
): CfnResource[] {
  const resources = new Map<string, ApiResource>();
  const models: CfnModel[] = [];

  function resourceOf(path: string): string {
    if (path === '' || path === '/') return api.rootResourceId;
    const resource =
      resources.get(path) ??
      new ApiResource(layer, `resource${path.replaceAll('/', '.')}`, {
        restApiId: api.id,
        parentId: resourceOf(path.slice(0, path.lastIndexOf('/'))),
        pathPart: path.slice(path.lastIndexOf('/') + 1),
      });
    resources.set(path, resource);
    return resource.ref;
  }

  function modelsOf(method: MethodDefinition): Record<string, string> {
    const contents = Object.entries(method.operation?.requestBody?.content ?? {});
    return Object.fromEntries(
      contents.flatMap(([type, { schema }]) => {
        if (!schema) return [];
        const name = modelName(method, type);
        models.push(
          new CfnModel(layer, `model-${name}`, {
            restApiId: api.id,
            name,
            contentType: type,
            schema: modelSchema(schema),
          }),
        );
        return [[type, name]];
      }),
    );
  }

  const made = methods.map((method) => {
    const { path, name, route } = method;
    const requestModels = modelsOf(method);
    const methodResponses = methodResponsesOf(method, target.explain);
    const resource = new CfnMethod(layer, `${name}${path.replaceAll('/', '.')}`, {
      restApiId: api.id,
      resourceId: resourceOf(path),
      httpMethod: name,
      ...(route.auth.mode === 'none'
        ? { authorizationType: 'NONE' }
        : { authorizationType: 'CUSTOM', authorizerId: authorizerOf(route.auth).ref }),
      requestParameters: requestParametersOf(method),
      integration: integrationOf(method, target),
      ...(method.operation ? { requestValidatorId: api.validatorId } : {}),
      ...(Object.keys(requestModels).length > 0 ? { requestModels } : {}),
      ...(methodResponses ? { methodResponses } : {}),
    });
    Validations.of(resource).acknowledge(
      {
        id: 'AwsSolutions-COG4',
        reason: 'A Lambda authorizer checks the tokens of the user pool: it knows roles and optional tokens.',
      },
      ...(route.auth.mode === 'none'
        ? [{ id: 'AwsSolutions-APIG4', reason: 'The blueprint has the function look after who calls.' }]
        : []),
    );
    return { resource, modelNames: Object.values(requestModels) };
  });
  for (const { resource, modelNames } of made) {
    for (const model of models)
      if (modelNames.includes(model.name ?? '')) resource.addResourceDependency(model);
  }
  return [...resources.values(), ...models, ...made.map(({ resource }) => resource)];
}

/** Letters and digits alone: PatchApiV1SecureIdMergePatch. */
function modelName({ name, path }: MethodDefinition, contentType: string): string {
  const subtype = contentType.replace(/^application\//, '').replace(/(^|\+)json$/, '');
  const words = [name.toLowerCase(), ...path.split('/'), ...subtype.split(/[^A-Za-z0-9]+/)];
  return words
    .map((word) => word.replaceAll(/[^A-Za-z0-9]/g, ''))
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
