import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';

export interface GraphCounts {
  /** Weights and biases of the convolutions, batch norms folded where the runtime can. */
  readonly parameters: number;
  /** Of the convolutions, for one picture; biases not counted. */
  readonly multiplyAccumulates: number;
}

/** What the runtime's profile says of one node; each shape under the name of its type. */
interface ProfileEntry {
  readonly name: string;
  readonly args?: {
    readonly op_name?: string;
    readonly input_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
    readonly output_type_shape?: readonly Readonly<Record<string, readonly number[]>>[];
  };
}

/** How large a graph of convolutions is, by the shapes that ONNX Runtime itself met when it ran it once. */
export async function countGraph(path: string, shape: readonly number[]): Promise<GraphCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'falconet-count-'));
  try {
    const session = await InferenceSession.create(path, {
      enableProfiling: true,
      profileFilePrefix: join(folder, 'profile'),
      // Folds batch norms, and leaves the convolutions what they are.
      graphOptimizationLevel: 'basic',
      logSeverityLevel: 3,
    });
    const input = new Tensor('float32', new Float32Array(product(shape)), shape);
    await session.run({ [session.inputNames[0] as string]: input });
    session.endProfiling();
    const [profile] = readdirSync(folder);
    return countProfile(JSON.parse(readFileSync(join(folder, String(profile)), 'utf8')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function countProfile(entries: readonly ProfileEntry[]): GraphCounts {
  let parameters = 0;
  let multiplyAccumulates = 0;
  for (const { name, args } of entries) {
    if (args?.op_name !== 'Conv' || !name.endsWith('_kernel_time')) continue;
    const [, weights = [], biases] = (args.input_type_shape ?? []).map(onlyShape);
    const [output = []] = (args.output_type_shape ?? []).map(onlyShape);
    parameters += product(weights) + (biases === undefined ? 0 : product(biases));
    // Each output value takes one filter: the weights without their first side.
    multiplyAccumulates += product(output) * product(weights.slice(1));
  }
  return { parameters, multiplyAccumulates };
}

function onlyShape(typed: Readonly<Record<string, readonly number[]>>): readonly number[] {
  return Object.values(typed)[0] ?? [];
}

function product(sides: readonly number[]): number {
  return sides.reduce((total, side) => total * side, 1);
}
