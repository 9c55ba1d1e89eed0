/**
 * Calls again and again while some work is done, and a while longer, and says what came of each call: its result, or
 * why it was rejected.
 * @param callers calls under way at a time
 */
export async function underLoad<Result>(
  call: () => Promise<Result>,
  work: (settled: readonly (Result | Error)[]) => Promise<unknown>,
  callers = 4,
): Promise<(Result | Error)[]> {
  const settled: (Result | Error)[] = [];
  let loaded = true;
  const load = Promise.all(
    Array.from({ length: callers }, async () => {
      while (loaded) settled.push(await call().catch((error: Error) => error));
    }),
  );
  try {
    await work(settled);
  } finally {
    loaded = false;
    await load;
  }
  return settled;
}
