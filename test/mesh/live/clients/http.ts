import { Agent, type IncomingHttpHeaders, type RequestOptions, request } from 'node:http';
import { connect } from 'node:http2';
import { request as requestTls } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import type { Address } from '../../../../src/mesh/environment.ts';

/** A request. */
export interface Question {
  readonly method?: string;
  readonly path?: string;
  /** The Host: a virtual service's name, at an egress listener. */
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** HTTP/1.1 when left out. */
  readonly protocol?: 'http' | 'http2';
  /** Speaks TLS, with these options. */
  readonly tls?: ConnectionOptions;
  /** Uses a connection that is kept; one of its own when left out. */
  readonly keepAlive?: boolean;
}

/** What was answered. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Connections that are kept do not hold the process: idle ones count for nothing. */
const kept = new Agent({ keepAlive: true, maxSockets: 64 });

/** Sends one request; rejects when there is no whole answer. */
export function ask(to: Address, question: Question = {}): Promise<Answer> {
  return question.protocol === 'http2' ? askHttp2(to, question) : askHttp1(to, question);
}

function askHttp1(to: Address, question: Question): Promise<Answer> {
  const { method = 'GET', path = '/', host, headers = {}, body, tls, keepAlive = false } = question;
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      ...to,
      method,
      path,
      headers: { ...headers, ...(host === undefined ? {} : { host }) },
      agent: keepAlive ? kept : false,
    };
    const outgoing = tls ? requestTls({ ...options, ...tls }) : request(options);
    outgoing.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (piece: string) => {
        text += piece;
      });
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    outgoing.on('error', reject).end(body);
  });
}

function askHttp2(to: Address, question: Question): Promise<Answer> {
  const { method = 'GET', path = '/', host, headers = {}, body, tls } = question;
  return new Promise((resolve, reject) => {
    const session = connect(`${tls ? 'https' : 'http'}://${to.host}:${to.port}`, tls);
    const stream = session.request({
      ...headers,
      ':method': method,
      ':path': path,
      ...(host === undefined ? {} : { ':authority': host }),
    });
    let status = 0;
    let received: IncomingHttpHeaders = {};
    let text = '';
    stream.setEncoding('utf8');
    stream.on('response', ({ ':status': code = 0, ...rest }) => {
      status = code;
      received = rest;
    });
    stream.on('data', (piece: string) => {
      text += piece;
    });
    const fail = (error: Error) => {
      reject(error);
      session.destroy();
    };
    session.on('error', fail);
    stream.on('error', fail);
    stream.on('end', () => {
      if (status > 0) resolve({ status, headers: received, body: text });
      session.close();
    });
    session.on('close', () => reject(new Error('closed without a whole answer')));
    stream.end(body);
  });
}
