import type { ComponentChildren } from 'preact';

/** What is known, each by its name. */
export type Rows = readonly (readonly [name: string, value: string])[];

export interface FactsParts {
  readonly rows: Rows;
  /** What stands below them. @default nothing */
  readonly children?: ComponentChildren;
}

/** A list of names and values. */
export function Facts({ rows, children }: FactsParts) {
  return (
    <dl class="facts">
      {rows.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {children}
    </dl>
  );
}
