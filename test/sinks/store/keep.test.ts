import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { silentLog } from '../../../src/core/log.ts';
import { keepIn } from '../../../src/sinks/store/keep.ts';
import { openStore } from '../../../src/sinks/store/store.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';

test("a camera's document is there after a restart as it was when it was written, and only for that camera", async () => {
  const path = join(tempFolder(), 'falconet.db');
  const first = await openStore({ path, log: silentLog });
  const keep = keepIn(first);
  const places = [{ label: 'car' }];
  keep.write('drive', 'memory', { version: 1, places });
  places.push({ label: 'bus' }); // after the copy was taken
  expect(keep.read('drive', 'memory')).toEqual({ version: 1, places: [{ label: 'car' }] });
  await first.close();

  const second = await openStore({ path, log: silentLog });
  onTestFinished(() => second.close());
  expect(keepIn(second).read('drive', 'memory')).toEqual({ version: 1, places: [{ label: 'car' }] });
  expect(keepIn(second).read('yard', 'memory')).toBeUndefined();
});
