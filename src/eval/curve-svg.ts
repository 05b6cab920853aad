import type { LabelFigures } from './judge.ts';
import type { CurvePoint } from './voc-rule.ts';

const SIDE = 400;
const LEFT = 56;
const TOP = 40;
const LEGEND = 190;
const ROW = 17;
/** Steps of the colour circle that keep neighbours in the legend apart: the golden angle. */
const GOLDEN_DEGREES = 137.5;
const FONT = 'font-family="sans-serif" font-size="12"';

/**
 * A drawing of precision over recall at IoU 0.5, a curve for each label of which an object counts, with its AP50 in
 * the legend, best first. SVG of its own size.
 */
export function curveSvg(title: string, labels: readonly LabelFigures[]): string {
  const drawn = labels
    .filter(({ voc }) => voc.area !== undefined)
    .sort((a, b) => (b.voc.area ?? 0) - (a.voc.area ?? 0))
    .map(({ label, voc }, index) => ({ label, voc, colour: colourOf(index) }));
  const width = LEFT + SIDE + LEGEND;
  const height = Math.max(TOP + SIDE + 52, TOP + drawn.length * ROW + 20);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ${FONT}>`,
    `<rect width="100%" height="100%" fill="#fff"/><text x="${LEFT}" y="24">${escapeXml(title)}</text>`,
    ...axes(),
    ...drawn.map(({ voc, colour }) => curve(voc.curve, colour)),
    ...drawn.map(({ label, voc, colour }, index) =>
      legend(index, colour, `${label} ${voc.area?.toFixed(3)}`),
    ),
    '</svg>',
  ].join('\n');
}

function axes(): string[] {
  const lines = Array.from({ length: 6 }, (_, index) => {
    const value = index / 5;
    const [x, y] = [across(value), down(value)];
    return [
      `<path d="M${x} ${TOP}V${TOP + SIDE}M${LEFT} ${y}H${LEFT + SIDE}" stroke="#ddd"/>`,
      `<text x="${x}" y="${TOP + SIDE + 18}" text-anchor="middle">${value}</text>`,
      `<text x="${LEFT - 8}" y="${y + 4}" text-anchor="end">${value}</text>`,
    ].join('');
  });
  const middle = TOP + SIDE / 2;
  return [
    ...lines,
    `<text x="${LEFT + SIDE / 2}" y="${TOP + SIDE + 40}" text-anchor="middle">recall</text>`,
    `<text x="16" y="${middle}" text-anchor="middle" transform="rotate(-90 16 ${middle})">precision</text>`,
  ];
}

function curve(points: readonly CurvePoint[], colour: string): string {
  const path = points.map(({ recall, precision }) => `${across(recall)},${down(precision)}`).join(' ');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.5"/>`;
}

function legend(index: number, colour: string, text: string): string {
  const [x, y] = [LEFT + SIDE + 16, TOP + (index + 0.5) * ROW];
  return [
    `<path d="M${x} ${y}h16" stroke="${colour}" stroke-width="3"/>`,
    `<text x="${x + 22}" y="${y + 4}">${escapeXml(text)}</text>`,
  ].join('');
}

function across(recall: number): number {
  return Math.round((LEFT + recall * SIDE) * 10) / 10;
}

function down(precision: number): number {
  return Math.round((TOP + (1 - precision) * SIDE) * 10) / 10;
}

function colourOf(index: number): string {
  return `hsl(${Math.round((index * GOLDEN_DEGREES) % 360)}, 75%, 42%)`;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(/\p{Cc}/gu, '\uFFFD');
}
