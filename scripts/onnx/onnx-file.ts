import type { TensorPlace } from '../../src/detector/safetensors.ts';
import { message } from './protobuf.ts';

// Field numbers and enumerations below are those of onnx.proto3
// (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto3).
const elementType = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, float16: 10 } as const;
/** Element type of float32, as Cast takes it. */
export const FLOAT32 = elementType.float32;
type ElementType = keyof typeof elementType;
const attributeType = { int: 2, string: 3, ints: 7 } as const;
const EXTERNAL = 1;

const OPSET = 18;
/** The intermediate representation that came with opset 18 (onnx/docs/Versioning.md). */
const IR_VERSION = 8;

export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

/** What a graph reads or gives. A side is a number, or a name where it may differ from call to call. */
export interface Port {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly (number | string)[];
}

/** Collects nodes and constants and writes them as an ONNX model; values are known by name. */
export class OnnxFile {
  readonly #nodes: Uint8Array[] = [];
  readonly #constants = new Map<string, Uint8Array>();

  /** One node with one output, which has the name of the node. */
  node(name: string, operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const encoded = Object.entries(attributes).map(([key, value]) => attribute(key, value));
    this.#nodes.push(message([1, inputs], [2, name], [3, name], [4, operator], [5, encoded]));
    return name;
  }

  /** A small list of whole numbers. Equal ones may share a name. */
  integers(name: string, values: readonly number[]): string {
    return this.constant(name, 'int64', [values.length], BigInt64Array.from(values, BigInt));
  }

  /** Values in the file itself, row-major; their order of bytes must be this machine's and little-endian. */
  constant(name: string, type: ElementType, shape: readonly number[], values: ArrayBufferView): string {
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    this.#constants.set(name, message([1, shape], [2, elementType[type]], [8, name], [9, bytes]));
    return name;
  }

  /** Weights that stay in a file next to the model. */
  external(name: string, file: string, { shape, offset, length }: TensorPlace): string {
    const where = Object.entries({ location: file, offset, length }).map(([key, value]) =>
      message([1, key], [2, String(value)]),
    );
    const tensor = message([1, shape], [2, elementType.float16], [8, name], [13, where], [14, EXTERNAL]);
    this.#constants.set(name, tensor);
    return name;
  }

  /** The file's bytes. */
  bytes(name: string, inputs: readonly Port[], outputs: readonly Port[]): Uint8Array {
    const graph = message(
      [1, this.#nodes],
      [2, name],
      [5, [...this.#constants.values()]],
      [11, inputs.map(port)],
      [12, outputs.map(port)],
    );
    return message([1, IR_VERSION], [2, 'falconet'], [7, graph], [8, message([1, ''], [2, OPSET])]);
  }
}

function attribute(name: string, value: number | string | readonly number[]): Uint8Array {
  if (typeof value === 'number') return message([1, name], [3, value], [20, attributeType.int]);
  if (typeof value === 'string') return message([1, name], [4, value], [20, attributeType.string]);
  return message([1, name], [8, value], [20, attributeType.ints]);
}

function port({ name, type, shape }: Port): Uint8Array {
  const sides = shape.map((side) => message([typeof side === 'number' ? 1 : 2, side]));
  const tensor = message([1, elementType[type]], [2, message([1, sides])]);
  return message([1, name], [2, message([1, tensor])]);
}
