import { readFile } from 'node:fs/promises';
import util from 'node:util';
import type { Model } from '../manifest.ts';
import { tfjsGraph } from '../tfjs-graph.ts';
import type { Engine } from './engine.ts';

/** TensorFlow's native library under TensorFlow.js, where its native part was built. */
export async function loadTfjs({ network, files }: Model): Promise<Engine> {
  // tfjs-node 4.22 still calls two functions that Node 23 removed.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray });
  const { default: tf } = await import('@tensorflow/tfjs-node');
  const run = tfjsGraph(tf, network, await readFile(files.weights));
  return { name: 'tfjs', version: `tfjs-node ${tf.version['tfjs-node']}`, run };
}
