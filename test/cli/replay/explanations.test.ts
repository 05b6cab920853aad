import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { explanationJson, explanationText } from '../../../src/cli/replay/explanation-text.ts';
import { gatherExplanations } from '../../../src/cli/replay/explanations.ts';
import type { Verdict } from '../../../src/core/verdict.ts';
import { anEvent } from '../../helpers/events.ts';

const START = Date.parse('2026-11-24T08:00:00.000Z');

function verdict(track: number, seconds: number, rule: string, fired: boolean, why: string): Verdict {
  return { track, label: track === 1 ? 'person' : 'car', at: START + seconds * 1_000, rule, fired, why };
}

/** A person that becomes an event and walks through a zone, and a car that the model is not sure of. */
function gathered() {
  const explanations = gatherExplanations();
  explanations.add([
    verdict(1, 1, 'confirmed', false, '1 of 3'),
    verdict(1, 1, 'zone:gate', false, 'outside'),
  ]);
  explanations.add([
    verdict(1, 2, 'confirmed', true, '3 of 3'),
    verdict(1, 2, 'zone:gate', true, 'inside for 0 s'),
    verdict(2, 2, 'score', false, 'median score 0.2, asked for 0.4'),
  ]);
  const track = { ...anEvent().track, id: 1 };
  explanations.sent(anEvent({ id: 'drive-1', track, time: '2026-11-24T08:00:02.000Z' }));
  explanations.add([
    verdict(1, 3, 'confirmed', true, '4 of 4'),
    verdict(1, 3, 'zone:gate', true, 'inside for 1 s'),
    verdict(2, 3, 'score', false, 'median score 0.3, asked for 0.4'),
  ]);
  explanations.add([verdict(1, 4, 'zone:gate', false, 'outside')]);
  const [time, end] = ['2026-11-24T08:00:08.000Z', '2026-11-24T08:00:06.000Z'];
  explanations.sent(anEvent({ id: 'drive-1', type: 'end', track, time, end }));
  return explanations.all();
}

test('nothing was seen: nothing is explained', () => {
  expect(gatherExplanations().all()).toEqual([]);
});

test('each rule says when it came to another answer, and with the last reason for it', () => {
  const texts = gathered().map((each) => explanationText(each, START).map(stripVTControlCharacters));
  expect(texts).toEqual([
    [
      'track 1  person  1.0 to 6.0 s  drive-1',
      '  no   confirmed     1.0 s  1 of 3',
      '  yes  confirmed     2.0 s  4 of 4',
      '  no   zone:gate     1.0 s  outside',
      '  yes  zone:gate     2.0 s  inside for 1 s',
      '  no   zone:gate     4.0 s  outside',
    ],
    ['track 2  car  2.0 to 3.0 s  no event', '  no   score     2.0 s  median score 0.3, asked for 0.4'],
  ]);
});

test('programs get the same as JSON, a track without an event with null', () => {
  expect(gathered().map(explanationJson)[1]).toEqual({
    schema: 'falconet/explanation/1',
    track: 2,
    label: 'car',
    from: '2026-11-24T08:00:02.000Z',
    to: '2026-11-24T08:00:03.000Z',
    event: null,
    rules: [
      {
        rule: 'score',
        answers: [{ fired: false, at: '2026-11-24T08:00:02.000Z', why: 'median score 0.3, asked for 0.4' }],
      },
    ],
  });
});
