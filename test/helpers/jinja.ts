import { execFileSync, spawnSync } from 'node:child_process';
import { installed } from './installed.ts';

/** A template and what it can name. */
export interface Rendering {
  readonly template: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** What a template can name of a message, as `value_template` of an entity has it. */
export function ofPayload(payload: string): Rendering['variables'] {
  return { value: payload, value_json: JSON.parse(payload) };
}

/** In a sandbox, as Home Assistant renders its templates, with none of the filters that it adds. */
const SCRIPT = `
import json, sys
from jinja2.sandbox import ImmutableSandboxedEnvironment
environment = ImmutableSandboxedEnvironment()
def render(job):
    return environment.from_string(job["template"]).render(**job["variables"]).strip()
json.dump([render(job) for job in json.load(sys.stdin)], sys.stdout)
`;

/** Path of a Python that has Jinja2. */
export function jinjaPath(): string | undefined {
  return [installed('python3'), '/usr/bin/python3'].find((python) => {
    if (python === undefined) return false;
    const { status } = spawnSync(python, ['-c', 'import jinja2'], { stdio: 'ignore' });
    return status === 0;
  });
}

/** What Jinja2 itself makes of each. */
export function renderAll(jobs: readonly Rendering[]): string[] {
  python ??= jinjaPath() ?? 'python3';
  const output = execFileSync(python, ['-c', SCRIPT], { input: JSON.stringify(jobs), encoding: 'utf8' });
  return JSON.parse(output) as string[];
}

let python: string | undefined;
