// Writes what comes from the zod schemas: JSON Schemas, the reference of the configuration, its example.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { configSchema } from '../src/config/schema.ts';
import { packageRoot } from '../src/core/package-root.ts';
import { eventSchema } from '../src/core/schema/event.ts';
import { exampleFile } from './reference/example.ts';
import { referencePage } from './reference/page.ts';

/** Each generated file: its path within the package and its text. */
export function generatedFiles(): { readonly path: string; readonly text: string }[] {
  const introduction = readFileSync(join(packageRoot, 'scripts/reference/introduction.md'), 'utf8');
  return [
    { path: 'schemas/event-1.schema.json', text: jsonSchema(eventSchema) },
    { path: 'schemas/config.schema.json', text: jsonSchema(configSchema) },
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
