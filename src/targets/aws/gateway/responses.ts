import { CfnGatewayResponse } from 'aws-cdk-lib/aws-apigateway';
import type { Api } from '../api.ts';
import type { Layer } from '../layer.ts';

/**
 * The gateway's own answers in the vendor's shape, status and `x-amzn-ErrorType` as they are; none may be kept on its
 * way. Every response type falls back on one of these two.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
 */
export function createGatewayResponses(layer: Layer, api: Api): CfnGatewayResponse[] {
  return ['DEFAULT_4XX', 'DEFAULT_5XX'].map(
    (responseType) =>
      new CfnGatewayResponse(layer, responseType, {
        restApiId: api.id,
        responseType,
        responseTemplates: { 'application/json': '{"message":$context.error.messageString}' },
        responseParameters: {
          'gatewayresponse.header.Cache-Control': "'no-store'",
          'gatewayresponse.header.X-Content-Type-Options': "'nosniff'",
        },
      }),
  );
}
