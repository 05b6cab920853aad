import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/core/package-root.ts';
import { convolutions, countNetwork, outputShapes } from '../../src/detector/convolutions.ts';
import { readNetwork } from '../../src/detector/network.ts';

interface Json {
  classes: unknown;
  layers: Record<string, unknown>[];
  heads: Record<string, unknown>[];
  variances: unknown;
}

const text = readFileSync(join(packageRoot, 'models/tiny-ssd/network.json'), 'utf8');
const json = () => JSON.parse(text) as Json;

describe('Tiny SSD as network.json describes it', () => {
  const network = readNetwork(json());

  test('is the network of the paper: its counts at 300 x 300', () => {
    expect(countNetwork(network)).toEqual({
      parameters: 1_133_001,
      multiplyAccumulates: 570_814_191,
      priors: 8_030,
    });
  });

  test.each([
    { layer: 'conv1', channels: 57, size: 149 },
    { layer: 'pool1', channels: 57, size: 74 },
    { layer: 'pool2', channels: 106, size: 37 },
    { layer: 'fire4', channels: 173, size: 37 },
    { layer: 'pool4', channels: 173, size: 18 },
    { layer: 'fire8', channels: 83, size: 18 },
    { layer: 'fire9', channels: 101, size: 9 },
    { layer: 'fire10', channels: 85, size: 4 },
    { layer: 'conv12_2', channels: 46, size: 2 },
    { layer: 'conv13_2', channels: 85, size: 1 },
  ])('gives $channels channels of $size x $size after $layer', ({ layer, channels, size }) => {
    expect(outputShapes(network).get(layer)).toEqual({ channels, size });
  });

  test('takes another number of classes: only the score heads grow', () => {
    const other = readNetwork({ ...json(), classes: 2 });
    const filters = convolutions(other).filter(({ name }) => name.startsWith('tap2'));
    expect(filters.map((one) => [one.name, one.filters])).toEqual([
      ['tap2.loc', 24],
      ['tap2.conf', 18],
    ]);
  });
});

describe('a network.json with a mistake is refused, and the message says where:', () => {
  test.each<{ name: string; spoil: (network: Json) => unknown; place: string }>([
    { name: 'no object', spoil: () => [], place: 'network.json: expected an object, got []' },
    {
      name: 'no classes',
      spoil: (n) => ({ ...n, classes: 0 }),
      place: 'network.json: classes: expected a whole',
    },
    {
      name: 'no layers',
      spoil: (n) => ({ ...n, layers: [] }),
      place: 'network.json: layers: expected a list',
    },
    {
      name: 'channels in the order of OpenCV',
      spoil: (n) => ({ ...n, input: { size: 300, channels: ['blue', 'green', 'red'] } }),
      place: 'expected input channels red, green, blue, got blue, green, red',
    },
    {
      name: 'unknown kind',
      spoil: (n) => Object.assign(n.layers[0] ?? {}, { kind: 'lstm' }) && n,
      place: 'layers[0]: kind: expected one of conv, fire, maxpool',
    },
    {
      name: 'no filters',
      spoil: (n) => Object.assign(n.layers[0] ?? {}, { filters: '57' }) && n,
      place: 'layers[0]: filters: expected a whole number from 1 on, got "57"',
    },
    {
      name: 'a name twice',
      spoil: (n) => Object.assign(n.layers[1] ?? {}, { name: 'conv1' }) && n,
      place: 'each name once, got conv1 twice',
    },
    {
      name: 'a head on no layer',
      spoil: (n) => Object.assign(n.heads[0] ?? {}, { layer: 'fire11' }) && n,
      place: 'expected tap1 to read a layer, got fire11',
    },
    {
      name: 'three variances',
      spoil: (n) => ({ ...n, variances: [1, 1, 1] }),
      place: 'variances: expected 4 numbers',
    },
  ])('$name', ({ spoil, place }) => {
    expect(() => readNetwork(spoil(json()))).toThrow(
      expect.objectContaining({ code: 'MODEL_INVALID', message: expect.stringContaining(place) }),
    );
  });

  test('layers that leave nothing of the picture', () => {
    const spoilt = json();
    Object.assign(spoilt.layers[0] ?? {}, { kernel: 301 });
    expect(() => countNetwork(readNetwork(spoilt))).toThrow(/expected conv1 to leave 1 cell or more, got 0/);
  });
});
