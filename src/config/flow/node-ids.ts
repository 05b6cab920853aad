import { createHash } from 'node:crypto';

/** Ids in Node-RED's form, 16 hex digits: the same each time, so that a flow that is made again takes the place of the first. */
export function nodeIds(gateway: string): (of: string) => string {
  return (of) => createHash('sha256').update(`falconet ${gateway} ${of}`).digest('hex').slice(0, 16);
}
