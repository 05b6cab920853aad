import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { startBroker, type TestBroker } from '../helpers/broker.ts';
import { type Running, startFalconet } from '../helpers/falconet.ts';
import { startHttpCamera, testPictures } from '../helpers/http-camera.ts';
import { processesBelow } from '../helpers/processes.ts';
import { startRtspCamera } from '../helpers/rtsp-camera.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const CLIP = join(packageRoot, 'examples/media/demo.mp4');
const WITHIN = { timeout: 20_000, interval: 50 };

/** Each with signs that JSON, URLs, YAML or ffmpeg's scripts write in another way. */
const SECRETS = {
  drive: 'drive\'s "p@ss"/%\\word', // beside the source, from the environment
  porch: 'porch#pass word', // in the source's user part, from a file, and wrong
  yard: "yard'pass&word", // of a camera that speaks HTTP
  snap: 'snap+pass=word', // of snapshots, and wrong
  shed: 'shed:pass;word', // of a camera that is not there
  token: 'gate-token-word', // in a query
  broker: 'broker "pass\\word',
  later: 'later-pass%word', // of the broker after a reload, and wrong
} as const;

/** What a search has to look for: encoded for a URL in two ways, for JSON, for HTTP Basic. */
function formsOf(secret: string): string[] {
  const inUrl = new URL('rtsp://user@host');
  inUrl.password = encodeURIComponent(secret);
  const users = ['viewer', 'falconet'].map((user) => Buffer.from(`${user}:${secret}`).toString('base64'));
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, encodeURIComponent(secret), inUrl.password, inJson, ...users])];
}

function filesBelow(folder: string): string[] {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  return paths.filter((path) => statSync(path).isFile());
}

/** All that others can see of the gateway and its children while it runs. */
function processesOf(gateway: Running): string {
  return (processesBelow(gateway.pid) ?? [])
    .flatMap(({ commandLine, environment }) => [...commandLine, ...environment])
    .concat(process.platform === 'linux' ? readFileSync(`/proc/${gateway.pid}/cmdline`, 'utf8') : '')
    .join('\n');
}

function publishedOn(broker: TestBroker): string {
  return broker.messages.map(({ topic, payload }) => `${topic} ${payload.toString('latin1')}`).join('\n');
}

test('no secret leaves a gateway that has them all and meets every kind of failure', async () => {
  const drive = await startRtspCamera({
    clip: CLIP,
    credentials: { user: 'viewer', password: SECRETS.drive },
    auth: 'basic',
  });
  const porch = await startRtspCamera({ clip: CLIP, credentials: { user: 'viewer', password: 'another' } });
  const pictures = await testPictures({ count: 3 });
  const yard = await startHttpCamera({ pictures, credentials: { user: 'viewer', password: SECRETS.yard } });
  const snap = await startHttpCamera({ pictures, credentials: { user: 'viewer', password: 'another' } });
  const broker = await startBroker({ credentials: { username: 'falconet', password: SECRETS.broker } });

  const settings = tempFolder();
  const output = tempFolder();
  const file = join(settings, 'falconet.yaml');
  writeFileSync(join(settings, 'porch'), `${SECRETS.porch}\n`);
  writeFileSync(join(settings, 'broker'), SECRETS.broker);
  const write = (password: string, rate: string) =>
    writeFileSync(
      file,
      `
mqtt: { url: "${broker.url}", username: falconet, password: ${JSON.stringify(password)} }
model: { processes: 1 }
cameras:
  drive: { source: "${drive.url}", username: viewer, password: "\${DRIVE}", labels: { person: {} } }
  porch: { source: "${porch.url.replace('//', '//viewer:${file:porch}@')}" }
  gate: { source: "${drive.url}/nowhere?token=${SECRETS.token}" }
  shed: { source: "rtsp://127.0.0.1:9/live", username: viewer, password: ${JSON.stringify(SECRETS.shed)} }
  yard: { source: "http://127.0.0.1:${yard.port}/video", username: viewer, password: ${JSON.stringify(SECRETS.yard)} }
  snap:
    source: "http://127.0.0.1:${snap.port}/snapshot"
    mode: poll
    username: viewer
    password: ${JSON.stringify(SECRETS.snap)}
    fps: ${rate}
sinks:
  - type: mqtt
  - { type: file, path: ${JSON.stringify(join(output, 'events.jsonl'))}, images: true }
log: { level: debug }
`,
    );
  try {
    write('${file:broker}', '1');
    const gateway = startFalconet(['run', file, '--json'], { env: { DRIVE: SECRETS.drive } });
    const seen: string[] = [];
    const isTold = (text: string) =>
      vi.waitFor(() => expect(gateway.output().stderr + publishedOn(broker)).toContain(text), WITHIN);
    await broker.waitFor(({ topic }) => topic === 'falconet/camera/drive/event', 60_000);
    for (const reason of ['wrong-password', 'refused']) await isTold(`"reason":"${reason}"`);
    seen.push(processesOf(gateway));

    drive.drop(); // the log tells of a camera that hung up
    write('${file:broker}', SECRETS.snap);
    gateway.kill('SIGHUP');
    await isTold('the last good one goes on');
    write(SECRETS.later, '2');
    gateway.kill('SIGHUP');
    await isTold('configuration read again');
    await isTold('mqtt: not authorised');
    seen.push(processesOf(gateway));
    gateway.kill('SIGTERM');
    const { stdout, stderr, exitCode } = await gateway.finished;
    expect(exitCode).toBe(0);

    const files = filesBelow(output);
    expect(files.some((path) => path.endsWith('.jpg'))).toBe(true);
    const all = [
      stdout,
      stderr,
      publishedOn(broker),
      ...seen,
      ...files.map((path) => readFileSync(path, 'latin1')),
    ];
    for (const [name, secret] of Object.entries(SECRETS)) {
      for (const form of formsOf(secret)) {
        const at = all.findIndex((text) => text.includes(form));
        expect(at, `${name} as ${form} in ${all[at]?.slice(0, 2_000)}`).toBe(-1);
      }
    }
  } finally {
    await Promise.all([drive.close(), porch.close(), yard.close(), snap.close(), broker.close()]);
  }
}, 150_000);
