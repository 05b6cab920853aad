import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { tempFolder } from './temp-folder.ts';

/** Where a service tells systemd how it is: the other end is a program, since Node has no datagrams on Unix sockets. */
export interface NotifySocket {
  readonly path: string;
  /** What came so far, a message each. */
  readonly messages: readonly string[];
}

const PROGRAM = `
import socket, sys
own = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
own.bind(sys.argv[1])
while True:
    text = own.recv(4096).decode()
    print(text.replace('\\n', ' '), flush=True)
`;

/** It needs python3, and ends with the test. */
export async function startNotifySocket(): Promise<NotifySocket> {
  const path = join(tempFolder(), 'notify');
  const child = spawn('python3', ['-c', PROGRAM, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    text += more;
  });
  await vi.waitFor(() => {
    if (!existsSync(path)) throw new Error('expected a socket');
  }, 10_000);
  return {
    path,
    get messages() {
      return text.split('\n').filter((line) => line !== '' && !line.startsWith('BARRIER'));
    },
  };
}
