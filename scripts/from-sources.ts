/**
 * `falconet COMMAND` from the sources, the dashboard's page built first. One script, since npm runs none before or
 * after another while `.npmrc` has `ignore-scripts`.
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../src/core/package-root.ts';

// In a process of its own: what the bundler takes of memory, a gateway need not keep.
execFileSync(process.execPath, [join(packageRoot, 'scripts/build-page.ts')], { stdio: 'inherit' });
await import('../src/cli/main.ts');
