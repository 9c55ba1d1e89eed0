import { X509Certificate } from 'node:crypto';

/** Milliseconds a certificate's validity starts before it is made, for clocks that run behind. */
export const backdating = 60_000;

/**
 * Whether a certificate is past half of its life and should be replaced: the rule that leaves the other half
 * for whatever may go wrong with the replacement. True also for one that is not valid yet.
 * @param pem the certificate; of a chain, the first
 * @param now milliseconds since the epoch
 * @throws {Error} when the text is no certificate
 */
export function needsRenewal(pem: string, now: number): boolean {
  const { from, to } = validityOf(pem);
  return now < from || now >= from + (to - from) / 2;
}

/**
 * When a certificate should be replaced, in milliseconds since the epoch: at half of its life.
 * @throws {Error} when the text is no certificate
 */
export function renewalTime(pem: string): number {
  const { from, to } = validityOf(pem);
  return from + (to - from) / 2;
}

function validityOf(pem: string): { from: number; to: number } {
  const certificate = new X509Certificate(pem);
  return { from: certificate.validFromDate.getTime(), to: certificate.validToDate.getTime() };
}
