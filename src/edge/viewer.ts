/** Who sends a request: taken when the request comes, for its socket may go. */
export interface Viewer {
  readonly address: string;
  /** Whether it speaks TLS. */
  readonly encrypted: boolean;
}
