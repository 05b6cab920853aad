import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { parse, type ScalarTag } from 'yaml';
import { packageRoot } from '../../../src/core/package-root.ts';
import { anEvent } from '../../helpers/events.ts';
import { skipFor } from '../../helpers/installed.ts';
import { jinjaPath, renderAll } from '../../helpers/jinja.ts';

const inputs: string[] = [];
/** What the user has chosen stands where the blueprint says so. */
const input: ScalarTag = {
  tag: '!input',
  resolve(name) {
    inputs.push(name);
    return `input of ${name}`;
  },
};
const path = 'examples/homeassistant/somebody-in-a-zone.yaml';
const { blueprint, triggers, conditions, actions, variables, ...rest } = parse(
  readFileSync(join(packageRoot, path), 'utf8'),
  { customTags: [input] },
);

test('every choice that the blueprint offers is used, and none is used that it does not offer', () => {
  expect(blueprint.domain).toBe('automation');
  expect([...new Set(inputs)].sort()).toEqual(Object.keys(blueprint.input).sort());
  expect(Object.keys(rest).sort()).toEqual(['max', 'mode', 'trigger_variables']);
  expect(Object.keys(variables)).toEqual(['zone', 'label', 'picture']);
});

describe('its templates, rendered by Jinja2,', () => {
  const isThere = jinjaPath() !== undefined;
  beforeEach((context) => {
    if (!isThere) skipFor(context, 'Python has no Jinja2');
  });
  const [condition] = conditions;
  const chosen = { zone: 'gate', label: 'person' };
  const entered = anEvent({ reason: ['confirmed', 'zone-enter:gate'] });
  const render = (template: string, event = entered) =>
    renderAll([{ template, variables: { ...chosen, trigger: { payload_json: event } } }])[0];

  test('listen where the events of the camera are', () => {
    const [topic] = renderAll([
      { template: triggers[0].topic, variables: { base_topic: 'falconet', camera: 'drive' } },
    ]);
    expect(topic).toBe('falconet/camera/drive/event');
  });

  test.each([
    { name: 'somebody who is in the zone at once', event: entered, expected: 'True' },
    {
      name: 'somebody who enters it later',
      event: anEvent({ type: 'update', reason: ['zone-enter:gate'] }),
      expected: 'True',
    },
    { name: 'another zone', event: anEvent({ reason: ['zone-enter:gate2'] }), expected: 'False' },
    { name: 'another label', event: { ...entered, label: 'cat' }, expected: 'False' },
    { name: 'somebody who leaves', event: anEvent({ reason: ['zone-leave:gate'] }), expected: 'False' },
    { name: 'what comes late', event: { ...entered, late_s: 61 }, expected: 'False' },
  ])('tell of $name: $expected', ({ event, expected }) => {
    expect(render(condition.value_template, event)).toBe(expected);
  });

  test('say who is where, once for each object', () => {
    const [{ title, message, data }] = actions;
    expect([title, message, data.tag].map((template) => render(template))).toEqual([
      'drive: person',
      'A person is in gate.',
      entered.id,
    ]);
  });
});
