import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { FalconetError } from '../../src/core/error.ts';
import { eventTopics } from '../../src/sinks/event-topics.ts';
import { leavingAt, leavingJson } from '../../src/sinks/late.ts';
import { anEvent, anImage } from '../helpers/events.ts';

/** A broker that acknowledges what it is told to. */
function aBroker() {
  const published: string[] = [];
  const answers = new Map<string, PromiseWithResolvers<void>>();
  const write = eventTopics({
    baseTopic: 'falconet',
    clock: { now: () => 0 },
    publish({ topic, payload }) {
      const [, , camera, what] = topic.split('/');
      const seq = what === 'event' ? JSON.parse(String(payload)).seq : '';
      const name = `${camera} ${what}${seq}`;
      published.push(name);
      const answer = Promise.withResolvers<void>();
      answers.set(name, answer);
      return answer.promise;
    },
  });
  const event = (camera: string, seq: number) => write({ event: anEvent({ camera, seq }) });
  const withPicture = (camera: string, seq: number) =>
    write({ event: anEvent({ camera, seq, image: anImage() }), image: new Uint8Array([1]) });
  return { published, answers, event, withPicture };
}

test('what follows a picture of its camera waits for it, but not for its event; other cameras wait for nothing', async () => {
  const { published, answers, event, withPicture } = aBroker();
  const written = [withPicture('drive', 0), event('drive', 1), withPicture('drive', 2), event('yard', 0)];
  await turn();
  expect(published).toEqual(['yard event0', 'drive image']);
  answers.get('drive image')?.resolve();
  await turn();
  expect(published.slice(2)).toEqual(['drive event0', 'drive event1', 'drive image']);
  answers.get('drive image')?.resolve();
  await turn();
  void event('drive', 3);
  expect(published.slice(5)).toEqual(['drive event2', 'drive event3']);
  for (const { resolve } of answers.values()) resolve();
  await Promise.all(written);
});

test('a picture that is refused holds up nothing, and its event says that there is none', async () => {
  const { published, answers, event, withPicture } = aBroker();
  const written = withPicture('drive', 0).catch((error: unknown) => error);
  void event('drive', 1);
  await turn();
  answers.get('drive image')?.reject(new FalconetError('SINK_WRITE', 'too large'));
  await turn();
  expect(published).toEqual(['drive image', 'drive event0', 'drive event1']);
  answers.get('drive event0')?.resolve();
  expect(await written).toMatchObject({ code: 'SINK_WRITE' });
});

test('the text that leaves is the JSON of the event that leaves, whatever its texts hold', () => {
  const event = anEvent({ label: '"late_s":7,', reason: ['"late_s":1'], late_s: 3 });
  const now = Date.parse(event.time) + 1234;
  expect(leavingJson(event, now)).toBe(JSON.stringify(leavingAt(event, now)));
});
