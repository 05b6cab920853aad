/** Why an `end` was sent, its first word. */
export const END_REASONS = ['lost', 'source-lost', 'stopped', 'end-of-file', 'restart'] as const;

/** Why a message of an event was sent: every first part, before any colon, of a word in `reason`. */
export const EVENT_REASONS = [
  'confirmed',
  'zone-enter',
  'zone-leave',
  'dwell',
  'crowd',
  'line',
  'better-picture',
  'stationary',
  'moving',
  'heartbeat',
  'image',
  'clip',
  ...END_REASONS,
] as const;
