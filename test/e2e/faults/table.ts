import { thisMachine } from '../../../src/cli/bench/machine.ts';
import { silentLog } from '../../../src/core/log.ts';
import { findFfmpeg } from '../../../src/ffmpeg/find.ts';
import { type Line, OTHERS, type State, VICTIM } from './cast.ts';
import type { Outcome } from './suffer.ts';

/** The page docs/faults.md, with what was measured. */
export async function faultTable(outcomes: readonly Outcome[]): Promise<string> {
  const { cpu, cores, node } = thisMachine();
  const { version } = await findFfmpeg({ log: silentLog });
  const day = new Date().toISOString().slice(0, 10);
  return `# Faults

What happens to a gateway when something around it fails, as a test does it: \`falconet run\` with four RTSP cameras, an engine process, a broker and a file for its events, all real. One camera, its ffmpeg, the engine process, the broker and the disk are taken away in turn. In every row the other three cameras stay \`online\` with the ffmpeg that they had, each picture that they sent is looked at or counted as dropped with its reason, and every event reaches the broker, once it is there again, in order.

\`npm run faults\` does it again and writes this page; \`npm test\` does the rows that take a few seconds. Measured once, on ${day}: ${cpu}, ${cores} cores, Node ${node}, ffmpeg ${version}. Waits have a random part, so another run gives other times.

| what happens | what is to be seen | told after | well again after | frames of the other three |
|---|---|---|---|---|
${outcomes.map(row).join('\n')}

- **Told after**: from the fault until the first sign of it, on the state topic or in the log.
- **Well again after**: from when the cause was taken away, or from the fault where the gateway helps itself, until frames, writes or connection were back. A camera is tried again after 2.5 s, then after twice as long each time up to 60 s, with up to a quarter more by chance: one that was away for long may take that last wait.
- **Frames of the other three**: from the fault until all was well, as their state topics count them ([mqtt.md](mqtt.md#a-state)). *late* and *busy* are those for which engine or machine had no time, *engine* those that went with the engine process, *gated* those in which nothing moved.
`;
}

function row({ fault, toldMs, wellMs, heard, frames }: Outcome): string {
  const seen = [changesOf(heard.states).join(' → '), ...sentencesOf(heard.lines)].filter(
    (text) => text !== '',
  );
  return `| ${[fault.name, seen.join('<br>'), seconds(toldMs), seconds(wellMs), fatesOf(frames)].join(' | ')} |`;
}

/** What the camera's topic said from the first news on, without what only says the same again. */
function changesOf(states: readonly State[]): string[] {
  const told = states.filter(({ camera }) => camera === VICTIM);
  const first = told.findIndex(({ state }) => state !== 'online');
  const words = told
    .slice(first < 0 ? told.length : first)
    .map(({ state, reason }) => (state === 'online' ? '`online`' : `\`${state}\` \`${reason}\``));
  return words.filter((word, i) => word !== words[i - 1]);
}

/** Each warning once; one that was held back speaks of an earlier fault. */
function sentencesOf(lines: readonly Line[]): Set<string> {
  const fresh = lines.filter(({ level, repeated }) => level !== 'info' && repeated === undefined);
  return new Set(fresh.map(({ msg }) => `“${msg.replace(/ \([A-Z_]+\)$/, '')}”`));
}

/** How many frames of the other cameras met which fate. */
function fatesOf(frames: Outcome['frames']): string {
  const fates = OTHERS.flatMap((camera) => {
    const { looked, dropped } = frames[camera];
    return Object.entries({ 'looked at': looked, ...dropped });
  });
  const sums = [...Map.groupBy(fates, ([fate]) => fate)].map(
    ([fate, counts]) => `${counts.reduce((sum, [, count]) => sum + count, 0)} ${fate}`,
  );
  return sums.filter((sum) => !sum.startsWith('0 ')).join(', ');
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
