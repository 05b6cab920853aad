import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { lookAtPictures } from '../../src/cli/eval/look.ts';
import { FLOOR, runModel } from '../../src/cli/eval/run-model.ts';
import { countNetwork } from '../../src/detector/convolutions.ts';
import { loadEngine } from '../../src/detector/engines/load.ts';
import { oneThread } from '../../src/detector/engines/ort.ts';
import type { Model } from '../../src/detector/manifest.ts';
import type { Faults } from '../../src/eval/faults.ts';
import type { Judged, Truth } from '../../src/eval/truth.ts';
import type { Picture } from '../../src/media/image.ts';
import { type Form, formName } from '../card/forms.ts';
import { countGraph, type GraphCounts } from './count-graph.ts';
import type { Peer } from './peer.ts';

/** A detector to compare, loaded. */
export interface Contender extends GraphCounts {
  readonly name: string;
  readonly trainedOn: string;
  /** Of all files that it needs. */
  readonly bytes: number;
  look(truths: readonly Truth[], onDone: (count: number) => void): Promise<readonly Judged[]>;
  /** Runs the network once on one thread of this process: nothing before it and nothing after. */
  runOnce(): Promise<unknown>;
}

/** @param sample - the picture that `runOnce` is fed. */
export async function peerContender(
  peer: Peer,
  { folder, sample, faults }: { folder: string; sample: Picture; faults: Faults },
): Promise<Contender> {
  const path = join(folder, peer.file);
  const session = await InferenceSession.create(path, { ...oneThread, logSeverityLevel: 3 });
  const [input = ''] = session.inputNames;
  const run = async (values: Float32Array) =>
    session.run({ [input]: new Tensor('float32', values, peer.shape) });
  const detectOne = async (picture: Picture) => {
    const outputs = await run(peer.prepare(picture));
    const floats = session.outputNames.map((name) => outputs[name]?.data as Float32Array);
    return peer.read(floats, picture, FLOOR);
  };
  const ready = peer.prepare(sample);
  return {
    name: peer.name,
    trainedOn: peer.trainedOn,
    bytes: (await stat(path)).size,
    ...(await countGraph(path, peer.shape)),
    look: (truths, onDone) =>
      lookAtPictures({
        detector: { processes: 1, detect: (jobs) => Promise.all(jobs.map(({ frame }) => detectOne(frame))) },
        ...{ truths, faults, onDone },
        signal: new AbortController().signal,
      }),
    runOnce: () => run(ready),
  };
}

/** One form of a model of ours; cutting and scaling the picture are part of its graph. */
export async function ownContender(
  model: Model,
  { engine, precision, sample, faults }: Form & { sample: Picture; faults: Faults },
): Promise<Contender> {
  const { width, height, data } = sample;
  const loaded = await loadEngine(engine, model, precision);
  const { parameters, multiplyAccumulates } = countNetwork(model.network);
  const sizes = await Promise.all(
    formFiles(model, { engine, precision }).map(async (file) => (await stat(file)).size),
  );
  return {
    name: `${model.name}, ${formName({ engine, precision })}`,
    trainedOn: 'COCO, VOC, more',
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    ...{ parameters, multiplyAccumulates },
    async look(truths, onDone) {
      const run = await runModel({ model, engine, precision, truths, faults });
      onDone(truths.length);
      return run?.judged ?? [];
    },
    runOnce: () => loaded.run(data, width, height, { x: 0, y: 0, width, height }),
  };
}

/** Graph and weights; that of int8 has its own. */
function formFiles({ files }: Model, { engine, precision }: Form): string[] {
  if (precision === 'int8') return files.int8 === undefined ? [] : [files.int8];
  return [engine === 'wasm' ? files.wasm : files.onnx, files.weights];
}
