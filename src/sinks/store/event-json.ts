import type { FalconetEvent } from '../../core/schema/event.ts';

const texts = new WeakMap<FalconetEvent, string>();

/** An event as JSON, made once for all who keep it: nobody changes an event. */
export function eventJson(event: FalconetEvent): string {
  const text = texts.get(event) ?? JSON.stringify(event);
  texts.set(event, text);
  return text;
}
