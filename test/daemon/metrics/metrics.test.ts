import { spawn } from 'node:child_process';
import { request } from 'node:http';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { anEvent, aReport, onceLost } from '../../helpers/events.ts';
import { served, someMetrics } from './figures.ts';

const FREE = { listen: '127.0.0.1:0' };

async function serve(metrics: Parameters<typeof served>[0] = FREE) {
  const host = someMetrics();
  onTestFinished(() => host.close());
  await host.use(served(metrics));
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`http://127.0.0.1:${host.port}${path}`, init);
    return {
      status: response.status,
      text: await response.text(),
      type: response.headers.get('content-type'),
    };
  };
  return { host, ask };
}

/** Values by series, such as `falconet_sink_waiting{sink="mqtt"}`. */
function seriesOf(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.startsWith('falconet_'));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]),
  );
}

describe('figures', () => {
  test('of a camera are those of its newest state, and of the events that it made', async () => {
    const { host, ask } = await serve();
    const frames = { came: 100, looked: 60, dropped: { gated: 30, late: 10 } };
    host.outlet.state(aReport({ frames, health: { dark: 1 }, refused: { cooldown: 2 } }));
    host.outlet.push({ event: anEvent({ latency_ms: 41 }) });
    host.outlet.push({ event: anEvent({ type: 'end', latency_ms: 900 }) });
    host.outlet.tally?.('drive', { counts: { person: 2 }, zones: {}, lines: {} });
    host.onShown({ camera: 'drive', wallTime: 999_900 });
    expect(seriesOf((await ask('/metrics')).text)).toMatchObject({
      'falconet_camera_online{camera="drive"}': 1,
      'falconet_camera_state{camera="drive",state="online",reason="frames"}': 1,
      'falconet_camera_fps{camera="drive"}': 5,
      'falconet_camera_frames_total{camera="drive"}': 100,
      'falconet_camera_looked_total{camera="drive"}': 60,
      'falconet_camera_dropped_total{camera="drive",reason="gated"}': 30,
      'falconet_camera_dropped_total{camera="drive",reason="late"}': 10,
      'falconet_camera_ill{camera="drive",condition="dark"}': 1,
      'falconet_camera_refused_total{camera="drive",rule="cooldown"}': 2,
      'falconet_objects{camera="drive",label="person"}': 2,
      'falconet_events_total{camera="drive",label="person",type="new"}': 1,
      'falconet_event_seconds_bucket{le="0.05",camera="drive"}': 1,
      'falconet_event_seconds_count{camera="drive"}': 2,
      'falconet_frame_seconds_sum{camera="drive"}': 0.1,
    });
  });

  test('of a state that passed, and of a camera that is gone, are gone; outages stay counted', async () => {
    const { host, ask } = await serve();
    host.outlet.state(aReport());
    host.outlet.state(aReport({ state: 'offline', reason: 'refused' }));
    host.outlet.state(aReport({ state: 'offline', reason: 'unreachable' }));
    host.outlet.state(aReport());
    host.outlet.state(aReport({ state: 'stalled', reason: 'timed-out' }));
    host.outlet.state(aReport({ camera: 'yard', state: 'offline', reason: 'refused' }));
    const before = seriesOf((await ask('/metrics')).text);
    expect(before['falconet_camera_outages_total{camera="drive"}']).toBe(2);
    expect(Object.keys(before).filter((name) => name.startsWith('falconet_camera_state{'))).toEqual([
      'falconet_camera_state{camera="drive",state="stalled",reason="timed-out"}',
      'falconet_camera_state{camera="yard",state="offline",reason="refused"}',
    ]);
    host.outlet.state(aReport({ camera: 'yard', state: 'disabled', reason: 'stopped' }));
    const after = (await ask('/metrics')).text;
    expect(after).not.toContain('camera="yard"');
  });

  test('of outages leave out what a reload, a switch or the end of a file ends', async () => {
    const { host, ask } = await serve();
    for (const report of onceLost()) host.outlet.state(report);
    const series = seriesOf((await ask('/metrics')).text);
    expect(series['falconet_camera_outages_total{camera="drive"}']).toBe(1);
  });

  test('of sinks, engine, memory and children are there; two files are one series', async () => {
    const { ask } = await serve();
    const { text, type } = await ask('/metrics');
    expect(type).toContain('text/plain; version=0.0.4');
    expect(seriesOf(text)).toMatchObject({
      'falconet_sink_waiting{sink="mqtt"}': 5,
      'falconet_sink_waiting{sink="file"}': 7,
      'falconet_sink_failed_total{sink="file"}': 4,
      'falconet_sink_dropped_total{sink="mqtt"}': 1,
      falconet_engine_restarts_total: 3,
    });
    expect(text).toMatch(
      /^falconet_info\{version="\d.*gateway="home",model="tiny-ssd",engine="onnx".*\} 1$/m,
    );
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m);
  });

  test.runIf(process.platform === 'linux')(
    'of children are there with the first scrape, by program',
    async () => {
      const { ask } = await serve();
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
      onTestFinished(() => void child.kill('SIGKILL'));
      const before = seriesOf((await ask('/metrics')).text);
      expect(before['falconet_children{program="node"}']).toBeGreaterThanOrEqual(1);
      expect(before['falconet_children_resident_memory_bytes{program="node"}']).toBeGreaterThan(1e6);
    },
  );

  test('once they were wanted, are counted on while nobody can ask for them, over a reload that moves them', async () => {
    const { host, ask } = await serve();
    host.outlet.push({ event: anEvent() });
    const first = host.port;
    await host.use(served(undefined));
    expect(host.port).toBeUndefined();
    host.outlet.push({ event: anEvent() });
    await host.use(served({ listen: '127.0.0.1:0' }));
    expect(host.port).not.toBe(first);
    const series = seriesOf((await ask('/metrics')).text);
    expect(series['falconet_events_total{camera="drive",label="person",type="new"}']).toBe(2);
  });
});

describe('who asks', () => {
  test('whether it lives is told ok, whether it is ready once a camera is online', async () => {
    const { host, ask } = await serve();
    expect(await ask('/healthz')).toMatchObject({ status: 200, text: 'ok\n' });
    host.outlet.state(aReport({ state: 'connecting', reason: 'starting' }));
    expect(await ask('/readyz')).toMatchObject({ status: 503, text: 'no camera is online\n' });
    host.outlet.state(aReport());
    expect(await ask('/readyz')).toMatchObject({ status: 200, text: 'ok\n' });
  });

  test('without the token is told whether it lives, and nothing of its cameras', async () => {
    const { host, ask } = await serve({ ...FREE, token: 's3cret token' });
    host.outlet.state(aReport());
    for (const authorization of [
      '',
      'Bearer',
      'Bearer s3cret',
      'Bearer s3cret token ',
      'Basic s3cret token',
    ]) {
      const { status, text } = await ask('/metrics', { headers: { authorization } });
      expect([authorization, status]).toEqual([
        authorization,
        authorization.trim() === 'Bearer s3cret token' ? 200 : 401,
      ]);
      if (status === 401) expect(text).not.toContain('drive');
    }
    expect((await ask('/healthz')).status).toBe(200);
    const { status } = await ask('/metrics', { headers: { authorization: 'Bearer s3cret token' } });
    expect(status).toBe(200);
  });

  test('in whatever way: no crash, no hang, no 500', async () => {
    const { host } = await serve();
    const send = (method: string, path: string, body: string) =>
      new Promise<number | string>((resolve) => {
        const asked = request(
          { host: '127.0.0.1', port: host.port, method, path, agent: false },
          (response) => {
            response.resume().on('end', () => resolve(response.statusCode ?? 0));
          },
        );
        asked.on('error', (error) => resolve(error.message)).end(body);
      });
    const path = fc.oneof(
      fc.webPath(),
      fc.constantFrom('/metrics', '/readyz', '/healthz'),
      fc.webQueryParameters(),
    );
    const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH');
    await fc.assert(
      fc.asyncProperty(method, path, fc.string(), async (verb, where, body) => {
        const status = await send(
          verb,
          where.startsWith('/') ? where : `/metrics?${where}`,
          /^(GET|HEAD)$/.test(verb) ? '' : body,
        );
        expect([200, 401, 404, 405]).toContain(status);
      }),
      { numRuns: 200 },
    );
    expect(await send('GET', '/healthz', '')).toBe(200);
  });
});

test('a port that is taken is told, and takes nothing along', async () => {
  const first = await serve();
  const told: string[] = [];
  const log = {
    debug() {},
    info() {},
    warn() {},
    error: (_: object, sentence: string) => void told.push(sentence),
  };
  const second = someMetrics({ log });
  await second.use(served({ listen: `127.0.0.1:${first.host.port}` }));
  expect(told).toEqual([expect.stringContaining('EADDRINUSE')]);
  expect(second.port).toBeUndefined();
  await second.close();
});
