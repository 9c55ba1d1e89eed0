/** One error a person can meet: the sentence, what to do next, and the HTTP status or exit code it ends in. */
export interface ErrorEntry {
  /** HTTP status where the error answers a request. */
  readonly status?: number;
  /** Says what is wrong; `{name}` is replaced by the parameter of that name. */
  readonly message: string;
  /** Says what to do next. */
  readonly remedy: string;
}
