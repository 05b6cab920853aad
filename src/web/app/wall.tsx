import type { Signal } from '@preact/signals';
import { Editor } from './editor.tsx';
import { addressOf, followInside, route } from './route.ts';
import { shows } from './shows.ts';
import { cameras, session } from './state.ts';
import { t } from './text.ts';
import { Tile } from './tile.tsx';

/** All cameras, or the one that the address names, large. */
export function Wall() {
  const wanted = route.value.query['camera'];
  const large = cameras.value.find(({ camera }) => camera === wanted);
  if (large !== undefined && route.value.query['edit'] === '1') return <Editor view={large} />;
  const shown = large === undefined ? cameras.value : [large];
  return (
    <>
      <div class="tools">
        {large !== undefined && (
          <a class="button" href={addressOf('wall')} onClick={followInside}>
            ← {t('wall.back')}
          </a>
        )}
        {large !== undefined && session.value?.canEdit === true && (
          <a
            class="button"
            href={addressOf('wall', { camera: large.camera, edit: '1' })}
            onClick={followInside}
          >
            {t('draw.open')}
          </a>
        )}
        <Switch of={shows.boxes} name={t('wall.boxes')} />
        <Switch of={shows.zones} name={t('wall.zones')} />
        <Switch of={shows.paths} name={t('wall.paths')} />
        <Switch of={shows.all} name={t('wall.all')} />
      </div>
      {shown.length === 0 && <p class="empty">{t('wall.empty')}</p>}
      <div class={shown.length === 1 ? 'wall one' : 'wall'}>
        {shown.map((view) => (
          // What was seen before something else was hidden goes with its tile.
          <Tile key={view.camera + JSON.stringify(view.privacy)} view={view} isLarge={large !== undefined} />
        ))}
      </div>
    </>
  );
}

function Switch({ of, name }: { readonly of: Signal<boolean>; readonly name: string }) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        checked={of.value}
        onChange={(event) => {
          of.value = event.currentTarget.checked;
        }}
      />
      {name}
    </label>
  );
}
