import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { configSchema } from '../../src/config/schema.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { hashPassword, isPassword } from '../../src/web/password.ts';

test('a password fits its own hash and no other does', async () => {
  const hash = await hashPassword('pässwörd 1');
  expect(await isPassword('pässwörd 1', hash)).toBe(true);
  expect(await isPassword('pa\u0308sswo\u0308rd 1', hash)).toBe(true); // as another keyboard composes it
  expect(await isPassword('passwörd 1', hash)).toBe(false);
});

test('two hashes of one password are not the same, so that nobody sees that it is one', async () => {
  expect(await hashPassword('x')).not.toBe(await hashPassword('x'));
});

test.each([
  { name: 'nothing', hash: '' },
  { name: 'the password itself', hash: 'secret' },
  { name: 'another format', hash: '$2b$10$abcdefghijklmnopqrstuv' },
  {
    name: 'one that would take all memory',
    hash: `$scrypt$ln=40,r=8,p=1$${'a'.repeat(22)}$${'a'.repeat(43)}`,
  },
])('what is no hash lets nobody in: $name', async ({ hash }) => {
  expect(await isPassword('secret', hash)).toBe(false);
});

test('a configuration takes what the command prints', async () => {
  const users = { anna: { password_hash: await hashPassword('secret') } };
  const cameras = { drive: { source: 'demo' } };
  const dashboard = { listen: '0.0.0.0:8585', users };
  expect(configSchema.parse({ cameras, dashboard }).dashboard?.users?.['anna']?.role).toBe('view');
  expect(
    configSchema.safeParse({ cameras, dashboard: { listen: '0.0.0.0:8585' } }).error?.issues[0],
  ).toMatchObject({
    path: ['dashboard', 'users'],
  });
});

test('falconet password prints a hash of the first line that it reads, and nothing else', async () => {
  const command = [join(packageRoot, 'src/cli/main.ts'), 'password'];
  const long = spawnSync(process.execPath, command, { input: 'correct horse\nbattery', encoding: 'utf8' });
  expect(long.stdout.split('\n')).toHaveLength(2);
  expect(await isPassword('correct horse', long.stdout.trim())).toBe(true);
  const short = spawnSync(process.execPath, command, { input: 'short\n', encoding: 'utf8' });
  expect([short.status, short.stdout]).toEqual([2, '']);
  expect(short.stderr).toContain('at least 8 characters');
});

test('no hash is made of a password that is too long to log in with', async () => {
  const cost = { log2N: 4, r: 8, p: 1 };
  const longest = '🦅'.repeat(500);
  expect(await isPassword(longest, await hashPassword(longest, cost))).toBe(true);
  await expect(hashPassword(`${longest}!`, cost)).rejects.toMatchObject({ code: 'USAGE' });
});
