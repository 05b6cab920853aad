import { textOf } from './text.ts';

const ADDRESS = /^(?:\[([0-9a-fA-F:]+)\]|([A-Za-z0-9.-]+)):(\d{1,5})$/;

/** Where somebody listens: host and port. @param example - of one */
export function listenAddress(example: string) {
  return textOf(ADDRESS, `an address and a port such as ${example}`).refine(
    (text) => Number(addressOf(text).port) <= 65_535,
    'expected a port up to 65535',
  );
}

/** Of an address to listen at; the host without brackets. */
export function addressOf(listen: string): { readonly host: string; readonly port: number } {
  const [, v6, name, port] = ADDRESS.exec(listen) ?? [];
  return { host: v6 ?? name ?? '', port: Number(port) };
}
