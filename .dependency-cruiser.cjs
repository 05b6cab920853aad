// Who may import whom. Each rule's comment tells the offender what to do.
const ROOMS = 'config|ffmpeg|streams|gate|detector|tracker|rules|events|media|sinks|web|eval';

const oneHome = [
  ['node-red', '^(nodes|test/nodes)/'],
  ['mqtt', '^(src/sinks|test|bench)/'],
  ['onnxruntime-(node|web)', '^(src/detector|test/detector|test/scripts|scripts|bench)/'],
  ['@tensorflow', '^(src/detector|test/detector|bench)/'],
  ['fluent-ffmpeg', '^(src/ffmpeg/command-line[.]ts|test/ffmpeg/)'],
  ['sharp', '^(src/media|test|bench|scripts)/'],
  ['zod', '^(src/config|src/core/schema|test)/'],
  ['aedes', '^(src/cli|test|bench)/'],
  ['pino(-pretty)?', '^src/daemon/'],
  ['prom-client', '^src/daemon/'],
  ['@?fastify', '^src/web/'],
  ['ws', '^(src/web/|test/web/|bench/)'],
  ['preact', '^src/web/app/'],
  ['@preact', '^src/web/app/'],
  ['rolldown', '^scripts/'],
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'Nothing imports this file and it imports nothing: delete it or wire it.',
      from: { orphan: true, pathNot: '[.]d[.]ts$|^test/fixtures/' },
      to: {},
    },
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Move what both need down into core.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'core-knows-nobody',
      severity: 'error',
      comment:
        'core holds types, schemas, errors, clock and log. What needs a library other than zod lives in a room.',
      from: { path: '^src/core/' },
      to: { pathNot: '^(src/core/|node_modules/zod/)', dependencyTypesNot: ['core'] },
    },
    {
      name: 'rooms-know-core-only',
      severity: 'error',
      comment: 'A room sees itself and core. Join rooms in src/pipeline.ts; move shared types to core.',
      from: { path: `^src/(${ROOMS})/` },
      to: { path: '^src/', pathNot: '^src/($1|core|ffmpeg)/' },
    },
    {
      name: 'the-page-runs-in-a-browser',
      severity: 'error',
      comment:
        'What the page and its server tell each other is in src/core/dashboard.ts; share no more than types and src/core/asked-for.ts, which imports no code.',
      from: { path: '^src/web/app/' },
      to: {
        pathNot:
          '^(src/web/app/|src/core/asked-for[.]ts$|resources/falconet-draw[.]js$|node_modules/@?preact/)',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'no-server-in-the-page',
      severity: 'error',
      comment: 'The page is built by scripts/build-page.ts and read as files.',
      from: { path: '^src/(?!web/app/)' },
      to: { path: '^src/web/app/' },
    },
    {
      name: 'ffmpeg-is-for-streams-and-media',
      severity: 'error',
      comment: 'Only streams and media start ffmpeg. Take a port instead.',
      from: { path: `^src/(?!ffmpeg|streams|media|pipeline|daemon|cli)` },
      to: { path: '^src/ffmpeg/' },
    },
    {
      name: 'nobody-imports-the-ends',
      severity: 'error',
      comment: 'nodes, daemon, cli, bench and test are ends. Move the shared part into a room.',
      from: { path: '^src/(?!daemon|cli|index[.]ts)' },
      to: { path: '^(nodes|test|bench|scripts|src/(daemon|cli))/' },
    },
    {
      name: 'rxjs-in-streams',
      severity: 'error',
      comment:
        'Detector, tracker, rules, events and sinks are functions and promises. Lift them in src/pipeline.ts.',
      from: { pathNot: '^(src/streams/|src/pipeline[./]|src/daemon/|src/cli/|nodes/|test/|bench/)' },
      to: { path: 'node_modules/rxjs/' },
    },
    {
      name: 'spawn-has-one-home',
      severity: 'error',
      comment: 'Child processes start in src/ffmpeg, src/detector/pool.ts and src/daemon/systemd.ts only.',
      from: { path: '^(src|nodes)/', pathNot: '^src/(ffmpeg/|detector/pool[.]ts|daemon/systemd[.]ts)' },
      to: { path: '^(node:)?child_process$' },
    },
    ...oneHome.map(([library, home]) => ({
      name: `${library}-has-one-home`,
      severity: 'error',
      comment: `${library} is imported in ${home} only; take a port instead.`,
      from: { path: '^(src|nodes|test)/', pathNot: home },
      to: { path: `node_modules/(@types/)?${library}/` },
    })),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
  },
};
