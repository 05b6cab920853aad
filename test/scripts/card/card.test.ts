import { expect, test } from 'vitest';
import { figuresSection } from '../../../scripts/card/figures-section.ts';
import { ofOne } from '../../../scripts/card/markdown-table.ts';
import { replaceSection } from '../../../scripts/card/replace-section.ts';
import { judge } from '../../../src/eval/judge.ts';
import { box, found, judged, object } from '../../eval/judged.ts';

const card = '# Model\n\nWhat it is.\n\n## Figures\n\nold\n\n### Old too\n\n## Licence\n\nApache-2.0\n';

test('one section of a card is written anew, and nothing else changes', () => {
  const written = replaceSection(card, 'Figures', 'new');
  expect(written).toBe('# Model\n\nWhat it is.\n\n## Figures\n\nnew\n\n## Licence\n\nApache-2.0\n');
  expect(replaceSection(written, 'Licence', 'MIT')).toMatch(/new\n\n## Licence\n\nMIT\n$/);
  expect(replaceSection(written, 'Figures', 'new')).toBe(written);
});

test('a card without the section, or with two, is left alone', () => {
  expect(() => replaceSection(card, 'Comparison', 'new')).toThrow('found 0');
  expect(() => replaceSection(card + card, 'Figures', 'new')).toThrow('found 2');
});

test('figures on a card are those that were judged, by form, size and class', () => {
  const all = judge([judged([object(box(0)), object(box(1))], [found(box(0), 0.9)])], ['cat', 'dog']);
  const section = figuresSection({
    forms: [{ name: 'fp32 on onnx', all, part: all }],
    partName: 'coco',
    seen: { pictures: 3588, forms: [{ name: 'fp32 on onnx', ap50: 0.4996 }] },
  });
  expect(section).toContain('On 1 pictures with 2 objects');
  expect(section).toContain('| fp32 on onnx | .500 | .545 | .505 | .500 |');
  expect(section).toContain('| between | 2 | .505 | .505 |');
  expect(section).toContain('| cat | 2 | .500 | .505 |');
  expect(section).toContain(
    'On all 3588 of the folders, most of them seen in training, fp32 on onnx has .500.',
  );
  expect(section).toContain('| dog | 0 | – | – |');
  expect([ofOne(1), ofOne(0.0314), ofOne(undefined)]).toEqual(['1.000', '.031', '–']);
});
