import { expect, vi } from 'vitest';
import { hashPassword } from '../../src/web/password.ts';
import { serious, visit } from './in-page.ts';
import { openPage } from './open-page.ts';
import { inBrowser, pageBrowser, pageFolder } from './page-browser.ts';

vi.setConfig({ testTimeout: 120_000 });

const browser = pageBrowser();

async function locked(port = 0) {
  const passwordHash = await hashPassword('correct horse', { log2N: 4, r: 8, p: 1 });
  const users = { anna: { passwordHash, role: 'view' as const } };
  const { dashboard } = await openPage({ port, users, pageFolder });
  const { page } = await visit(browser(), dashboard.url);
  const logIn = async (password: string): Promise<void> => {
    await page.locator('input[name=user]').fill('anna');
    await page.locator('input[name=password]').fill(password);
    await page.keyboard.press('Enter');
  };
  return { dashboard, page, logIn };
}

inBrowser('who logs in sees the cameras, also after a reload, until he logs out', async () => {
  const { page, logIn } = await locked();
  await page.locator('.login').waitFor();
  expect(await serious(page)).toEqual([]);
  await logIn('wrong horse');
  await page.getByText('Name or password is wrong.').waitFor();
  await logIn('correct horse');
  await page.locator('.tile[data-camera=drive]').waitFor();
  expect(await page.evaluate('document.cookie')).toBe('');
  await page.reload();
  await page.locator('.tile[data-camera=drive]').waitFor();
  await page.getByRole('button', { name: 'Log out' }).click();
  await page.locator('.login').waitFor();
  await page.close();
});

inBrowser('a gateway that was started again asks who is there, on pages that were open too', async () => {
  const { dashboard, page, logIn } = await locked();
  await logIn('correct horse');
  await page.locator('.tile[data-camera=drive]').waitFor();
  await dashboard.close();
  await page.getByText('Connection to the gateway lost.').waitFor();
  const again = await locked(Number(new URL(dashboard.url).port));
  await page.locator('.login').waitFor({ timeout: 30_000 });
  await logIn('correct horse');
  await page.locator('.tile[data-camera=drive]').waitFor();
  await Promise.all([page.close(), again.page.close()]);
});
