/** Milliseconds after which a try to connect, or a call without an answer, has failed. */
const patience = 10_000;

/**
 * How a client of the account asks: three tries, none without an end.
 * @param endpoint of an emulator; the region's own when left out
 */
export function clientSettings(region: string, endpoint?: string) {
  return {
    region,
    maxAttempts: 3,
    requestHandler: {
      connectionTimeout: patience,
      requestTimeout: patience,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
  };
}
