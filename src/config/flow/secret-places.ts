import { percentDecoded } from '../../core/percent-decoded.ts';
import { secretParameters } from '../../core/secret-name.ts';

/** `${NAME}` and nothing beside it: Node-RED and falconet.yaml both take the value from the environment. */
const PLACEHOLDER = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;
const USER_PART = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)@/i;

export interface Login {
  readonly username?: string;
  /** Always a placeholder. */
  readonly password?: string;
}

export interface Address extends Login {
  readonly url: string;
  /** Environment variables that hold what stood in the open. */
  readonly needs: readonly string[];
}

/**
 * An address without what is nobody's business: user and password beside it, the password as `${NAME}`.
 *
 * @param owner - whose they are, such as a camera's key: its variables begin with it.
 * @param given - variables of others in the same file; grows. `front-door` and `front_door` are not to share one.
 */
export function withoutSecrets(
  address: string,
  login: Partial<Record<keyof Login, unknown>>,
  owner: string,
  given: Set<string>,
): Address {
  const [whole = '', scheme = '', credentials = ''] = USER_PART.exec(address) ?? [];
  const [user = '', ...rest] = credentials.split(':');
  const inUrl = {
    username: textOf(percentDecoded(user)),
    password: textOf(percentDecoded(rest.join(':'))),
  };
  const username = textOf(login.username) ?? inUrl.username;
  const secret = textOf(login.password) ?? inUrl.password;
  const needs: string[] = [];
  const place = (what: string, value: string): string => {
    if (PLACEHOLDER.test(value)) return value;
    const name = unlike(variable(owner, what), given);
    given.add(name);
    needs.push(name);
    return `\${${name}}`;
  };
  const password = secret && place('password', secret);
  const bare = `${scheme}${address.slice(whole.length)}`;
  const url = secretParameters(bare).length > 0 ? place('source', bare) : bare;
  return {
    url,
    needs,
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
  };
}

/** `drive-2` and `password` -> `DRIVE_2_PASSWORD`. */
function variable(owner: string, what: string): string {
  const name = `${owner}_${what}`.replace(/[^A-Za-z0-9]/g, '_').toUpperCase();
  return /^\d/.test(name) ? `CAMERA_${name}` : name;
}

/** The name, or with the first number from 2 on that nobody has. */
function unlike(name: string, given: ReadonlySet<string>): string {
  let free = name;
  for (let n = 2; given.has(free); n++) free = `${name}_${n}`;
  return free;
}

function textOf(value: unknown): string | undefined {
  return value === undefined || value === null || value === '' ? undefined : String(value);
}
