import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { packageRoot } from '../../src/core/package-root.ts';

/** Below the base topic, and which published schema holds there. */
const SCHEMAS: readonly (readonly [topic: RegExp, schema: string])[] = [
  [/^bridge\/state$/, 'bridge-state-1'],
  [/^bridge\/info$/, 'bridge-info-1'],
  [/^bridge\/health$/, 'bridge-health-1'],
  [/^bridge\/logging$/, 'log-line-1'],
  [/^camera\/[^/]+\/detections$/, 'frame-detections-1'],
  [/^bridge\/response\/.+$/, 'response-1'],
  [/^camera\/[^/]+\/state$/, 'camera-state-1'],
  [/^camera\/[^/]+\/event$/, 'event-1'],
  [/^camera\/[^/]+\/motion$/, 'on-off-1'],
  [/^camera\/[^/]+\/(?:zone\/[^/]+\/)?count\/[^/]+$/, 'count-1'],
  [/^camera\/[^/]+\/zone\/[^/]+\/(?:occupied|crowded)$/, 'on-off-1'],
  [/^camera\/[^/]+\/line\/[^/]+\/[^/]+$/, 'line-count-1'],
  [/^camera\/[^/]+\/(?:enabled|detect|record)\/state$/, 'on-off-1'],
  [/^camera\/[^/]+\/threshold\/[^/]+\/state$/, 'threshold-1'],
];
/** What a request brings, by its verb. */
const REQUEST = /^bridge\/request\/(.+)$/;
const PICTURE = /^camera\/[^/]+\/(?:image\/[^/]+|snapshot)$/;

const validators = new Map<string, ValidateFunction>();

/** What is wrong with a payload by the schema that is published for its topic; undefined when all is well. */
export function payloadFault(topic: string, payload: Buffer, baseTopic = 'falconet'): string | undefined {
  if (payload.length === 0) return undefined; // it is taken off the broker
  const below = topic.slice(baseTopic.length + 1);
  if (PICTURE.test(below)) return payload.readUInt16BE() === 0xffd8 ? undefined : `${topic}: no JPEG`;
  const name = schemaOf(below);
  if (name === undefined) return `${topic}: no schema is published for it`;
  const validate = validatorOf(name);
  const text = payload.toString();
  const value: unknown = name === 'on-off-1' ? text : JSON.parse(text);
  return validate(value) ? undefined : `${topic}: ${JSON.stringify(validate.errors)}: ${text}`;
}

/** Name of the schema that holds below the base topic. */
export function schemaOf(below: string): string | undefined {
  const verb = REQUEST.exec(below)?.[1];
  if (verb !== undefined) return `request-${verb.replace('/', '-')}-1`;
  return SCHEMAS.find(([topic]) => topic.test(below))?.[1];
}

function validatorOf(name: string): ValidateFunction {
  const known = validators.get(name);
  if (known !== undefined) return known;
  const schema = JSON.parse(readFileSync(join(packageRoot, `schemas/${name}.schema.json`), 'utf8'));
  const validate = new Ajv2020({ validateFormats: false }).compile(schema);
  validators.set(name, validate);
  return validate;
}
