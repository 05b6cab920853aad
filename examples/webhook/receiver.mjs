// Takes what a webhook sink posts as JSON, and refuses what is not signed with its secret. Needs Node and nothing else:
//
//   HOOK_SECRET=secret node receiver.mjs        # http://127.0.0.1:8099/hook
//
// In falconet.yaml: sinks: [{ type: webhook, url: "http://127.0.0.1:8099/hook", secret: "${HOOK_SECRET}" }]
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const secret = process.env.HOOK_SECRET;
if (!secret) throw new Error('expected the secret in HOOK_SECRET');
/** Standard Webhooks: what follows the prefix is the key, in base64. */
const key = secret.startsWith('whsec_') ? Buffer.from(secret.slice(6), 'base64') : secret;
const port = Number(process.env.PORT ?? 8099);
const MOST_BYTES = 5_000_000;
/** A request that somebody has overheard is worth nothing after this. */
const MOST_AGE_S = 300;
/** Deliveries can come twice. */
const seen = new Set();

function isSigned(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature = '' } = headers;
  if (!(Math.abs(Date.now() / 1_000 - Number(timestamp)) < MOST_AGE_S)) return false;
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  const wanted = Buffer.from(`v1,${hmac}`);
  const got = Buffer.from(signature);
  return wanted.length === got.length && timingSafeEqual(wanted, got);
}

async function bodyOf(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const server = createServer(async (request, response) => {
  const answer = (status) => response.writeHead(status).end();
  if (request.method !== 'POST' || request.url !== '/hook') return answer(404);
  const body = await bodyOf(request).catch(() => undefined); // whoever sends it may hang up
  if (body === undefined) return answer(413);
  if (!isSigned(request.headers, body)) return answer(401);
  if (request.headers['content-type'] !== 'application/json') return answer(415);
  const id = request.headers['webhook-id'];
  if (!seen.has(id)) {
    seen.add(id);
    if (seen.size > 10_000) seen.delete(seen.values().next().value);
    const { type, camera, label, zones } = JSON.parse(body.toString());
    console.log(`${type} ${camera} ${label} ${zones.entered.join(' ')}`.trimEnd());
  }
  return answer(204);
});

server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/hook`));
