/**
 * The smallest whole number from 1 to a maximum of which something is true, asking about few of them; undefined when
 * there is none. What is true of a number has to be true of every larger one.
 */
export async function smallest(
  maximum: number,
  isTrue: (value: number) => Promise<boolean>,
): Promise<number | undefined> {
  let [below, high] = [0, 1];
  while (high < maximum && !(await isTrue(high))) [below, high] = [high, Math.min(high * 4, maximum)];
  if (high === maximum && !(await isTrue(maximum))) return undefined;
  while (high - below > 1) {
    const middle = Math.floor((below + high) / 2);
    if (await isTrue(middle)) high = middle;
    else below = middle;
  }
  return high;
}
