import { describe, expect, test } from 'vitest';
import { type Fault, Faults } from '../../src/eval/faults.ts';
import { readVoc } from '../../src/eval/read-voc.ts';

const place = 'Annotations/000005.xml';

describe('an annotation of VOC', () => {
  test('counts its pixels from 1, and the last one of a box is in it', () => {
    const { annotation } = read(`<?xml version="1.0"?>
<annotation>
	<folder>VOC2007</folder>
	<filename>000005.jpg</filename>
	<source><database>The VOC2007 Database</database></source>
	<size><width>500</width><height>375</height><depth>3</depth></size>
	<!-- two of them -->
	<object>
		<name>chair</name><pose>Rear</pose><truncated>0</truncated><difficult>0</difficult>
		<bndbox><xmin>1</xmin><ymin>1</ymin><xmax>500</xmax><ymax>375</ymax></bndbox>
	</object>
	<object>
		<name>chair</name><difficult>1</difficult>
		<bndbox><xmin>165.4</xmin><ymin>264</ymin><xmax>253</xmax><ymax>372</ymax></bndbox>
	</object>
</annotation>`);
    expect(annotation).toEqual({
      fileName: '000005.jpg',
      size: { width: 500, height: 375 },
      objects: [
        { label: 'chair', box: [0, 0, 500, 375], area: 187_500, standing: 'object' },
        {
          label: 'chair',
          box: [164.4, 263, expect.closeTo(88.6, 9), 109],
          area: expect.any(Number),
          standing: 'difficult',
        },
      ],
    });
  });

  test("has no objects for a person's head and hands", () => {
    const head =
      '<part><name>head</name><bndbox><xmin>5</xmin><ymin>5</ymin><xmax>9</xmax><ymax>9</ymax></bndbox></part>';
    const { annotation } = read(whole(`<name>person</name>${head}${bndbox(1, 1, 50, 60)}`));
    expect(annotation.objects.map(({ label, box }) => [label, box])).toEqual([['person', [0, 0, 50, 60]]]);
  });

  test('may leave out what other tools leave out: file name, size, difficult', () => {
    const { annotation } = read(
      whole(`<name>a &amp; b</name><difficult>Unspecified</difficult>${bndbox(1, 1, 2, 2)}`, ''),
    );
    expect(annotation).toMatchObject({
      fileName: undefined,
      size: undefined,
      objects: [{ label: 'a & b', standing: 'object' }],
    });
  });

  test('with a size of 0, as a tool writes that did not open the picture, has none', () => {
    const size = '<size><width>0</width><height>0</height></size>';
    expect(read(whole(`<name>cat</name>${bndbox(1, 1, 20, 20)}`, size)).annotation.size).toBeUndefined();
  });

  test.each([
    {
      name: 'beyond the edge: cut',
      box: bndbox(451, 1, 700, 60),
      boxes: [[450, 0, 50, 60]],
      fault: 'box-outside',
    },
    { name: 'outside: left out', box: bndbox(601, 1, 700, 60), boxes: [], fault: 'box-gone' },
    { name: 'with its corners swapped: left out', box: bndbox(50, 1, 40, 60), boxes: [], fault: 'box-empty' },
  ])('with a box $name, and counted', ({ box, boxes, fault }) => {
    const { annotation, faults } = read(whole(`<name>cat</name>${box}`));
    expect(annotation.objects.map((one) => one.box)).toEqual(boxes);
    expect(faults).toEqual([expect.objectContaining({ kind: fault, count: 1, examples: [place] })]);
  });
});

test.each([
  { name: 'empty', xml: '' },
  { name: 'cut', xml: whole(`<name>cat</name>${bndbox(1, 1, 2, 2)}`).slice(0, -20) },
  { name: 'JSON', xml: '{"annotations": []}' },
  { name: 'another kind of XML', xml: '<html></html>' },
  { name: 'ill nested', xml: '<annotation><object></annotation></object>' },
  { name: 'closed twice', xml: '<annotation></annotation></annotation>' },
  { name: 'without a name', xml: whole(bndbox(1, 1, 2, 2)) },
  { name: 'without a box', xml: whole('<name>cat</name>') },
  { name: 'with a word for a number', xml: whole(`<name>cat</name>${bndbox(1, 1, 2, Number.NaN)}`) },
])('a file that is $name is refused by name', ({ xml }) => {
  expect(() => read(xml)).toThrow(
    expect.objectContaining({ code: 'ANNOTATIONS_INVALID', message: expect.stringContaining(place) }),
  );
});

function whole(object: string, size = '<size><width>500</width><height>375</height></size>'): string {
  return `<annotation>${size}<object>${object}</object></annotation>`;
}

function bndbox(left: number, top: number, right: number, bottom: number): string {
  return `<bndbox><xmin>${left}</xmin><ymin>${top}</ymin><xmax>${right}</xmax><ymax>${bottom}</ymax></bndbox>`;
}

function read(xml: string): { annotation: ReturnType<typeof readVoc>; faults: Fault[] } {
  const faults = new Faults();
  return { annotation: readVoc(xml, place, faults), faults: faults.list() };
}
