// Writes the JSON Schemas that the package publishes, from the zod schemas that the code checks with.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../src/core/package-root.ts';
import { eventSchema } from '../src/core/schema/event.ts';

/** Each published schema: its path within the package and its text (JSON Schema, draft 2020-12). */
export function schemaFiles(): { readonly path: string; readonly text: string }[] {
  return [{ path: 'schemas/event-1.schema.json', text: toText(eventSchema) }];
}

function toText(schema: z.ZodType): string {
  // What is sent is what a consumer reads, so input and output must not differ: no defaults, no transforms.
  return `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`;
}

if (import.meta.main) {
  for (const { path, text } of schemaFiles()) {
    mkdirSync(dirname(join(packageRoot, path)), { recursive: true });
    writeFileSync(join(packageRoot, path), text);
    console.log(`wrote ${path}`);
  }
}
