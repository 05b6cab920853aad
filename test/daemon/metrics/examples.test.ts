import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../../src/core/package-root.ts';
import { anEvent, aReport } from '../../helpers/events.ts';
import { installed, skipFor } from '../../helpers/installed.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { served, someMetrics } from './figures.ts';

const textOf = (path: string) => readFileSync(join(packageRoot, path), 'utf8');

/** Labels by name of each metric that a gateway with one camera tells. */
async function metricsOfGateway(): Promise<Map<string, Set<string>>> {
  const host = someMetrics();
  onTestFinished(() => host.close());
  await host.use(served({ listen: '127.0.0.1:0' }));
  host.outlet.state(aReport({ health: { dark: 1 }, refused: { cooldown: 1 } }));
  host.outlet.push({ event: anEvent() });
  host.outlet.tally?.('drive', { counts: { person: 1 }, zones: {}, lines: {} });
  host.onShown({ camera: 'drive', wallTime: 0 });
  const text = await (await fetch(`http://127.0.0.1:${host.port}/metrics`)).text();
  const types = [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name);
  return new Map(
    types.map((name) => {
      const series = text
        .split('\n')
        .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name}_bucket{`));
      return [
        name,
        new Set(series.flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label))),
      ];
    }),
  );
}

const OWN = /\b(?:falconet|process|nodejs)_[a-z0-9_]+/g;

test("each figure of Grafana's dashboard is one that there is, with the labels that it is shown by", async () => {
  const metrics = await metricsOfGateway();
  const board = JSON.parse(textOf('examples/grafana/falconet.json')) as {
    panels: { title: string; targets?: { expr: string; legendFormat: string }[] }[];
    templating: { list: { definition?: string }[] };
  };
  const targets = board.panels.flatMap(({ targets = [] }) => targets);
  expect(targets.length).toBeGreaterThan(20);
  for (const { expr, legendFormat } of targets) {
    const names = [...expr.matchAll(OWN)].map(([name]) => name.replace(/_bucket$/, ''));
    expect(names).not.toEqual([]);
    const labels = new Set(names.flatMap((name) => [...(metrics.get(name) ?? [`no ${name}`])]));
    const shown = [...legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
    const asked = [...expr.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => label);
    for (const name of names) expect([...metrics.keys()]).toContain(name);
    if (labels.size === 0) continue; // it has one series, or none on this machine
    for (const label of [...shown, ...asked].filter((one) => one !== 'instance')) {
      expect([expr, [...labels]]).toEqual([expr, expect.arrayContaining([label])]);
    }
  }
  for (const { definition = '' } of board.templating.list) {
    for (const [name] of definition.matchAll(OWN)) expect([...metrics.keys()]).toContain(name);
  }
});

test('docs/operating.md has each figure of Falconet, and none that there is not', async () => {
  const own = [...(await metricsOfGateway()).keys()].filter((name) => name.startsWith('falconet_'));
  const told = new Set(textOf('docs/operating.md').match(/\bfalconet_[a-z0-9_]+/g) ?? []);
  expect([...told].sort()).toEqual(own.sort());
});

test('systemd takes the unit as it stands, but for what is not installed here', (context) => {
  if (installed('systemd-analyze') === undefined) skipFor(context, 'systemd-analyze is not installed');
  const unit = join(tempFolder(), 'falconet.service');
  copyFileSync(join(packageRoot, 'examples/systemd/falconet.service'), unit);
  const told = execFileSync('sh', ['-c', `systemd-analyze verify ${unit} 2>&1 || true`], {
    encoding: 'utf8',
  });
  expect(
    told.split('\n').filter((line) => line !== '' && !/is not executable: No such file/.test(line)),
  ).toEqual([]);
});
