import '../../../resources/falconet-draw.js';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { CameraView } from '../../core/dashboard.ts';
import type { ShapeTrial } from '../../core/shape-editor.ts';
import { ApiError, askShapes, sendShapes, tryOut } from './api.ts';
import { watch } from './connection.ts';
import { en, type TextKey } from './locales/en.ts';
import { addressOf, followInside } from './route.ts';
import { t } from './text.ts';

/** Draws zones, lines and masks of a camera on its picture of now, and has the gateway write and use them. */
export function Editor({ view }: { readonly view: CameraView }) {
  const { camera } = view;
  const place = useRef<HTMLDivElement>(null);
  const board = useSignal<DrawingBoard | undefined>(undefined);
  const version = useRef('');
  const said = useSignal('');
  const isFailed = useSignal(false);
  const isBusy = useSignal(true);
  const trial = useSignal<ShapeTrial | undefined>(undefined);

  const say = (words: string, failed = false): void => {
    said.value = words;
    isFailed.value = failed;
  };
  const fail = (error: unknown): void =>
    say(error instanceof ApiError ? error.message : t('app.failed', { why: String(error) }), true);

  useEffect(() => {
    let isOver = false;
    const begin = async (): Promise<void> => {
      const read = await askShapes(camera);
      if (isOver || place.current === null) return;
      version.current = read.version;
      board.value = falconetDraw(place.current, structuredClone(read.shapes), drawText, KINDS);
      isBusy.value = false;
    };
    begin().catch(fail);
    return () => {
      isOver = true;
      board.value = undefined;
    };
  }, [camera]);

  const drawn = board.value;
  // Another one as soon as something else is hidden, whoever has drawn that.
  useEffect(() => drawn && showStill(camera, drawn, place.current), [drawn, JSON.stringify(view.privacy)]);

  const save = async (): Promise<void> => {
    if (board.value === undefined) return;
    isBusy.value = true;
    say(t('draw.saving'));
    try {
      const written = await sendShapes(camera, {
        shapes: board.value.settings(),
        version: version.current,
      });
      version.current = written.version;
      say(t('draw.saved'));
    } catch (error) {
      fail(error);
    } finally {
      isBusy.value = false;
    }
  };

  const tryIt = async (): Promise<void> => {
    if (board.value === undefined) return;
    try {
      trial.value = await tryOut(camera, board.value.settings());
      say('');
    } catch (error) {
      fail(error);
    }
  };

  return (
    <section class="card editor" aria-labelledby="editor-title">
      <header>
        <h1 id="editor-title">{t('draw.title', { camera })}</h1>
        <span class="tools">
          <a class="button" href={addressOf('wall', { camera })} onClick={followInside}>
            {t('draw.leave')}
          </a>
          <button type="button" disabled={isBusy.value} onClick={() => void tryIt()}>
            {t('draw.try')}
          </button>
          <button type="button" disabled={isBusy.value} onClick={() => void save()}>
            {t('draw.save')}
          </button>
        </span>
      </header>
      <p role="status" class={isFailed.value ? 'warning' : 'quiet'}>
        {said.value}
      </p>
      {trial.value !== undefined && <Trial trial={trial.value} />}
      <div ref={place} />
    </section>
  );
}

/** What the drawing would have made of what was seen lately. */
function Trial({ trial }: { readonly trial: ShapeTrial }) {
  const { events, zones, lines, masked } = trial;
  return (
    <div role="status">
      <p>{t('draw.tried', { events })}</p>
      <ul class="counts">
        {Object.entries(zones).map(([zone, count]) => (
          <li key={zone}>{t('draw.in-zone', { zone, count })}</li>
        ))}
        {Object.entries(lines).map(([line, ways]) => (
          <li key={line}>{t('wall.line', { line, ...ways })}</li>
        ))}
        {masked > 0 && <li>{t('draw.masked', { count: masked })}</li>}
      </ul>
    </div>
  );
}

/**
 * Puts one picture of now below the drawing: nobody draws on a picture that moves.
 *
 * @returns takes it away.
 */
function showStill(camera: string, board: DrawingBoard, place: HTMLElement | null): () => void {
  let src = '';
  const stop = watch(
    camera,
    {
      ...deaf,
      onPicture({ width, height }, jpeg) {
        stop();
        src = URL.createObjectURL(jpeg);
        const stage = place?.querySelector<HTMLElement>('.falconet-stage');
        if (stage != null) stage.style.aspectRatio = `${width} / ${height}`;
        board.show(src);
      },
    },
    false,
  );
  return () => {
    stop();
    URL.revokeObjectURL(src);
    board.show(undefined);
  };
}

const KINDS = ['zone', 'line', 'mask', 'motion-mask', 'privacy-mask'] as const;
const deaf = { onVideoStart() {}, onVideo() {}, onTracks() {} };

/** The board's own words. */
function drawText(key: string): string {
  const own = `draw.${key}`;
  return own in en ? t(own as TextKey) : key;
}
