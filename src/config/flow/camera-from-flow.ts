import { numberFrom, without } from '../fields.ts';
import { type FlowNode, isObject, textIn } from './flow-node.ts';
import { withoutSecrets } from './secret-places.ts';

const NETWORK = /^(?:rtsps?|https?):\/\//i;

/**
 * A camera of falconet.yaml with the rules of a *track*. Node-RED looks at every frame as a whole, so it has no gate.
 *
 * @param note - is told what a flow does not say.
 * @param variables - that stand for secrets of others; grows.
 */
export function cameraFromFlow(
  camera: FlowNode,
  track: FlowNode | undefined,
  note: (line: string) => void,
  variables: Set<string>,
): Record<string, unknown> {
  const name = textIn(camera, 'name');
  const login = isObject(camera['credentials']) ? camera['credentials'] : {};
  const { url, username, password, needs } = withoutSecrets(textIn(camera, 'source'), login, name, variables);
  for (const variable of needs) {
    note(`camera ${name}: put what stood in the flow into the environment as ${variable}`);
  }
  const isRemote = NETWORK.test(url);
  if (isRemote && username === undefined) {
    note(`camera ${name}: a user and a password, if it has them, are not in a flow`);
  }
  const { mode, hwaccel, loop } = camera;
  const rules = isObject(track?.['rules']) ? track['rules'] : {};
  const privacy =
    Array.isArray(camera['privacy']) && camera['privacy'].length > 0 ? camera['privacy'] : undefined;
  const masks = {
    ...(isObject(rules['masks']) && rules['masks']),
    ...(privacy !== undefined && { privacy }),
  };
  return without(undefined, {
    source: url,
    username,
    password,
    fps: numberFrom(camera['fps']),
    mode: mode === 'normal' ? undefined : mode,
    interval: mode === 'poll' ? numberFrom(camera['interval']) : undefined,
    hwaccel: hwaccel === 'none' ? undefined : hwaccel,
    loop: loop === true && !isRemote && url !== 'demo' ? true : undefined,
    motion: { enabled: false },
    ...rules,
    masks: Object.keys(masks).length > 0 ? masks : undefined,
  });
}
