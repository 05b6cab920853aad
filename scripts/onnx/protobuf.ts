/** A field's value: a number becomes a varint, a text or bytes (a message too) become length and bytes. */
export type FieldValue = number | bigint | string | Uint8Array;

/** Field number and its value; a list is a repeated field, `undefined` is left out. */
export type Field = readonly [number: number, value: FieldValue | readonly FieldValue[] | undefined];

/** A protobuf message (https://protobuf.dev/programming-guides/encoding), its fields in the order given. */
export function message(...fields: readonly Field[]): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const [number, value] of fields) {
    if (value === undefined) continue;
    for (const one of isList(value) ? value : [value]) parts.push(...encode(number, one));
  }
  return Buffer.concat(parts);
}

function encode(number: number, value: FieldValue): Uint8Array[] {
  if (typeof value === 'number' || typeof value === 'bigint') {
    return [varint(BigInt(number << 3)), varint(BigInt.asUintN(64, BigInt(value)))];
  }
  const bytes = typeof value === 'string' ? Buffer.from(value) : value;
  return [varint(BigInt((number << 3) | 2)), varint(BigInt(bytes.length)), bytes];
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

function isList(value: FieldValue | readonly FieldValue[]): value is readonly FieldValue[] {
  return Array.isArray(value);
}
