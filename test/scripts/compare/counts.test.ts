import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { countPublished, squeezeDet, tinyYolo } from '../../../scripts/compare/published.ts';
import { OnnxFile } from '../../../scripts/onnx/onnx-file.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

test('the layers of Tiny YOLO and SqueezeDet give the sizes that their authors publish', () => {
  const yolo = countPublished(tinyYolo);
  // darknet's file has, besides, three values a filter for batch norms and a head of 16 bytes.
  const normalised = 16 + 32 + 64 + 128 + 256 + 512 + 1024 + 1024;
  expect(4 * (yolo.parameters + 3 * normalised) + 16).toBe(63_471_556);
  // darknet's page of YOLO v2: 6.97 Bn operations, two to a multiply-accumulate.
  expect(yolo.multiplyAccumulates / 1e9).toBeCloseTo(6.97 / 2, 2);
  // The paper has 7.9 MB.
  expect((4 * countPublished(squeezeDet).parameters) / 2 ** 20).toBeCloseTo(7.9, 1);
});

const native = await import('onnxruntime-node').catch(() => undefined);

// npm leaves the optional onnxruntime-node out where it has no build.
test.skipIf(native === undefined)(
  'a graph is counted by what the runtime met in it, groups and all',
  async () => {
    const { countGraph } = await import('../../../scripts/compare/count-graph.ts');
    const file = new OnnxFile();
    const weights = (name: string, shape: readonly number[]) =>
      file.constant(name, 'float32', shape, new Float32Array(shape.reduce((all, side) => all * side, 1)));
    const padded = { pads: [1, 1, 1, 1], kernel_shape: [3, 3] };
    file.node('wide', 'Conv', ['image', weights('w1', [8, 3, 3, 3]), weights('b1', [8])], {
      ...padded,
      strides: [2, 2],
    });
    file.node('deep', 'Conv', ['wide', weights('w2', [8, 1, 3, 3])], { ...padded, group: 8 });
    const port = (name: string, shape: readonly number[]) => ({ name, type: 'float32' as const, shape });
    const path = join(tempFolder(), 'two.onnx');
    writeFileSync(path, file.bytes('two', [port('image', [1, 3, 10, 6])], [port('deep', [1, 8, 5, 3])]));
    expect(await countGraph(path, [1, 3, 10, 6])).toEqual({
      parameters: 8 * 27 + 8 + 8 * 9,
      multiplyAccumulates: 5 * 3 * (8 * 27 + 8 * 9),
    });
  },
);
