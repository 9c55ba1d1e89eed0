/** A function that answers with what it is told of itself. */

interface Event {
  readonly Records: readonly [{ readonly cf: { readonly config: { readonly eventType: string } } }];
}

interface Context {
  readonly functionName: string;
  readonly memoryLimitInMB: string;
  readonly getRemainingTimeInMillis: () => number;
}

export const handler = (event: Event, context: Context) => ({
  status: '200',
  body: JSON.stringify({
    event: event.Records[0].cf.config.eventType,
    name: context.functionName,
    memory: Number(context.memoryLimitInMB),
    remaining: context.getRemainingTimeInMillis(),
  }),
});
