/** A bounded map: when its values together cost more than the capacity, those not used for longest go. */
export class LeastRecentlyUsed<Value> {
  readonly #entries = new Map<string, { readonly value: Value; readonly cost: number }>();
  #capacity: number;
  #cost = 0;
  #newest: string | undefined;

  /** @param capacity in the unit of the costs */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** What all values cost together; never above the capacity. */
  get cost(): number {
    return this.#cost;
  }

  /** How many values are held. */
  get size(): number {
    return this.#entries.size;
  }

  /** The value of a key, which counts as a use. */
  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    if (key !== this.#newest) {
      this.#entries.delete(key);
      this.#entries.set(key, entry);
      this.#newest = key;
    }
    return entry.value;
  }

  /** Holds a value; one that costs more than everything may cost is not held. */
  set(key: string, value: Value, cost: number): void {
    this.delete(key);
    if (cost > this.#capacity) return;
    this.#entries.set(key, { value, cost });
    this.#newest = key;
    this.#cost += cost;
    this.#shrink();
  }

  /** Forgets a key. */
  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#cost -= entry.cost;
    if (key === this.#newest) this.#newest = undefined;
  }

  /** Forgets everything. */
  clear(): void {
    this.#entries.clear();
    this.#cost = 0;
    this.#newest = undefined;
  }

  /** Goes on with another capacity. */
  resize(capacity: number): void {
    this.#capacity = capacity;
    this.#shrink();
  }

  #shrink(): void {
    for (const key of this.#entries.keys()) {
      if (this.#cost <= this.#capacity) return;
      this.delete(key);
    }
  }
}
