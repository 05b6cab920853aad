import {
  blockOfMap,
  blocksOfList,
  configJsonSchema,
  type JsonSchema,
  type Setting,
  settingsOf,
  valuesOf,
} from './setting.ts';

/** docs/config.md: each key of the configuration in a table of its block. */
export function referencePage(introduction: string): string {
  const schema = configJsonSchema();
  const alone = settingsOf(schema).filter(({ schema: value }) => isValue(value));
  const blocks = settingsOf(schema).filter(({ schema: value }) => !isValue(value));
  const top = [
    '## At the top',
    '',
    ...table(alone),
    ...alone.flatMap(({ key, schema: { reload } }) =>
      reload === undefined ? [] : ['', `When \`${key}\` differs on a reload: ${reload}.`],
    ),
  ];
  return [
    introduction.trimEnd(),
    '',
    ...top,
    ...blocks.flatMap((setting) => ['', ...section(setting, [], 2)]),
    '',
  ].join('\n');
}

function isValue(schema: JsonSchema): boolean {
  return (
    schema.properties === undefined && blockOfMap(schema) === undefined && blocksOfList(schema) === undefined
  );
}

function section({ key, schema }: Setting, above: readonly string[], level: number): string[] {
  const path = [...above, key];
  const heading = `${'#'.repeat(level)} \`${path.join('.')}\``;
  const { title, reload } = schema;
  const words = [
    title === undefined ? '' : `${title}.`,
    reload === undefined ? '' : `On a reload: ${reload}.`,
  ];
  const text = words.filter((word) => word !== '').join(' ');
  const list = blocksOfList(schema);
  if (list !== undefined)
    return [heading, '', text, ...list.flatMap((block) => ['', ...table(settingsOf(block))])];
  const map = blockOfMap(schema);
  const block = map ?? schema;
  const place = map === undefined ? path : [...path, '<name>'];
  const values = settingsOf(block).filter((setting) => isValue(setting.schema));
  const inner = settingsOf(block).filter((setting) => !isValue(setting.schema));
  return [
    heading,
    '',
    text,
    '',
    ...table(values),
    ...inner.flatMap((setting) => ['', ...section(setting, place, level + 1)]),
  ];
}

function table(settings: readonly Setting[]): string[] {
  const rows = settings.map(({ key, schema, isRequired }) => {
    const note = isRequired ? 'required' : schema.default === undefined ? '' : code(schema.default);
    const example = schema.examples?.[0];
    return row([
      `\`${key}\``,
      schema.title ?? '',
      valuesOf(schema),
      note,
      example === undefined ? '' : code(example),
    ]);
  });
  return [row(['key', 'what', 'values', 'default', 'example']), '|---|---|---|---|---|', ...rows];
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(value: unknown): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}
