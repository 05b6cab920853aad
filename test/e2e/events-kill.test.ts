import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import type { FalconetEvent } from '../../src/core/schema/event.ts';
import { eventSchema } from '../../src/core/schema/event.ts';
import { openEventArchive } from '../../src/sinks/archive/event-archive.ts';
import { startFalconet } from '../helpers/falconet.ts';
import { tempFolder } from '../helpers/temp-folder.ts';

const WITHIN = { timeout: 60_000, interval: 100 };
const KILLS = 3;

test('a gateway that is killed again and again leaves each life in the store once, with its end and its picture', async () => {
  const folder = tempFolder();
  const config = join(folder, 'falconet.yaml');
  const source = JSON.stringify(join(packageRoot, 'examples/media/demo.mp4'));
  writeFileSync(
    config,
    `
model: { processes: 1 }
cameras: { drive: { source: ${source}, loop: true, labels: { person: {} } } }
sinks: [{ type: file, path: events.jsonl }]
`,
  );
  const archive = openEventArchive(join(folder, 'falconet-data'));
  const lives = () => archive.find({ limit: 1_000 });
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const before = (await lives()).length;
      const gateway = startFalconet(['run', config]);
      await vi.waitFor(async () => expect((await lives()).length).toBeGreaterThan(before), WITHIN);
      gateway.kill('SIGKILL');
      await gateway.finished;
    }
    const last = startFalconet(['run', config]);
    const isOpen = ({ end }: FalconetEvent) => end === null;
    await vi.waitFor(
      async () => expect((await lives()).some(({ reason }) => reason.includes('restart'))).toBe(true),
      WITHIN,
    );
    await vi.waitFor(() => expect(last.output().stderr).toContain('gateway started'), WITHIN);
    last.kill('SIGTERM');
    expect((await last.finished).exitCode).toBe(0);
    const kept = await lives();
    expect(kept.filter(isOpen)).toEqual([]);
    expect(new Set(kept.map(({ id }) => id)).size).toBe(kept.length);
    for (const event of kept) {
      expect(eventSchema.parse(event)).toEqual(event);
      const picture = await archive.image(event.image?.ref ?? '');
      expect([...(picture ?? []).slice(0, 2)]).toEqual([0xff, 0xd8]); // a JPEG begins so
    }
  } finally {
    await archive.close();
  }
}, 180_000);
