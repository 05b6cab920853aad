import { expect, type TestContext } from 'vitest';
import { processesBelow } from './processes.ts';

/** Looks at an ffmpeg of ours as its neighbours can: no secret is on its command line or in its environment. */
export function expectNoSecret(
  pids: readonly number[],
  secrets: readonly string[],
  { skip }: Pick<TestContext, 'skip'>,
): void {
  const processes = processesBelow() ?? skip('there is no /proc here');
  const child = processes.find(({ pid }) => pids.includes(pid));
  expect(child?.commandLine.length).toBeGreaterThan(10);
  for (const secret of secrets) {
    expect([...(child?.commandLine ?? []), ...(child?.environment ?? [])].join('\n')).not.toContain(secret);
  }
}
