import { expect, test } from 'vitest';
import { statusIn } from '../../../src/daemon/metrics/children.ts';

/** As a Linux with pages of 16 kB wrote it, without what nobody reads. */
const STATUS = `Name:\tMainThread (1)
Umask:\t0022
State:\tS (sleeping)
Tgid:\t1423
Pid:\t1423
PPid:\t1391
TracerPid:\t0
VmPeak:\t 1253616 kB
VmHWM:\t  139872 kB
VmRSS:\t  131072 kB
RssAnon:\t   84480 kB
Threads:\t12
`;

test.each([
  { name: 'nothing, of a process that is gone', text: '', status: undefined },
  {
    name: 'a living process',
    text: STATUS,
    status: { name: 'MainThread (1)', parent: 1391, residentBytes: 134_217_728 },
  },
  {
    name: 'one that has ended and was not waited for',
    text: STATUS.replaceAll(/^(Vm|Rss).*\n/gm, ''),
    status: { name: 'MainThread (1)', parent: 1391, residentBytes: 0 },
  },
])('the memory of child processes does not depend on the size of a page: $name', ({ text, status }) => {
  expect(statusIn(text)).toEqual(status);
});
