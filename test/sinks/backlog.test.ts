import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Backlog, backlog, type Waiting } from '../../src/sinks/backlog.ts';
import { anEvent } from '../helpers/events.ts';

const TYPES = { n: 'new', u: 'update', e: 'end' } as const;
/** `na` is the `new` of life `a`, `ua` an `update`, `ea` its `end`; `Na` and `Ua` bring a picture of 10 kB. */
const delivery = (short: string, since = 0): Waiting => ({
  since,
  event: anEvent({ type: TYPES[short[0]?.toLowerCase() as 'n' | 'u' | 'e'], id: short.slice(1) }),
  ...(/^[NU]/.test(short) && { image: new Uint8Array(10_000) }),
});
const shortOf = ({ event, image }: Waiting) =>
  `${image === undefined ? event.type[0] : event.type[0]?.toUpperCase()}${event.id}`;

function rest(waiting: Backlog<Waiting>): string[] {
  const all: string[] = [];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) all.push(shortOf(next));
  return all;
}

describe('three places', () => {
  test.each([
    { name: 'nothing', push: '', keeps: '', drops: '' },
    { name: 'room for all', push: 'na ua ea', keeps: 'na ua ea', drops: '' },
    { name: 'the oldest update goes first', push: 'na ua ub nc', keeps: 'na ub nc', drops: 'ua' },
    { name: 'an update that comes last goes itself', push: 'na nb nc ua', keeps: 'na nb nc', drops: 'ua' },
    { name: 'then the oldest life as a whole', push: 'na nb ea nc', keeps: 'nb nc', drops: 'na ea' },
    {
      name: 'what comes of it later goes too',
      push: 'na nb nc nd ua ea',
      keeps: 'nb nc nd',
      drops: 'na ua ea',
    },
    { name: 'ends of news that were sent stay', push: 'ea eb ec ed', keeps: 'ea eb ec ed', drops: '' },
    { name: 'and push out what is new', push: 'ea eb ec nd ed', keeps: 'ea eb ec', drops: 'nd ed' },
  ])('$name', ({ push, keeps, drops }) => {
    const waiting = backlog({ deliveries: 3, bytes: 1e6 });
    const dropped = push
      .split(' ')
      .filter(Boolean)
      .flatMap((short) => waiting.push(delivery(short)).map(shortOf));
    expect(dropped.join(' ')).toBe(drops);
    expect(rest(waiting).join(' ')).toBe(keeps);
  });
});

describe('room for two pictures of 10 kB and four events', () => {
  test.each([
    { name: 'what fits stays', push: 'Na Ub ua', keeps: 'Na Ub ua', drops: '' },
    {
      name: 'updates with a picture go before those without',
      push: 'na ua Ua Ub Uc',
      keeps: 'na ua Ub Uc',
      drops: 'Ua',
    },
    { name: 'then lives with a picture, as a whole', push: 'Na ua Nb Nc', keeps: 'Nb Nc', drops: 'Na ua' },
    {
      name: 'ends stay whatever they weigh',
      push: 'ea eb ec ed ee ef eg eh ei ej',
      keeps: 'ea eb ec ed ee ef eg eh ei ej',
      drops: '',
    },
  ])('$name', ({ push, keeps, drops }) => {
    const waiting = backlog({ deliveries: 100, bytes: 36_000 });
    const dropped = push.split(' ').flatMap((short) => waiting.push(delivery(short)).map(shortOf));
    expect(dropped.join(' ')).toBe(drops);
    expect(rest(waiting).join(' ')).toBe(keeps);
    expect(waiting.bytes).toBe(0);
  });
});

describe('what waits for longer than it may', () => {
  test.each([
    { name: 'nothing waits', push: '', keeps: '', drops: '' },
    { name: 'what is young stays', push: 'na5 ua6 nb7', keeps: 'na ua nb', drops: '' },
    { name: 'an update goes', push: 'ua1 ua5', keeps: 'ua', drops: 'ua' },
    {
      name: 'a life goes as a whole, its young end too',
      push: 'na1 ua5 nb5 ea6',
      keeps: 'nb',
      drops: 'na ua ea',
    },
    { name: 'an end whose new was sent stays', push: 'ea1 ub1 eb1', keeps: 'ea eb', drops: 'ub' },
  ])('$name', ({ push, keeps, drops }) => {
    const waiting = backlog({ deliveries: 100, bytes: 1e6 });
    for (const short of push.split(' ').filter(Boolean)) {
      waiting.push(delivery(short.slice(0, 2), Number(short.slice(2))));
    }
    expect(waiting.expire(5).map(shortOf).join(' ')).toBe(drops);
    expect(rest(waiting).join(' ')).toBe(keeps);
    expect(waiting.bytes).toBe(0);
  });

  test('takes along what comes later of a life that went', () => {
    const waiting = backlog({ deliveries: 100, bytes: 1e6 });
    waiting.push(delivery('na', 1));
    waiting.expire(5);
    expect(waiting.push(delivery('ua', 6)).map(shortOf)).toEqual(['ua']);
    expect(waiting.push(delivery('ea', 6)).map(shortOf)).toEqual(['ea']);
    expect(waiting.push(delivery('na', 6))).toEqual([]);
  });
});

test('what a gateway before left comes first, and is dropped by the same rules', () => {
  const waiting = backlog({ deliveries: 3, bytes: 1e6 });
  waiting.push(delivery('nc'));
  expect(waiting.pushFirst(['ea', 'ub', 'eb'].map((short) => delivery(short))).map(shortOf)).toEqual(['ub']);
  expect(rest(waiting)).toEqual(['ea', 'eb', 'nc']);
});

const someLimits = fc.record({
  deliveries: fc.integer({ min: 1, max: 8 }),
  bytes: fc.constantFrom(1_000, 20_000, 50_000, 1_000_000),
});

/** A life's messages in order, the lives' messages mixed; after each the sink takes up to two. */
const story = fc
  .array(fc.nat({ max: 4 }), { maxLength: 20, size: 'max' })
  .chain((updates) => {
    const turns = updates.flatMap((count, life) => new Array<number>(count + 2).fill(life));
    return fc.tuple(
      fc.shuffledSubarray(turns, { minLength: turns.length }),
      fc.array(fc.nat({ max: 2 }), { minLength: turns.length, maxLength: turns.length }),
    );
  })
  .map(([turns, sends]) =>
    turns.map((life, i) => {
      const isFirst = turns.indexOf(life) === i;
      const isLast = turns.lastIndexOf(life) === i;
      const type = isFirst ? 'N' : isLast ? 'e' : i % 2 === 0 ? 'U' : 'u';
      return { short: `${type}${life}`, sends: sends[i] ?? 0 };
    }),
  );

test('whatever is pushed and sent: nothing is lost unsaid, every new that was sent has its end', () => {
  fc.assert(
    fc.property(story, someLimits, (steps, limits) => {
      const waiting = backlog(limits);
      const gone: string[] = [];
      const sent: string[] = [];
      for (const { short, sends } of steps) {
        gone.push(...waiting.push(delivery(short)).map(shortOf));
        for (let i = 0; i < sends && waiting.size > 0; i++) sent.push(shortOf(waiting.shift() as Waiting));
      }
      sent.push(...rest(waiting));

      expect([...sent, ...gone].sort()).toEqual(steps.map(({ short }) => short).sort());
      const livesWith = (type: string) =>
        new Set(sent.filter((short) => short.toLowerCase().startsWith(type)).map((short) => short.slice(1)));
      expect(livesWith('e')).toEqual(livesWith('n'));
    }),
  );
});
