import { Validations } from 'aws-cdk-lib';
import type { CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { AwsCustomResource, AwsCustomResourcePolicy, PhysicalResourceId } from 'aws-cdk-lib/custom-resources';
import type { Plan } from '../../../model/plan.ts';
import type { Api } from '../api.ts';
import type { Layer } from '../layer.ts';
import { isCached, type MethodDefinition } from './methods.ts';

/** What the vendor does with a stage that says nothing; CloudFormation has no word for it. */
const vendorDefault = { required: true, unauthorized: 'SUCCEED_WITH_RESPONSE_HEADER' };

/**
 * Sets what happens to a client's `Cache-Control: max-age=0`, where the blueprint wants something else than the vendor
 * does by itself: a call to its API once the stage stands.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html
 */
export function createCacheRefresh(
  layer: Layer,
  { gateway }: Plan,
  { api, methods, stage }: { api: Api; methods: readonly MethodDefinition[]; stage: CfnStage },
): void {
  const { allow, unauthorized } = gateway.cacheRefresh;
  const required = allow !== 'anyone';
  const cached = methods.filter(isCached);
  const same = required === vendorDefault.required && unauthorized === vendorDefault.unauthorized;
  if (same || cached.length === 0) return;
  const call = {
    service: 'APIGateway',
    action: 'updateStage',
    parameters: {
      restApiId: api.id,
      stageName: api.stage,
      patchOperations: cached.flatMap(({ path, name }) => {
        const at = `/${path.replaceAll('/', '~1')}/${name}/caching`;
        return [
          { op: 'replace', path: `${at}/requireAuthorizationForCacheControl`, value: String(required) },
          { op: 'replace', path: `${at}/unauthorizedCacheControlHeaderStrategy`, value: unauthorized },
        ];
      }),
    },
    physicalResourceId: PhysicalResourceId.of('cache-refresh'),
  };
  const refresh = new AwsCustomResource(layer, 'cache-refresh', {
    installLatestAwsSdk: false,
    onUpdate: call,
    policy: AwsCustomResourcePolicy.fromStatements([
      new PolicyStatement({
        actions: ['apigateway:PATCH'],
        resources: [
          `arn:${layer.partition}:apigateway:${layer.region}::/restapis/${api.id}/stages/${api.stage}`,
        ],
      }),
    ]),
  });
  refresh.node.addDependency(stage);
  Validations.of(layer).acknowledge({
    id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
    reason: "The library's own function that makes one call; the policy lets it write its log.",
  });
}
