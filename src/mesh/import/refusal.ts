/** Ends the reading of one file; becomes a finding, never leaves this folder. */
export class Refusal extends Error {
  readonly code: string;
  /** Where, in characters from the start of the text. */
  readonly offset: number;
  /** Where the other of two stands that cannot both be. */
  readonly earlier: number | undefined;

  constructor(code: string, message: string, offset: number, earlier?: number) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.earlier = earlier;
  }
}
