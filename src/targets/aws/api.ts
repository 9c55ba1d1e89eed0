import { CfnRequestValidator, CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Plan } from '../../model/plan.ts';
import { type Deployment, Layer } from './layer.ts';

/** The REST API by itself: its id is a part of its address, which the CDN and the sign-in need before it answers. */
export interface Api {
  readonly id: string;
  readonly rootResourceId: string;
  /** Checks parameters and bodies before anything is called. */
  readonly validatorId: string;
  /** Host name of the API's own address. */
  readonly host: string;
  /** The stage, the first segment of every path at that address. */
  readonly stage: string;
}

/** Makes the API without resources; gateway.ts gives it those. */
export function createApiStack(deployment: Deployment, plan: Plan): Api {
  const layer = new Layer(deployment, plan, { name: 'api', description: 'the REST API and its address' });
  const { name, stage, binaryMediaTypes } = plan.gateway;
  const api = new CfnRestApi(layer, 'api', {
    name,
    description: `API Gateway for ${plan.name}`,
    ...(binaryMediaTypes.length > 0 ? { binaryMediaTypes: [...binaryMediaTypes] } : {}),
    endpointConfiguration: { types: ['REGIONAL'] },
    // TLS 1.2 or newer, and only under the API's own name.
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-security-policies-list.html
    securityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09',
    endpointAccessMode: 'STRICT',
  });
  const validator = new CfnRequestValidator(layer, 'validator', {
    restApiId: api.ref,
    name: 'parameters-and-body',
    validateRequestBody: true,
    validateRequestParameters: true,
  });
  return {
    id: api.ref,
    rootResourceId: api.attrRootResourceId,
    validatorId: validator.ref,
    host: `${api.ref}.execute-api.${layer.region}.${layer.urlSuffix}`,
    stage,
  };
}
