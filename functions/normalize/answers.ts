import type { GeneratedResponse } from './event.ts';

/** 308 keeps the method and the body (RFC 9110, 15.4.9). */
export function redirect(location: string): GeneratedResponse {
  return {
    status: '308',
    statusDescription: 'Permanent Redirect',
    headers: { location: [{ key: 'Location', value: location }], ...cacheControl('public, max-age=3600') },
  };
}

/** An answer that says no. */
export function refusal(status: '400' | '403' | '404', statusDescription: string): GeneratedResponse {
  return { status, statusDescription, headers: cacheControl('no-store') };
}

function cacheControl(value: string): GeneratedResponse['headers'] {
  return { 'cache-control': [{ key: 'Cache-Control', value }] };
}
