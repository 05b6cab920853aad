/** A request of RTSP 1.0 (RFC 2326, section 6). */
export interface RtspRequest {
  readonly method: string;
  readonly uri: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
}

const MOST_HEADER_BYTES = 16_384;
const INTERLEAVED = 0x24;

/**
 * Reads requests from the pieces in which a connection brings them. Bodies and interleaved packets, which
 * clients send as receiver reports, are passed over.
 */
export function requestReader(): (piece: Buffer) => RtspRequest[] {
  let held: Buffer = Buffer.alloc(0);
  return (piece) => {
    held = Buffer.concat([held, piece]);
    const requests: RtspRequest[] = [];
    for (let message = firstMessage(held); message !== undefined; message = firstMessage(held)) {
      held = held.subarray(message.bytes);
      if (message.request !== undefined) requests.push(message.request);
    }
    if (held.length > MOST_HEADER_BYTES && held[0] !== INTERLEAVED) throw new Error('request too long');
    return requests;
  };
}

interface Message {
  readonly bytes: number;
  readonly request?: RtspRequest;
}

function firstMessage(held: Buffer): Message | undefined {
  if (held[0] === INTERLEAVED) {
    if (held.length < 4) return undefined;
    const bytes = 4 + held.readUInt16BE(2);
    return held.length < bytes ? undefined : { bytes };
  }
  const end = held.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const request = parse(held.toString('latin1', 0, end));
  const bytes = end + 4 + Number(request.headers.get('content-length') ?? 0);
  return held.length < bytes ? undefined : { bytes, request };
}

function parse(head: string): RtspRequest {
  const [start = '', ...lines] = head.split('\r\n');
  const [method = '', uri = ''] = start.split(' ');
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { method, uri, headers };
}

/** RFC 2326, section 7.1.1. */
const REASONS = {
  200: 'OK',
  401: 'Unauthorized',
  404: 'Not Found',
  405: 'Method Not Allowed',
  454: 'Session Not Found',
  455: 'Method Not Valid in This State',
  461: 'Unsupported Transport',
} as const;

export interface RtspAnswer {
  readonly status: keyof typeof REASONS;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The answer's bytes, with the request's `CSeq` as RFC 2326, section 12.17 demands. */
export function formatAnswer(request: RtspRequest, { status, headers = {}, body = '' }: RtspAnswer): string {
  const all = { CSeq: request.headers.get('cseq') ?? '0', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  if (body !== '') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return [`RTSP/1.0 ${status} ${REASONS[status]}`, ...lines, '', body].join('\r\n');
}
