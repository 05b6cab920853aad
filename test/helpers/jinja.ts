import { execFileSync } from 'node:child_process';
import { installed } from './installed.ts';

/** A template and the payload of the message that it is rendered for. */
export interface Rendering {
  readonly template: string;
  readonly payload: string;
}

/** In a sandbox, as Home Assistant renders its templates, with none of the filters that it adds. */
const SCRIPT = `
import json, sys
from jinja2.sandbox import ImmutableSandboxedEnvironment
environment = ImmutableSandboxedEnvironment()
def render(job):
    value = job["payload"]
    try:
        parsed = json.loads(value)
    except ValueError:
        parsed = None
    return environment.from_string(job["template"]).render(value=value, value_json=parsed).strip()
json.dump([render(job) for job in json.load(sys.stdin)], sys.stdout)
`;

/** Whether Python has Jinja2 here. */
export function hasJinja(): boolean {
  const python = installed('python3');
  if (python === undefined) return false;
  try {
    execFileSync(python, ['-c', 'import jinja2'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What Jinja2 itself makes of each. */
export function renderAll(jobs: readonly Rendering[]): string[] {
  const output = execFileSync(installed('python3') ?? 'python3', ['-c', SCRIPT], {
    input: JSON.stringify(jobs),
    encoding: 'utf8',
  });
  return JSON.parse(output) as string[];
}
