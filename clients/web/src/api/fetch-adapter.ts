import { AxiosError, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';

/**
 * Sends a request of axios's by fetch, whole and within its timeout. The library's own adapters also report progress,
 * send forms and streams, and look for tokens in cookies, which this client has no use for: 8 KB of script.
 * @throws AxiosError `ECONNABORTED` after the timeout, `ERR_CANCELED` when it was cancelled, else `ERR_NETWORK`
 */
export async function fetchAdapter(config: InternalAxiosRequestConfig): Promise<AxiosResponse<unknown>> {
  const { method = 'get', baseURL = '', url = '', timeout = 0, data } = config;
  const late = AbortSignal.timeout(timeout);
  const cancelled = config.signal instanceof AbortSignal ? config.signal : undefined;
  try {
    const answer = await fetch(`${baseURL}${url}`, {
      method: method.toUpperCase(),
      headers: new Headers(
        Object.entries(config.headers.toJSON(true)).map(([name, value]) => [name, `${value}`]),
      ),
      body: typeof data === 'string' ? data : null,
      // Every read asks the edge: what the browser itself keeps would tell of an earlier answer's way.
      cache: 'no-store',
      signal: cancelled ? AbortSignal.any([cancelled, late]) : late,
    });
    return {
      data: await answer.text(),
      status: answer.status,
      statusText: answer.statusText,
      headers: AxiosHeaders.from(Object.fromEntries(answer.headers)),
      config,
    };
  } catch (error) {
    const code = cancelled?.aborted ? 'ERR_CANCELED' : late.aborted ? 'ECONNABORTED' : 'ERR_NETWORK';
    throw AxiosError.from(error, code, config);
  }
}
