/** A function that ends soon after it was loaded, whatever it is asked. */
setTimeout(() => process.exit(1), 5);

export const handler = (event: {
  readonly Records: readonly [{ readonly cf: { readonly request: unknown } }];
}) => event.Records[0].cf.request;
