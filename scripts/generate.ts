// Writes what comes from the zod schemas: JSON Schemas, the reference of the configuration, its example.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { configSchema } from '../src/config/schema.ts';
import { packageRoot } from '../src/core/package-root.ts';
import {
  bridgeHealthSchema,
  bridgeInfoSchema,
  bridgeStateSchema,
  logLineSchema,
} from '../src/core/schema/bridge.ts';
import { cameraStateSchema } from '../src/core/schema/camera-state.ts';
import { eventSchema } from '../src/core/schema/event.ts';
import { answerSchema, requestSchemas, transactionSchema } from '../src/core/schema/request.ts';
import {
  countSchema,
  frameDetectionsSchema,
  lineCountSchema,
  onOffSchema,
  thresholdSchema,
} from '../src/core/schema/topics.ts';
import { exampleFile } from './reference/example.ts';
import { referencePage } from './reference/page.ts';

/** Of what leaves the house, and of the configuration, by the name of their file. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = {
  'event-1': eventSchema,
  'camera-state-1': cameraStateSchema,
  'count-1': countSchema,
  'line-count-1': lineCountSchema,
  'on-off-1': onOffSchema,
  'threshold-1': thresholdSchema,
  'bridge-state-1': bridgeStateSchema,
  'bridge-info-1': bridgeInfoSchema,
  'bridge-health-1': bridgeHealthSchema,
  'frame-detections-1': frameDetectionsSchema,
  'log-line-1': logLineSchema,
  'response-1': answerSchema,
  ...Object.fromEntries(
    Object.entries(requestSchemas).map(([verb, schema]) => [
      `request-${verb.replace('/', '-')}-1`,
      asRequest(verb, schema),
    ]),
  ),
  config: configSchema,
};

/** What is asked for, and the transaction that comes back with the answer. */
function asRequest(verb: string, schema: z.ZodObject): z.ZodType {
  return schema
    .extend({ transaction: transactionSchema.optional() })
    .meta({ $id: `falconet/request/${verb}/1`, title: `Request: ${verb}` });
}

/** Each generated file: its path within the package and its text. */
export function generatedFiles(): { readonly path: string; readonly text: string }[] {
  const introduction = readFileSync(join(packageRoot, 'scripts/reference/introduction.md'), 'utf8');
  return [
    ...Object.entries(SCHEMAS).map(([name, schema]) => ({
      path: `schemas/${name}.schema.json`,
      text: jsonSchema(schema),
    })),
    { path: 'docs/config.md', text: referencePage(introduction) },
    { path: 'falconet.example.yml', text: exampleFile() },
  ];
}

/**
 * JSON Schema, draft 2020-12. Of an event input and output are the same; of the configuration it is what a user may
 * write, defaults left out.
 */
function jsonSchema(schema: z.ZodType): string {
  return `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`;
}

if (import.meta.main) {
  for (const { path, text } of generatedFiles()) {
    mkdirSync(dirname(join(packageRoot, path)), { recursive: true });
    writeFileSync(join(packageRoot, path), text);
    console.log(`wrote ${path}`);
  }
}
