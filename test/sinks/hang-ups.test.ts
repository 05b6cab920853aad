import { expect, test } from 'vitest';
import { suspicion } from '../../src/sinks/hang-ups.ts';

const PICTURE = { id: 7, bytes: 60_000 };
const STATE = { id: 8, bytes: 100 };

/** One connection: what is sent and answered on it, and what its end says. */
function connection(of: ReturnType<typeof suspicion>, sent = [STATE, PICTURE], answered: number[] = []) {
  for (const message of sent) of.sent(message);
  for (const id of answered) of.answered(id);
  return of.ended();
}

test('the largest message of three connections that ended over it is the one that must go', () => {
  const suspects = suspicion();
  expect(connection(suspects)).toBeUndefined();
  expect(connection(suspects)).toBeUndefined();
  expect(connection(suspects)).toEqual(PICTURE);
  expect(connection(suspects, [STATE])).toBeUndefined();
});

test('attempts that failed before anything was sent count neither for nor against it', () => {
  const suspects = suspicion();
  connection(suspects);
  connection(suspects, []);
  connection(suspects);
  connection(suspects, []);
  expect(connection(suspects)).toEqual(PICTURE);
});

test('a message that was answered is none, and another one of its number begins anew', () => {
  const suspects = suspicion();
  connection(suspects);
  connection(suspects);
  expect(connection(suspects, [PICTURE], [PICTURE.id])).toBeUndefined();
  connection(suspects);
  expect(connection(suspects)).toBeUndefined();
  expect(connection(suspects)).toEqual(PICTURE);
});
