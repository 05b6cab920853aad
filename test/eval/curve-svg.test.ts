import { expect, test } from 'vitest';
import { curveSvg } from '../../src/eval/curve-svg.ts';
import { judge } from '../../src/eval/judge.ts';
import { svgToPng } from '../../src/media/svg-to-png.ts';
import { box, found, judged, object } from './judged.ts';

test('the picture has a curve and a figure for each label that occurs, best first, and can be a PNG', async () => {
  const objects = [object(box(0)), object(box(1)), object(box(2), 'object', 'a<b')];
  const seen = [found(box(0), 0.9), found(box(2), 0.8, 'a<b')];
  const exhaustive = { exhaustive: ['cat', 'a<b', 'cow'] };
  const { labels } = judge([judged(objects, seen, exhaustive)], ['cat', 'a<b', 'cow']);
  const svg = curveSvg('mine & yours', labels);
  expect(svg.match(/<polyline/g)).toHaveLength(2);
  expect(svg).toMatch(/mine &amp; yours[\s\S]*a&lt;b 1\.000[\s\S]*cat 0\.500/);
  expect(svg).not.toContain('cow');
  expect((await svgToPng(svg)).subarray(1, 4).toString()).toBe('PNG');
});
