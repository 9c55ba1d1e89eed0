import type { Persistence } from './persistence.ts';
import type {
  ObjectReader,
  ObjectStore,
  ObjectWriter,
  StoredHead,
  StoredObject,
  StoreLimits,
} from './store.ts';

/** What the store keeps of an object, changed in place; outside it is a `StoredObject`. */
interface Entry {
  readonly id: number;
  head: StoredHead;
  size: number;
  state: StoredObject['state'];
  /** Bytes its head takes, estimated. */
  weight: number;
  readers: Set<{ at: number }>;
  waiting: Set<() => void>;
  onRead: (() => void) | undefined;
  removed: boolean;
}

/** Index, order of use and bounds of a store, over what keeps its bytes. */
export function createObjectStore(initial: StoreLimits, persistence: Persistence): ObjectStore {
  let limits = initial;
  /** In order of use, least recently used first. */
  const entries = new Map<number, Entry>();
  const byKey = new Map<string, Entry[]>();
  let bytes = 0;
  let nextId = 1;
  /** The one at the end of that order, where that is known. */
  let lastUsed = 0;

  for (const { id, head, size } of persistence.load()) {
    add({ ...newEntry(id, head), size, state: 'whole' });
    bytes += size;
    nextId = Math.max(nextId, id + 1);
  }
  makeRoom();

  function add(entry: Entry): Entry {
    entries.set(entry.id, entry);
    lastUsed = entry.id;
    byKey.set(entry.head.key, [entry, ...(byKey.get(entry.head.key) ?? [])]);
    bytes += entry.weight;
    return entry;
  }

  /** Out of the index; its bytes go once nobody reads them. */
  function remove(entry: Entry): void {
    if (entry.removed) return;
    entry.removed = true;
    entries.delete(entry.id);
    const others = (byKey.get(entry.head.key) ?? []).filter((one) => one !== entry);
    if (others.length > 0) byKey.set(entry.head.key, others);
    else byKey.delete(entry.head.key);
    bytes -= entry.weight + entry.size;
    persistence.unsave(entry.id);
    dropWhenUnread(entry);
  }

  function dropWhenUnread(entry: Entry): void {
    const done = entry.state === 'whole' || entry.state === 'failed';
    if (entry.removed && done && entry.readers.size === 0) persistence.drop(entry.id);
  }

  function update(entry: Entry, head: StoredHead): void {
    bytes += weightOf(head) - entry.weight;
    entry.weight = weightOf(head);
    entry.head = head;
    if (entry.state === 'whole') persistence.save(entry);
  }

  function makeRoom(): void {
    for (const entry of entries.values()) {
      if (bytes <= limits.bytes) return;
      if (entry.state === 'whole') remove(entry);
    }
  }

  function wake(entry: Entry): void {
    const waiting = [...entry.waiting];
    entry.waiting.clear();
    for (const one of waiting) one();
  }

  function end(entry: Entry, state: 'whole' | 'failed'): void {
    if (entry.state === 'whole' || entry.state === 'failed') return;
    entry.state = state;
    if (state === 'failed') remove(entry);
    else if (!entry.removed) persistence.save(entry);
    dropWhenUnread(entry);
    wake(entry);
  }

  function writerOf(entry: Entry): ObjectWriter {
    return {
      object: entry,
      write(chunk) {
        if (entry.state !== 'writing' && entry.state !== 'passing') return;
        persistence.append(entry.id, entry.size, chunk);
        entry.size += chunk.length;
        if (!entry.removed) bytes += chunk.length;
        makeRoom();
        // What is on its way counts too: several at once may not hold more than the store may.
        if (entry.state === 'writing' && (entry.size > limits.objectBytes || bytes > limits.bytes)) {
          entry.state = 'passing';
          remove(entry);
        }
        wake(entry);
      },
      lag: () => (entry.readers.size === 0 ? undefined : entry.size - slowest(entry)),
      onRead(listener) {
        entry.onRead = listener;
      },
      commit: () => end(entry, 'whole'),
      abort: () => end(entry, 'failed'),
    };
  }

  /** What all readers of a passing response have read is dropped. */
  function advanced(entry: Entry): void {
    if (entry.state !== 'passing') return;
    persistence.forget(entry.id, slowest(entry));
    entry.onRead?.();
  }

  function readerOf(entry: Entry, from: number): ObjectReader {
    const position = { at: from };
    let waitingFor: (() => void) | undefined;
    entry.readers.add(position);
    return {
      read() {
        if (position.at >= entry.size) {
          if (entry.state === 'failed') return 'gone';
          return entry.state === 'whole' ? undefined : 'later';
        }
        const chunk = persistence.read(entry.id, position.at);
        if (!chunk) return 'gone';
        position.at += chunk.length;
        advanced(entry);
        return chunk;
      },
      wait(callback) {
        waitingFor = callback;
        entry.waiting.add(callback);
      },
      close() {
        entry.readers.delete(position);
        if (waitingFor) entry.waiting.delete(waitingFor);
        advanced(entry);
        dropWhenUnread(entry);
      },
    };
  }

  return {
    get objectLimit() {
      return limits.objectBytes;
    },
    resize(next) {
      limits = next;
      makeRoom();
    },
    get bytes() {
      return bytes;
    },
    select: (key) => byKey.get(key) ?? [],
    touch({ id }) {
      if (id === lastUsed) return;
      const entry = entries.get(id);
      if (!entry) return;
      lastUsed = id;
      entries.delete(id);
      entries.set(id, entry);
    },
    begin: (head) => writerOf(add(newEntry(nextId++, head))),
    update(object, head) {
      const entry = entries.get(object.id);
      if (entry) update(entry, head);
    },
    extend(object, other, from, head) {
      const entry = entries.get(object.id);
      if (entry?.state !== 'whole') return;
      persistence.together(() => {
        for (let at = from; at < other.size; ) {
          const chunk = persistence.read(other.id, at);
          if (!chunk) break;
          persistence.append(entry.id, entry.size, chunk);
          entry.size += chunk.length;
          bytes += chunk.length;
          at += chunk.length;
        }
        update(entry, head);
      });
      makeRoom();
    },
    open: (object, from) => readerOf(object as Entry, from),
    content(object) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < object.size; ) {
        const chunk = persistence.read(object.id, at);
        if (!chunk) break;
        chunks.push(chunk);
        at += chunk.length;
      }
      const [first] = chunks;
      return first && chunks.length === 1 ? first : Buffer.concat(chunks);
    },
    remove: (object) => remove(object as Entry),
    removeWhere(test) {
      const named = [...entries.values()].filter(({ head }) => test(head));
      for (const entry of named) remove(entry);
      return named.length;
    },
    close() {
      for (const entry of [...entries.values()]) if (entry.state === 'writing') end(entry, 'failed');
      persistence.close([...entries.keys()]);
    },
  };
}

function newEntry(id: number, head: StoredHead): Entry {
  return {
    id,
    head,
    size: 0,
    state: 'writing',
    weight: weightOf(head),
    readers: new Set(),
    waiting: new Set(),
    onRead: undefined,
    removed: false,
  };
}

/** Bytes a head takes, as far as it matters for a bound. */
function weightOf({ key, target, headers, selection }: StoredHead): number {
  let length = 512 + key.length + target.length;
  for (const text of headers) length += text.length + 16;
  for (const name in selection) length += name.length + (selection[name]?.length ?? 0) + 16;
  return length;
}

function slowest({ readers, size }: Entry): number {
  let at = size;
  for (const reader of readers) at = Math.min(at, reader.at);
  return at;
}
