import { readFileSync } from 'node:fs';

/** What a machine says of its CPU. */
export interface CpuFacts {
  /** As `process.arch`. */
  readonly arch: string;
  /** As `process.platform`. */
  readonly platform: string;
  /** Text of /proc/cpuinfo, where there is one. */
  readonly cpuinfo?: string;
}

/**
 * The instruction that multiplies bytes and sums them in 32 bits, by its name in /proc/cpuinfo; undefined where
 * there is none or nobody says so.
 *
 * x86: VNNI, with 512-bit vectors or with 256. Without it onnxruntime sums pairs in 16 bits, which saturates
 * (https://onnxruntime.ai/docs/performance/model-optimizations/quantization.html, "When and why do I need to
 * try U8U8?"). ARM: the dot product of ARMv8.2, which every Apple CPU of the arm64 Macs has.
 */
export function byteDotProduct({ arch, platform, cpuinfo = '' }: CpuFacts): string | undefined {
  if (platform === 'darwin') return arch === 'arm64' ? 'asimddp' : undefined;
  const wanted = arch === 'x64' ? ['avx512_vnni', 'avx_vnni'] : arch === 'arm64' ? ['asimddp'] : [];
  const everywhere = featuresOfAll(cpuinfo);
  return wanted.find((feature) => everywhere.has(feature));
}

/** @returns facts of this machine. */
export function readCpuFacts(): CpuFacts {
  const { arch, platform } = process;
  if (platform !== 'linux') return { arch, platform };
  try {
    return { arch, platform, cpuinfo: readFileSync('/proc/cpuinfo', 'utf8') };
  } catch {
    return { arch, platform }; // no /proc here: then nothing is known
  }
}

/** Features of every core: boards mix large and small ones, and a process runs on either. */
function featuresOfAll(cpuinfo: string): ReadonlySet<string> {
  const ofCores = [...cpuinfo.matchAll(/^(?:flags|Features)[\t ]*:(.*)$/gm)].map(
    ([, features = '']) => new Set(features.trim().split(/\s+/)),
  );
  const [first = new Set<string>(), ...others] = ofCores;
  return new Set([...first].filter((feature) => others.every((core) => core.has(feature))));
}
