import { FalconetError } from '../core/error.ts';
import type { FalconetEvent } from '../core/schema/event.ts';

/**
 * Keeps a picture, then its event, so that whoever reads the event finds the picture. A picture that could not be
 * kept, being too large for the broker or the disk, does not take its event along: that says `image: null`.
 *
 * @throws what `sendPicture` and `sendEvent` do; SINK_WRITE of the picture after the event was sent.
 */
export async function withPicture(
  event: FalconetEvent,
  sendEvent: (event: FalconetEvent) => Promise<void>,
  sendPicture: () => Promise<void>,
): Promise<void> {
  try {
    await sendPicture();
  } catch (error) {
    if (!(error instanceof FalconetError) || error.code !== 'SINK_WRITE') throw error;
    await sendEvent({ ...event, image: null });
    throw error;
  }
  await sendEvent(event);
}
