import { asError } from '../core/error.ts';

/** Why a file cannot be read, in words. */
export function readProblem(cause: unknown): string {
  const error = asError(cause) as NodeJS.ErrnoException;
  if (error.code === 'ENOENT') return 'no such file';
  if (error.code === 'EACCES') return 'may not be read by this user';
  return error.code === 'EISDIR' ? 'is a folder' : error.message;
}
