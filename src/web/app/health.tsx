import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { StateReport } from '../../core/camera-state.ts';
import type { CameraFigures, CameraView, GatewayFacts, SinkFigures, Stage } from '../../core/dashboard.ts';
import type { HealthCondition } from '../../core/health.ts';
import { ApiError, askGateway } from './api.ts';
import { Facts, type Rows } from './facts.tsx';
import { cameras, states } from './state.ts';
import { StateBadge } from './state-badge.tsx';
import { durationText, momentText, numberText, t, word } from './text.ts';

const ASK_MS = 2_000;
const STAGES: readonly Stage[] = ['wait', 'engine', 'judge', 'frame', 'event'];

/** How the gateway and each camera are, in words, with the figures of now. */
export function Health() {
  const facts = useSignal<GatewayFacts | undefined>(undefined);
  const failure = useSignal('');
  useEffect(() => {
    const ask = async (): Promise<void> => {
      try {
        facts.value = await askGateway();
        failure.value = '';
      } catch (error) {
        failure.value = error instanceof ApiError ? error.message : String(error);
      }
    };
    void ask();
    const asking = setInterval(() => void ask(), ASK_MS);
    return () => clearInterval(asking);
  }, []);
  const now = new Map(facts.value?.states.map((state) => [state.camera, state]));
  return (
    <div class="health">
      <h1 class="hidden">{t('health.title')}</h1>
      <section class="card" aria-labelledby="gateway-title">
        <h2 id="gateway-title">{t('health.gateway')}</h2>
        {failure.value !== '' && <p role="alert">{t('app.failed', { why: failure.value })}</p>}
        {facts.value !== undefined && <Facts rows={rowsOf(facts.value)} />}
        <TitledFacts title={t('health.sinks')} rows={(facts.value?.sinks ?? []).map(sinkRow)} />
      </section>
      {cameras.value.map((view) => (
        <Camera
          key={view.camera}
          view={view}
          state={now.get(view.camera) ?? states.value.get(view.camera)}
          figures={facts.value?.figures[view.camera]}
        />
      ))}
    </div>
  );
}

function rowsOf(facts: GatewayFacts): Rows {
  const { gateway, version, startedAt, engine, model, memoryBytes, childrenBytes, viewers } = facts;
  return [
    [t('health.name'), gateway],
    [t('health.version'), version],
    [t('health.uptime'), durationText(Date.now() - startedAt)],
    ...(engine === null
      ? []
      : [
          [
            t('health.engine'),
            t('health.engine.value', { name: engine.name, version: engine.version }),
          ] as const,
        ]),
    ...(engine?.processes == null ? [] : [[t('health.processes'), String(engine.processes)] as const]),
    ...(model === null ? [] : [[t('health.model'), model] as const]),
    [t('health.memory'), mebibytes(memoryBytes)],
    ...Object.entries(childrenBytes).map(
      ([program, bytes]) => [t('health.child-memory', { program }), mebibytes(bytes)] as const,
    ),
    [t('health.viewers'), String(viewers)],
  ];
}

interface CameraParts<S = StateReport> {
  readonly view: CameraView;
  readonly state: S;
  readonly figures: CameraFigures | undefined;
}

function Camera({ view, state, figures }: CameraParts<StateReport | undefined>) {
  const title = `camera-${view.camera}`;
  return (
    <section class="card" aria-labelledby={title} data-camera={view.camera}>
      <header>
        <h2 id={title}>{view.camera}</h2>
        <StateBadge state={state} />
      </header>
      {state !== undefined && <CameraFacts view={view} state={state} figures={figures} />}
    </section>
  );
}

function CameraFacts({ view, state, figures }: CameraParts) {
  const { reason, since, fps, frames, health, refused } = state;
  const conditions = Object.entries(health) as [HealthCondition, number][];
  const dropped = Object.entries(frames.dropped);
  return (
    <>
      <p>
        {word('reason', reason)} <span class="quiet">{t('health.since', { time: momentText(since) })}</span>
      </p>
      {state.state === 'online' && conditions.length === 0 && <p>{t('health.well')}</p>}
      {conditions.map(([condition, at]) => (
        <p key={condition} class="warning">
          {t(`condition.${condition}`, { time: momentText(at) })}
        </p>
      ))}
      <p>
        {view.fps === null
          ? t('health.rate-now', { fps: numberText(fps) })
          : t('health.rate', { fps: numberText(fps), wanted: numberText(view.fps) })}
      </p>
      {figures !== undefined && <p>{outageText(figures)}</p>}
      <TitledFacts title={t('health.times')} rows={timeRows(figures)} />
      <h3>{t('health.frames')}</h3>
      <Facts
        rows={[
          [t('health.came'), numberText(frames.came)],
          [t('health.looked'), numberText(frames.looked)],
          ...dropped.map(
            ([why, count]) => [`${t('health.dropped')}: ${word('drop', why)}`, numberText(count)] as const,
          ),
        ]}
      />
      <TitledFacts
        title={t('health.refused')}
        rows={Object.entries(refused).map(([rule, n]) => [word('rule', rule), numberText(n)] as const)}
      />
    </>
  );
}

/** Nothing where nothing is known. */
function TitledFacts({ title, rows }: { readonly title: string; readonly rows: Rows }) {
  if (rows.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <Facts rows={rows} />
    </>
  );
}

function timeRows(figures: CameraFigures | undefined): Rows {
  return STAGES.flatMap((stage) => {
    const took = figures?.took[stage];
    if (took === undefined) return [];
    const [median, p95] = [numberText(Math.round(took.medianMs)), numberText(Math.round(took.p95Ms))];
    return [[t(`stage.${stage}`), t('health.took', { median, p95 })] as const];
  });
}

function sinkRow({ name, waiting, dropped, failed }: SinkFigures): Rows[number] {
  const words = [
    waiting === 0 ? t('sink.clear') : t('sink.waiting', { count: numberText(waiting) }),
    ...(dropped === 0 ? [] : [t('sink.dropped', { count: numberText(dropped) })]),
    ...(failed === 0 ? [] : [t('sink.failed', { count: numberText(failed) })]),
  ];
  return [name, words.join(', ')];
}

function mebibytes(bytes: number): string {
  return `${numberText(Math.round(bytes / 2 ** 20))} MiB`;
}

function outageText({ outages }: CameraFigures): string {
  return outages === 0 ? t('health.no-outage') : t('health.outages', { count: outages });
}
