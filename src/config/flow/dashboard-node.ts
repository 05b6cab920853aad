import { without } from '../fields.ts';
import { type FlowNode, isObject, textIn, titleOf } from './flow-node.ts';
import type { WrittenConfig } from './read-written.ts';

type WrittenDashboard = NonNullable<WrittenConfig['dashboard']>;

const HASH = 'DASHBOARD_PASSWORD_HASH';
const PLACEHOLDER = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

/** Fields of a *dashboard out* that serves what a configuration does, and what it does not, one line each. */
export function dashboardFields({
  listen = '127.0.0.1:8585',
  users = {},
  cert = '',
  key = '',
  ...rest
}: WrittenDashboard): {
  readonly fields: object;
  readonly notes: readonly string[];
} {
  const [user, ...others] = Object.entries(users);
  const notes = others.map(([name]) => `dashboard.users.${name}: the node has one user, the first counts`);
  const fields = { listen, cert, key, frameAncestors: (rest.frame_ancestors ?? []).join(' ') };
  if (user === undefined) return { fields, notes };
  const [username, { password_hash: hash, role }] = user;
  if (role === 'admin')
    notes.push(`dashboard.users.${username}.role: nothing can be changed on the page there`);
  const isSafe = PLACEHOLDER.test(hash);
  if (!isSafe)
    notes.push(`dashboard: put what stood in the file into the environment of Node-RED as ${HASH}`);
  const credentials = { username, password: isSafe ? hash : `\${${HASH}}` };
  return { fields: { ...fields, credentials }, notes };
}

/** What a *dashboard out* serves, as `dashboard` of a configuration. */
export function dashboardOf(node: FlowNode, note: (line: string) => void): object {
  const { credentials, listen, cert, key } = node;
  const login = isObject(credentials) ? credentials : {};
  const origins = textIn(node, 'frameAncestors')
    .split(/[\s,]+/)
    .filter(Boolean);
  const { username, password } = login;
  const hash = typeof password === 'string' && PLACEHOLDER.test(password) ? password : `\${${HASH}}`;
  if (typeof username !== 'string' || username === '')
    note(`${titleOf(node)}: a user and a password, if it has them, are not in a flow`);
  else if (hash !== password)
    note(`${titleOf(node)}: put what falconet password prints into the environment as ${HASH}`);
  return {
    ...without('', { listen, cert, key }),
    ...(typeof username === 'string' &&
      username !== '' && { users: { [username]: { password_hash: hash } } }),
    ...(origins.length > 0 && { frame_ancestors: origins }),
  };
}
