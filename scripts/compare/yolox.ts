import type { Box } from '../../src/core/box.ts';
import type { Detection } from '../../src/core/detection.ts';
import { nms } from '../../src/detector/nms.ts';
import type { Picture } from '../../src/media/image.ts';
import type { Peer } from './peer.ts';
import { planes, stretched } from './stretched.ts';

const SIDE = 416;
const STRIDES = [8, 16, 32];
const GREY = 114;
/** `nmsthre` of YOLOX's evaluation (Ge et al., arXiv 2107.08430; exps/default/yolox_nano.py). */
const NMS_IOU = 0.65;

/**
 * YOLOX-Nano (Ge et al., arXiv 2107.08430): raw BGR, fitted into a square with grey at the right and bottom.
 *
 * @param labelOf - of a class by its number, or undefined for one that is not judged.
 */
export function yoloxNano(labelOf: (index: number) => string | undefined): Peer {
  return {
    name: 'YOLOX-Nano',
    file: 'yolox_nano.onnx',
    trainedOn: 'COCO',
    shape: [1, 3, SIDE, SIDE],
    prepare: (picture) => blueFirst(planes(letterbox(picture), (byte) => byte)),
    read([rows = new Float32Array()], picture, floor) {
      const grid = cells();
      const values = rows.length / grid.length;
      const scale = scaleOf(picture);
      const [width, height] = [picture.width * scale, picture.height * scale];
      const found = grid.flatMap((cell, index) => {
        const [box, scores] = readCell(rows.subarray(index * values, (index + 1) * values), cell);
        const [x, y, wide, high] = box;
        const inPicture = [x / width, y / height, wide / width, high / height] as const;
        return scores.flatMap((score, index): Detection[] => {
          const label = labelOf(index);
          return label === undefined || score < floor ? [] : [{ label, score, box: inPicture }];
        });
      });
      return nms(found, NMS_IOU);
    },
  };
}

interface Cell {
  readonly column: number;
  readonly row: number;
  readonly stride: number;
}

/** Of all levels, in the order of the output's rows. */
function cells(): Cell[] {
  return STRIDES.flatMap((stride) => {
    const side = SIDE / stride;
    return Array.from({ length: side ** 2 }, (_, index) => ({
      column: index % side,
      row: Math.floor(index / side),
      stride,
    }));
  });
}

/**
 * Box in pixels of the input, and a score for each class.
 *
 * @param row - offsets of the centre and logarithms of the size in cells, objectness, a score for each class.
 */
function readCell(row: Float32Array, { column, row: down, stride }: Cell): [Box, number[]] {
  const [x = 0, y = 0, width = 0, height = 0, objectness = 0, ...scores] = row;
  const [wide, high] = [Math.exp(width) * stride, Math.exp(height) * stride];
  const box = [(x + column) * stride - wide / 2, (y + down) * stride - high / 2, wide, high] as const;
  return [box, scores.map((score) => objectness * score)];
}

function scaleOf({ width, height }: Picture): number {
  return Math.min(SIDE / width, SIDE / height);
}

function letterbox(picture: Picture): Uint8Array {
  const scale = scaleOf(picture);
  const [width, height] = [Math.floor(picture.width * scale), Math.floor(picture.height * scale)];
  const fitted = stretched(picture, width, height);
  const square = new Uint8Array(SIDE * SIDE * 3).fill(GREY);
  for (let row = 0; row < height; row++) {
    square.set(fitted.subarray(3 * row * width, 3 * (row + 1) * width), 3 * row * SIDE);
  }
  return square;
}

function blueFirst(rgb: Float32Array): Float32Array {
  const plane = rgb.length / 3;
  const out = new Float32Array(rgb.length);
  for (const index of [0, 1, 2])
    out.set(rgb.subarray(index * plane, (index + 1) * plane), (2 - index) * plane);
  return out;
}
