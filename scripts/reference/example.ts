import {
  blockOfMap,
  blocksOfList,
  configJsonSchema,
  type JsonSchema,
  type Setting,
  settingsOf,
  valuesOf,
} from './setting.ts';

const HEAD = `# Every key of a configuration of Falconet. What has a # in front of its key is optional, and stands at its
# default where it has one; take the # away to change it. docs/config.md says more.`;

/** falconet.example.yml: valid as it stands; of the keys with a `#` some exclude each other. */
export function exampleFile(): string {
  const parts = settingsOf(configJsonSchema()).map((setting) => linesOf(setting, '', true).join('\n'));
  return `${[HEAD, ...parts].join('\n\n')}\n`;
}

/** @param isBlockInUse - of the block that holds the setting. */
function linesOf(setting: Setting, indent: string, isBlockInUse: boolean): string[] {
  const { key, schema, isRequired } = setting;
  const isInUse = isBlockInUse && (isRequired || schema.shown === true);
  const inner = innerLines(schema, `${indent}  `, isInUse);
  const value = inner === undefined ? ` ${JSON.stringify(sample(schema))}` : '';
  return [...remarkOf(setting, indent), `${indent}${isInUse ? '' : '#'}${key}:${value}`, ...(inner ?? [])];
}

/** What stands below a key; undefined where a value stands beside it. */
function innerLines(schema: JsonSchema, indent: string, isInUse: boolean): string[] | undefined {
  const map = blockOfMap(schema);
  if (map !== undefined) {
    const name = `${indent}${isInUse ? '' : '#'}${sample(schema)}:`;
    return [name, ...blockLines(map, `${indent}  `, isInUse)];
  }
  const list = blocksOfList(schema);
  if (list !== undefined) return list.flatMap((block) => entryLines(block, indent));
  return schema.properties === undefined ? undefined : blockLines(schema, indent, isInUse);
}

function blockLines(block: JsonSchema, indent: string, isInUse: boolean): string[] {
  return settingsOf(block).flatMap((setting) => linesOf(setting, indent, isInUse));
}

/** A block as an entry of a list, which is not in use. */
function entryLines(block: JsonSchema, indent: string): string[] {
  return settingsOf(block).flatMap((setting, i) => {
    const { key, schema } = setting;
    const remarkIndent = i === 0 ? indent : `${indent}  `;
    const dash = i === 0 ? `${indent}#- ` : `${indent}  #`;
    return [...remarkOf(setting, remarkIndent), `${dash}${key}: ${JSON.stringify(sample(schema))}`];
  });
}

function remarkOf({ schema }: Setting, indent: string): string[] {
  const { title = '' } = schema;
  const values = schema.const === undefined ? valuesOf(schema) : '';
  const text = values === '' || values === 'a text' ? title : `${title}: ${values}`;
  return text === '' ? [] : [`${indent}# ${text}`];
}

function sample({ const: only, default: standard, examples, minimum }: JsonSchema): unknown {
  return only ?? standard ?? examples?.[0] ?? minimum ?? '';
}
