import type { StateReport } from '../../core/camera-state.ts';
import type { BytesHead, Told, Wish } from '../../core/dashboard.ts';
import { comeBack, isConnected, losses, states, take } from './state.ts';

/** What a tile hears of its camera. */
export interface CameraListener {
  readonly onPicture: (head: Extract<BytesHead, { kind: 'picture' }>, jpeg: Blob) => void;
  readonly onVideoStart: (mime: string, bytes: ArrayBuffer) => void;
  readonly onVideo: (at: number, bytes: ArrayBuffer) => void;
  readonly onTracks: (told: Extract<Told, { kind: 'tracks' }>) => void;
}

const WAIT = { firstMs: 1_000, mostMs: 30_000 };
/** The gateway says every 15 s that it is there. */
const SILENCE_MS = 40_000;

const listeners = new Map<string, { readonly listener: CameraListener; readonly video: boolean }>();
/** Cameras that have no video to copy, as the gateway has said; asked anew when one may have it. */
const withoutVideo = new Set<string>();
let socket: WebSocket | undefined;
let failures = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;
let silence: ReturnType<typeof setTimeout> | undefined;

/** Opens the one connection and keeps it open: one that closes, or on which nothing comes, is opened anew. */
export function connect(): void {
  clearTimeout(waiting);
  const { protocol, host } = location;
  const opened = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/live`);
  opened.binaryType = 'arraybuffer';
  let isHeard = false;
  opened.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (socket !== opened) return;
    expectMore();
    if (!isHeard) begin();
    isHeard = true;
    if (typeof data === 'string') hear(JSON.parse(data) as Told);
    else show(data);
  };
  opened.onclose = () => {
    if (socket === opened) lose();
  };
  socket = opened;
  expectMore();
}

function expectMore(): void {
  clearTimeout(silence);
  silence = setTimeout(lose, SILENCE_MS);
}

/** Not before the first message: whom the gateway has no room for, it lets in and sends away. */
function begin(): void {
  if (failures > 0) comeBack();
  failures = 0;
  isConnected.value = true;
  withoutVideo.clear();
  wish();
}

function lose(): void {
  leave();
  isConnected.value = false;
  losses.value++;
  failures++;
  waiting = setTimeout(connect, Math.min(WAIT.mostMs, WAIT.firstMs * 2 ** (failures - 1)));
}

export function disconnect(): void {
  clearTimeout(waiting);
  leave();
}

function leave(): void {
  clearTimeout(silence);
  const left = socket;
  socket = undefined;
  left?.close();
}

/**
 * Watches a camera from now on.
 *
 * @param video - the browser can play its copied video, if there is any.
 * @returns stops it.
 */
export function watch(camera: string, listener: CameraListener, video: boolean): () => void {
  const entry = { listener, video };
  listeners.set(camera, entry);
  wish();
  return () => {
    if (listeners.get(camera) !== entry) return;
    listeners.delete(camera);
    wish();
  };
}

/** For a camera whose video cannot be played after all. */
export function takePictures(camera: string): void {
  withoutVideo.add(camera);
  wish();
}

let isWishing = false;

/** Once for all that changes in one go. */
function wish(): void {
  if (isWishing) return;
  isWishing = true;
  queueMicrotask(() => {
    isWishing = false;
    if (socket?.readyState !== WebSocket.OPEN) return;
    const watched = document.hidden ? [] : [...listeners];
    const message: Wish = {
      watch: watched.map(([camera, { video }]) => ({ camera, video: video && !withoutVideo.has(camera) })),
    };
    socket.send(JSON.stringify(message));
  });
}

document.addEventListener('visibilitychange', wish);

function hear(told: Told): void {
  if (told.kind === 'alive') return;
  if (told.kind === 'no-video') takePictures(told.camera);
  else if (told.kind === 'tracks') listeners.get(told.camera)?.listener.onTracks(told);
  else {
    if (told.kind === 'cameras') askForVideo();
    if (told.kind === 'state' && isBack(told.state)) askForVideo(told.state.camera);
    take(told);
  }
}

/** @param camera - @default all of them */
function askForVideo(camera?: string): void {
  if (camera === undefined) withoutVideo.clear();
  else withoutVideo.delete(camera);
  wish();
}

/** It was switched off, and is no more, or it has pictures again. */
function isBack({ camera, state }: StateReport): boolean {
  const before = states.peek().get(camera)?.state;
  return before !== state && (before === 'disabled' || state === 'online');
}

function show(message: ArrayBuffer): void {
  const length = new DataView(message).getUint32(0);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(message, 4, length))) as BytesHead;
  const listener = listeners.get(head.camera)?.listener;
  if (listener === undefined) return;
  const bytes = new Uint8Array(message, 4 + length);
  if (head.kind === 'picture') listener.onPicture(head, new Blob([bytes], { type: 'image/jpeg' }));
  else if (head.kind === 'video-start') listener.onVideoStart(head.mime, message.slice(4 + length));
  else listener.onVideo(head.at, message.slice(4 + length));
}
