/** What the function is built with: a function at the edge has no environment. */
export interface NormalizeConfiguration {
  /** The one name viewers are to use; requests under another are sent there. Any name when left out. */
  readonly host?: string;
  /** The schemes of the addresses viewers open: an own origin begins with one of them. */
  readonly schemes: readonly ('http' | 'https')[];
  /** In order: the first whose pattern has the path decides. */
  readonly behaviors: readonly BehaviorRule[];
  readonly session: {
    /** Paths, with all below them, where the session's cookie becomes the Authorization field. */
    readonly token: readonly string[];
    /** Paths, with all below them, that get the session's cookies. */
    readonly cookies: readonly string[];
  };
}

/** What a behaviour wants of its requests. */
export interface BehaviorRule {
  /** A path pattern: `*` stands for any number of characters, `?` for one. */
  readonly path: string;
  /** Whether a path that ends with a slash means the folder's index.html. */
  readonly pages: boolean;
  /** Names of the query parameters that mean something to it; `all` where any may. */
  readonly query: 'all' | readonly string[];
}
