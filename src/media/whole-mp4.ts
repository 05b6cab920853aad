import { open } from 'node:fs/promises';

/** Size and type, and a size of 64 bits where that of 32 says so. */
const HEAD_BYTES = 16;
const NEEDED = ['ftyp', 'moov', 'mdat'];

/**
 * Whether a file is an MP4 to its end: its boxes (ISO/IEC 14496-12, section 4.2) fill it exactly, the index and the
 * pictures among them. ffmpeg 4 does not mind when the disk has no room for the last of them.
 *
 * @throws what the file system does.
 */
export async function isWholeMp4(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const head = Buffer.alloc(HEAD_BYTES);
    const types: string[] = [];
    let at = 0;
    while (at < size) {
      const { bytesRead } = await file.read(head, 0, HEAD_BYTES, at);
      const bytes = boxBytes(head.subarray(0, bytesRead));
      if (bytes === undefined) return false;
      types.push(head.toString('latin1', 4, 8));
      at += bytes;
    }
    return at === size && NEEDED.every((type) => types.includes(type));
  } finally {
    await file.close();
  }
}

function boxBytes(head: Buffer): number | undefined {
  if (head.length < 8) return undefined;
  const short = head.readUInt32BE(0);
  if (short !== 1) return short < 8 ? undefined : short;
  return head.length < HEAD_BYTES ? undefined : Number(head.readBigUInt64BE(8));
}
