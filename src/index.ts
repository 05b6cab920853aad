// What a program that embeds Falconet needs; everything else is free to change.
export { type LoadedConfig, loadConfig, parseConfig } from './config/load.ts';
export type { Clock } from './core/clock.ts';
export { type ErrorCode, FalconetError } from './core/error.ts';
export type { FrameReport } from './core/frame-report.ts';
export type { Log } from './core/log.ts';
export { eventSchema, type FalconetEvent } from './core/schema/event.ts';
export { type Gateway, type GatewayOptions, startGateway } from './daemon/gateway.ts';
