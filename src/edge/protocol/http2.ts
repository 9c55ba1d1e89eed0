import { constants, createServer, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { guardFrames } from './frame-guard.ts';
import { createFrameRules, type FrameRules } from './frame-rules.ts';
import { createRequest, type TranslatedHead, translateHead } from './http2-request.ts';
import { createResponse } from './http2-response.ts';
import type { ProtocolLimits } from './limits.ts';
import type { AnswerRequest, Viewer } from './message.ts';
import { judgeHead } from './request-rules.ts';

/** HTTP/2 on the connections it is given. */
export interface Http2 {
  /** Speaks HTTP/2 on a connection that has agreed to it. */
  serve(socket: TLSSocket): void;
  /** Says GOAWAY on every connection; requests in flight are answered. */
  drain(): void;
  /** Ends every connection at once. */
  end(): void;
}

/** Ends of a stream that cost nobody anything. */
const harmless = new Set<number>([constants.NGHTTP2_NO_ERROR, constants.NGHTTP2_CANCEL]);

/** Makes the HTTP/2 side of a listener. */
export function createHttp2(limits: ProtocolLimits, answer: AnswerRequest): Http2 {
  const sessions = new Set<ServerHttp2Session>();
  let draining = false;
  const server = createServer({
    settings: {
      maxConcurrentStreams: limits.concurrentStreams,
      maxHeaderListSize: limits.headerSize,
      enablePush: false,
    },
    // The frame rules count them.
    streamResetBurst: limits.nuisanceBurst,
    streamResetRate: limits.nuisanceRate,
  });
  // A stream ends with its session; what ends a session is told by its frames.
  server.on('sessionError', () => undefined);

  function begin(session: ServerHttp2Session, rules: FrameRules, viewer: Viewer): void {
    sessions.add(session);
    session.once('close', () => sessions.delete(session));
    session.setTimeout(limits.headersTimeout, () => session.close());
    session.once('stream', () => session.setTimeout(limits.idleTimeout));
    session.on('stream', (stream, headers, _flags, raw) => {
      stream.on('error', () => undefined);
      stream.once('close', () => {
        if (stream.id !== undefined) rules.settle(stream.id);
        const caused = stream.rstCode !== undefined && !harmless.has(stream.rstCode);
        if (caused && rules.charge()) end(session, constants.NGHTTP2_ENHANCE_YOUR_CALM);
      });
      bound(stream, limits);
      const head = translateHead(raw);
      const target = judge(head, limits);
      if (typeof target === 'number') {
        stream.respond({ ':status': target }, { endStream: true });
        if (!stream.endAfterHeaders) stream.close(constants.NGHTTP2_NO_ERROR);
        return;
      }
      const request = createRequest(stream, { ...head, target }, headers, viewer);
      if (headers.expect?.toLowerCase() === '100-continue') stream.additionalHeaders({ ':status': 100 });
      answer(request, createResponse(stream, request));
    });
    if (draining) session.close();
  }

  return {
    serve(socket) {
      const rules = createFrameRules(limits);
      const viewer = { address: socket.remoteAddress ?? '', encrypted: true };
      let session: ServerHttp2Session | undefined;
      const guarded = guardFrames(socket, {
        rules,
        headersTimeout: limits.headersTimeout,
        refuse: (error) => session && end(session, error),
        timedOut: () => session && end(session, constants.NGHTTP2_ENHANCE_YOUR_CALM),
      });
      server.once('session', (made) => {
        session = made;
        begin(made, rules, viewer);
      });
      server.emit('connection', guarded);
    },
    drain() {
      draining = true;
      for (const session of sessions) session.close();
    },
    end() {
      for (const session of sessions) session.destroy();
    },
  };
}

/** @returns the target in origin form, or the status to refuse the request with */
function judge(head: TranslatedHead, { headerSize }: ProtocolLimits): string | number {
  // A small block may say much: the limit is on what it says, as for HTTP/1.1.
  if (head.size > headerSize) return 400;
  return head.method === 'CONNECT' ? 405 : judgeHead({ ...head, version: '2' });
}

/** Ends a connection with a GOAWAY that says why (RFC 9113, section 5.4.1). */
function end(session: ServerHttp2Session, code: number): void {
  session.destroy(new Error(`HTTP/2 error ${code}`), code);
}

/** Bounds how long a request may take to come, and how long nothing may move on its stream. */
function bound(stream: ServerHttp2Stream, { requestTimeout, slowReadTimeout }: ProtocolLimits): void {
  const cancel = () => stream.close(constants.NGHTTP2_CANCEL);
  stream.setTimeout(slowReadTimeout, cancel);
  if (stream.endAfterHeaders) return;
  const timer = setTimeout(cancel, requestTimeout);
  const clear = () => clearTimeout(timer);
  stream.once('end', clear).once('close', clear);
}
