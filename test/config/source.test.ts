import { describe, expect, test } from 'vitest';
import type { ConfigIssue } from '../../src/config/issues.ts';
import { parseConfig } from '../../src/config/load.ts';
import { cameraSource, type RecordConfig, recordSource, type SourceConfig } from '../../src/config/source.ts';
import { FalconetError } from '../../src/core/error.ts';

const of = (config: Partial<SourceConfig> & Pick<SourceConfig, 'source'>) =>
  cameraSource({ loop: false, ...config }, '/etc/falconet');

test.each([
  {
    name: 'MJPEG with credentials beside it',
    config: { source: 'http://10.0.0.5/v.mjpg', username: 'viewer', password: 'p@ss' },
    expected: { kind: 'http', url: 'http://viewer:p%40ss@10.0.0.5/v.mjpg' },
  },
  {
    name: 'snapshots every 10 s',
    config: { source: 'https://10.0.0.5/snap.jpg', mode: 'poll' },
    expected: { kind: 'poll', url: 'https://10.0.0.5/snap.jpg', intervalMs: 10_000 },
  },
  {
    name: 'snapshots every minute',
    config: { source: 'http://10.0.0.5/snap.jpg?w=640', mode: 'poll', interval: 60 },
    expected: { kind: 'poll', url: 'http://10.0.0.5/snap.jpg?w=640', intervalMs: 60_000 },
  },
  {
    name: 'key frames only',
    config: { source: 'rtsp://10.0.0.5/', mode: 'keyframes' },
    expected: { kind: 'rtsp', url: 'rtsp://10.0.0.5/', keyframesOnly: true },
  },
  {
    name: 'a hardware decoder',
    config: { source: 'rtsp://10.0.0.5/', hwaccel: 'vaapi' },
    expected: { kind: 'rtsp', url: 'rtsp://10.0.0.5/', hardware: 'vaapi' },
  },
  {
    name: 'a camera at this machine',
    config: { source: 'v4l2:/dev/video0', hwaccel: 'none' },
    expected: { kind: 'v4l2', device: '/dev/video0' },
  },
  {
    name: 'a made-up picture',
    config: { source: 'lavfi:testsrc=size=640x360:rate=5' },
    expected: { kind: 'lavfi', graph: 'testsrc=size=640x360:rate=5' },
  },
  {
    name: 'a file whose name needs escapes in a URL',
    config: { source: 'file:///videos/o%27clock%20100%25%20%C3%B6.mp4' },
    expected: { kind: 'file', path: "/videos/o'clock 100% ö.mp4", pace: 'real-time', loop: false },
  },
  {
    name: 'a file whose name looks like an escape',
    config: { source: 'clips/100%25 "x".mp4' },
    expected: { kind: 'file', path: '/etc/falconet/clips/100%25 "x".mp4', pace: 'real-time', loop: false },
  },
] as const)('a source becomes what is read: $name', ({ config, expected }) => {
  expect(of(config)).toEqual(expected);
});

test.each([
  { name: 'no host', source: 'http://', expected: 'expected a URL such as http://10.0.0.5/video.mjpg' },
  { name: 'a line break', source: 'http://h/\nx', expected: 'expected a URL such as' },
  { name: 'no device', source: 'v4l2:video0', expected: 'expected a device such as v4l2:/dev/video0' },
  { name: 'a file by lavfi', source: 'lavfi:movie=/etc/x', expected: 'expected a lavfi graph that reads no' },
  { name: 'a file with a lone percent sign', source: 'file:///videos/100%.mp4', expected: 'expected a file' },
])('a source that is none is told in words: $name', ({ source, expected }) => {
  expect(of({ source })).toContain(expected);
});

test.each([
  {
    name: 'in the source',
    config: { source: 'rtsp://viewer:p%40ss@10.0.0.5/sub', record: 'rtsp://10.0.0.5:8554/main' },
    url: 'rtsp://viewer:p%40ss@10.0.0.5:8554/main',
  },
  {
    name: 'in the source, its password beside it',
    config: { source: 'rtsp://viewer@Porch.local/sub', record: 'rtsp://porch.local/main', password: 'p@ss' },
    url: 'rtsp://viewer:p%40ss@porch.local/main',
  },
  {
    name: 'beside both',
    config: { source: 'rtsp://h/sub', record: 'rtsp://h/main', username: 'viewer', password: 'pw' },
    url: 'rtsp://viewer:pw@h/main',
  },
  {
    name: 'in both, each its own',
    config: { source: 'rtsp://viewer:pw@h/sub', record: 'rtsp://admin:other@h/main' },
    url: 'rtsp://admin:other@h/main',
  },
  {
    name: 'in the source, which is of another host',
    config: { source: 'rtsp://viewer:pw@10.0.0.5/sub', record: 'rtsp://10.0.0.6/main' },
    url: 'rtsp://10.0.0.6/main',
  },
  {
    name: 'nowhere',
    config: { source: 'rtsp://h/sub', record: 'rtsp://h/main' },
    url: 'rtsp://h/main',
  },
] as const)('a recorded stream has the login of its camera, and no other host gets it: $name', (row) => {
  const config: RecordConfig = { loop: false, mode: 'normal', clips: undefined, ...row.config };
  expect(recordSource(config, '/etc/falconet')).toEqual({ kind: 'rtsp', url: row.url });
});

describe('a mode that does not fit is a mistake at its own line', () => {
  const mistakes = (camera: string): string[] => {
    try {
      parseConfig(`cameras:\n  a: ${camera}\n`, { name: 'f', folder: '/', environment: {} });
    } catch (error) {
      if (!(error instanceof FalconetError)) throw error;
      return (error.facts['issues'] as ConfigIssue[]).map(({ path, message }) => `${path}: ${message}`);
    }
    return [];
  };

  test.each([
    {
      name: 'polling RTSP',
      camera: '{ source: "rtsp://h/", mode: poll }',
      expected: ['cameras.a.mode: expected an http:// or https:// source for mode: poll'],
    },
    {
      name: 'an interval without polling',
      camera: '{ source: "http://h/", interval: 5 }',
      expected: ['cameras.a.interval: expected mode: poll beside an interval'],
    },
    { name: 'polling HTTP', camera: '{ source: "http://h/", mode: poll, interval: 5 }', expected: [] },
    {
      name: 'clips of snapshots, which are no video',
      camera: '{ source: "http://h/", mode: poll, clips: {} }',
      expected: [expect.stringMatching(/^cameras\.a\.clips: expected a record address/)],
    },
    {
      name: 'snapshots beside a video that is recorded',
      camera: '{ source: "http://h/", mode: poll, record: "rtsp://h/" }',
      expected: [],
    },
  ])('$name', ({ camera, expected }) => {
    expect(mistakes(camera)).toEqual(expected);
  });
});
