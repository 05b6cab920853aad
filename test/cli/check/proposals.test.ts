import { describe, expect, test } from 'vitest';
import { type ProposalInput, proposals } from '../../../src/cli/check/proposals.ts';

function propose(url: string, probe: Partial<ProposalInput['probe']> = {}, fps = 5): string[] {
  const good = { width: 640, height: 360, fps: 15, keyframeSeconds: 2 };
  return proposals({ source: { kind: 'rtsp', url }, fps, probe: { ...good, ...probe } });
}

test('a camera that is well set gets no advice', () => {
  expect(propose('rtsp://10.0.0.5/sub')).toEqual([]);
  expect(propose('rtsp://10.0.0.5/sub', { fps: 4.9 })).toEqual([]);
  expect(propose('rtsp://10.0.0.5/sub', { fps: undefined, keyframeSeconds: undefined })).toEqual([]);
});

describe('a wide picture gets the sub-stream of its vendor, without host and password', () => {
  test.each([
    { vendor: 'Hikvision', main: '/Streaming/Channels/101', sub: '/Streaming/Channels/102' },
    { vendor: 'Hikvision', main: '/Streaming/channels/1601?x=1', sub: '/Streaming/Channels/1602?x=1' },
    { vendor: 'Hikvision', main: '/h264/ch1/main/av_stream', sub: '/h264/ch1/sub/av_stream' },
    {
      vendor: 'Dahua',
      main: '/cam/realmonitor?channel=1&subtype=0',
      sub: '/cam/realmonitor?channel=1&subtype=1',
    },
    { vendor: 'Reolink', main: '/h265Preview_01_main', sub: '/h264Preview_01_sub' },
    { vendor: 'TP-Link', main: '/stream1', sub: '/stream2' },
    { vendor: 'Uniview', main: '/media/video1', sub: '/media/video2' },
    { vendor: 'Axis', main: '/axis-media/media.amp', sub: '/axis-media/media.amp?resolution=640x360' },
    {
      vendor: 'Axis',
      main: '/axis-media/media.amp?camera=2',
      sub: '/axis-media/media.amp?camera=2&resolution=640x360',
    },
    { vendor: 'manual', main: '/live', sub: 'manual' },
  ])('$vendor $main', ({ vendor, main, sub }) => {
    const [advice = ''] = propose(`rtsp://viewer:hunter2@10.0.0.5:554${main}`, { width: 3840, height: 2160 });
    expect(advice).toContain('3840x2160');
    expect(advice).toContain(vendor);
    expect(advice.endsWith(sub)).toBe(true);
    expect(advice).not.toMatch(/hunter2|10\.0\.0\.5/);
  });
});

test('a rate above that of the camera is named with one that does as well', () => {
  expect(propose('rtsp://c/x', { fps: 4 }, 10)).toEqual([expect.stringContaining('fps: 4 does as well')]);
});

test('key frames far apart are named, whether the second one came or not', () => {
  expect(propose('rtsp://c/x', { keyframeSeconds: 10 })).toEqual([expect.stringContaining('every 10 s')]);
  expect(propose('rtsp://c/x', { keyframeSeconds: undefined })).toEqual([
    expect.stringContaining('more than 12 s'),
  ]);
});

test('a wide file is what it is', () => {
  const probe = { width: 3840, height: 2160, fps: 25, keyframeSeconds: 10 };
  const source = { kind: 'file', path: '/clip.mp4', pace: 'real-time', loop: false } as const;
  expect(proposals({ source, fps: 5, probe })).toEqual([]);
});
