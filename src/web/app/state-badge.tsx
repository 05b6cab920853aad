import type { StateReport } from '../../core/camera-state.ts';
import { t } from './text.ts';

/** Where a camera stands, in a word and a colour. */
export function StateBadge({ state }: { readonly state: StateReport | undefined }) {
  const name = state?.state ?? 'unknown';
  const hasTrouble = name === 'online' && Object.keys(state?.health ?? {}).length > 0;
  return <span class={`badge ${hasTrouble ? 'trouble' : name}`}>{t(`state.${name}`)}</span>;
}
