import { describe, expect, test } from 'vitest';
import { byteDotProduct } from '../../src/detector/cpu-features.ts';

/** Feature lines as the kernel writes them, shortened to what tells CPUs apart. */
const x86 = (...features: string[]) =>
  [
    'processor\t: 0',
    'model name\t: A CPU',
    `flags\t\t: fpu sse4_2 avx2 ${features.join(' ')}`,
    'bugs\t\t:',
  ].join('\n');
const arm = (...features: string[]) =>
  ['processor\t: 0', 'BogoMIPS\t: 108.00', `Features\t: fp asimd ${features.join(' ')}`].join('\n');

describe('the dot product of bytes', () => {
  test.each([
    { name: 'nothing that tells', arch: 'x64', cpuinfo: undefined, expected: undefined },
    { name: 'an empty cpuinfo', arch: 'arm64', cpuinfo: '', expected: undefined },
    { name: 'a Haswell (2013)', arch: 'x64', cpuinfo: x86('fma'), expected: undefined },
    { name: 'a Skylake-X (2017)', arch: 'x64', cpuinfo: x86('avx512f avx512vl'), expected: undefined },
    { name: 'an Ice Lake (2019)', arch: 'x64', cpuinfo: x86('avx512f avx512_vnni'), expected: 'avx512_vnni' },
    { name: 'an N100 (2023)', arch: 'x64', cpuinfo: x86('avx_vnni'), expected: 'avx_vnni' },
    { name: 'a Raspberry Pi 4', arch: 'arm64', cpuinfo: arm('crc32 cpuid'), expected: undefined },
    { name: 'a Raspberry Pi 5', arch: 'arm64', cpuinfo: arm('atomics asimddp'), expected: 'asimddp' },
    { name: 'a 32-bit system on a Pi 5', arch: 'arm', cpuinfo: arm('asimddp'), expected: undefined },
  ])('of $name is $expected', ({ arch, cpuinfo, expected }) => {
    const facts = { arch, platform: 'linux', ...(cpuinfo !== undefined && { cpuinfo }) };
    expect(byteDotProduct(facts)).toBe(expected);
  });

  test('counts only where every core has it: a process may run on any', () => {
    const cpuinfo = `${arm('asimddp')}\n\n${arm('crc32')}\n`;
    expect(byteDotProduct({ arch: 'arm64', platform: 'linux', cpuinfo })).toBeUndefined();
  });

  test('is no part of a longer word', () => {
    expect(
      byteDotProduct({ arch: 'x64', platform: 'linux', cpuinfo: x86('xavx_vnni_int16') }),
    ).toBeUndefined();
  });

  test.each([
    { arch: 'arm64', expected: 'asimddp' },
    { arch: 'x64', expected: undefined },
  ])('of a Mac ($arch) is $expected', ({ arch, expected }) => {
    expect(byteDotProduct({ arch, platform: 'darwin' })).toBe(expected);
  });
});
