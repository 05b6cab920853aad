// What the reference page and the example tell of the configuration, read from its JSON Schema.
import { z } from 'zod';
import { configSchema } from '../../src/config/schema.ts';

/** The parts of JSON Schema (draft 2020-12) that zod writes, and what the schema's `meta` adds. */
export interface JsonSchema {
  readonly type?: string;
  readonly title?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  /** What a text has to be, in words. */
  readonly expected?: string;
  /** No message holds the value. */
  readonly secret?: boolean;
  /** What a reload does where the part differs. */
  readonly reload?: string;
  /** Optional, and yet what most will want. */
  readonly shown?: boolean;
}

export interface Setting {
  readonly key: string;
  readonly schema: JsonSchema;
  readonly isRequired: boolean;
}

/** What a user may write: no defaults filled in. */
export function configJsonSchema(): JsonSchema {
  return z.toJSONSchema(configSchema, { io: 'input' }) as JsonSchema;
}

/** The keys of a block, in the order of the schema. */
export function settingsOf({ properties = {}, required = [] }: JsonSchema): Setting[] {
  return Object.entries(properties).map(([key, schema]) => ({
    key,
    schema,
    isRequired: required.includes(key),
  }));
}

/** The block below each name of a map such as `cameras`; undefined for what is no map. */
export function blockOfMap({ additionalProperties }: JsonSchema): JsonSchema | undefined {
  return typeof additionalProperties === 'object' ? additionalProperties : undefined;
}

/** The blocks that a list such as `sinks` takes; undefined for what is no list of blocks. */
export function blocksOfList({ items }: JsonSchema): readonly JsonSchema[] | undefined {
  return items?.properties === undefined ? (items?.oneOf ?? items?.anyOf) : [items];
}

/** What may be written, in words: `a number from 0.1 to 30`. */
export function valuesOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return String(schema.const);
  if (schema.enum !== undefined) return schema.enum.join(', ');
  if (schema.expected !== undefined) return schema.expected;
  if (schema.anyOf !== undefined) return schema.anyOf.map(valuesOf).join(', or ');
  if (schema.type === 'boolean') return 'true, false';
  if (schema.type === 'number' || schema.type === 'integer') return numbersOf(schema);
  return schema.type === 'string' ? 'a text' : '';
}

function numbersOf({ type, minimum, maximum }: JsonSchema): string {
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  const from = minimum === undefined ? '' : ` from ${minimum}`;
  const to = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? '' : ` to ${maximum}`;
  return kind + from + to;
}
