import type { Detection } from '../../src/core/detection.ts';
import { nms } from '../../src/detector/nms.ts';
import type { Peer } from './peer.ts';
import { planes, stretched } from './stretched.ts';

const SIDE = 320;
/** Centre x and y, width, height in 0..1, objectness, then a score for each of VOC's classes. */
const CENTRE_BOX = 4;
/** As `darknet detector map` has it. */
const NMS_IOU = 0.45;

/** One of dog-qiuqiu's detectors (github.com/dog-qiuqiu/MobileNet-Yolo), converted from its darknet files. */
export function mobilenetYolo(name: string, labels: readonly string[]): Peer {
  return {
    name,
    file: `${name}.onnx`,
    trainedOn: 'VOC',
    shape: [1, 3, SIDE, SIDE],
    prepare: (picture) => planes(stretched(picture, SIDE, SIDE), (byte) => byte / 255),
    read: ([boxes = new Float32Array()], _, floor) => nms(readRows(boxes, labels, floor), NMS_IOU),
  };
}

function readRows(boxes: Float32Array, labels: readonly string[], floor: number): Detection[] {
  const found: Detection[] = [];
  const values = CENTRE_BOX + 1 + labels.length;
  for (let at = 0; at < boxes.length; at += values) {
    const [x = 0, y = 0, width = 0, height = 0, objectness = 0, ...scores] = boxes.subarray(at, at + values);
    for (const [index, classScore] of scores.entries()) {
      const score = objectness * classScore;
      if (score < floor) continue;
      const box = [x - width / 2, y - height / 2, width, height] as const;
      found.push({ label: labels[index] as string, score, box });
    }
  }
  return found;
}
