/**
 * A line of the access log, with the fields of the laptop's (src/gateway/record.ts) and the vendor's own. The query is
 * left out, as is everything else that may be personal. All values are quoted: one that is missing is `-`.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html
 */
export const accessLogFormat = JSON.stringify({
  time: '$context.requestTimeEpoch',
  requestId: '$context.requestId',
  trace: '$context.xrayTraceId',
  method: '$context.httpMethod',
  path: '$context.path',
  route: '$context.resourcePath',
  status: '$context.status',
  duration: '$context.responseLatency',
  integrationStatus: '$context.integration.status',
  integrationDuration: '$context.integration.latency',
  authorizerStatus: '$context.authorizer.status',
  authorizerDuration: '$context.authorizer.latency',
  webAcl: '$context.waf.status',
  error: '$context.error.responseType',
});
