import { numberFrom } from '../../src/config/fields.ts';
import { modelSettings } from '../../src/config/node-settings.ts';
import type { Log } from '../../src/core/log.ts';
import { loadManifest } from '../../src/detector/manifest.ts';
import { openDetector } from '../../src/detector/pool.ts';
import { processCount } from '../../src/detector/process-count.ts';

import { nodeLog } from '../lib/log.ts';
import { migrated } from '../lib/migrate.ts';
import type { ModelNode } from '../lib/model-node.ts';
import type { NodeDef, NodeRed, RedNode } from '../lib/node-red.ts';
import { SharedDetector } from '../lib/shared-detector.ts';
import { userFolder } from '../lib/user-folder.ts';

interface ModelDef extends NodeDef {
  /** Name of a model in the package, or a folder. */
  readonly model: string;
  readonly engine: string;
  /** `auto` or a whole number, as a text. */
  readonly processes: string;
  /** Of the saved shape; 1 so far. */
  readonly version: number;
}

/** `falconet-model`: one pool of engine processes, however many nodes use it. */
export default function register(RED: NodeRed): void {
  RED.nodes.registerType('falconet-model', function (this: RedNode & ModelNode, def: ModelDef) {
    RED.nodes.createNode(this, def);
    this.shared = sharedDetector(def, userFolder(RED), nodeLog(this));
  });
}

function sharedDetector(def: ModelDef, folder: string, log: Log): SharedDetector {
  try {
    const { model: path, engine, processes: count } = migrated<ModelDef>(def, []);
    const settings = modelSettings({ path, engine, processes: numberFrom(count) });
    const processes = processCount(settings.processes);
    const open = async () => {
      const model = await loadManifest(settings.path, folder);
      return openDetector({ model, engine: settings.engine, processes, log });
    };
    return new SharedDetector({ processes, open });
  } catch (error) {
    return SharedDetector.failing(error);
  }
}
