import type { Desk } from '../core/desk.ts';
import { FalconetError } from '../core/error.ts';
import { type NoticeBoard, noticeBoard } from '../pipeline/notice-board.ts';
import { type Actions, carryOut } from './actions.ts';

export type GatewayDesk = Desk & NoticeBoard;

/** Where a gateway tells of itself and takes what it is asked for. */
export function openDesk(actions: Actions): GatewayDesk {
  const board = noticeBoard(actions.health);
  const refuseAtStart = (): void => {
    if (!board.isOpen) throw new FalconetError('REQUEST_REFUSED', 'the gateway is starting');
  };
  return Object.assign(board, {
    async request(verb, body) {
      refuseAtStart();
      return carryOut(verb, body, actions);
    },
    async set(camera, name, value) {
      refuseAtStart();
      await actions.set(camera, [{ name, value }]);
    },
  } satisfies Pick<Desk, 'request' | 'set'>);
}
