import { NetworkError, type NetworkFailure } from '../network/network.js';

const failures: Readonly<Record<string, NetworkFailure>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENETDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'not-found',
  EAI_AGAIN: 'not-found',
  ENODATA: 'not-found',
  EADDRINUSE: 'in-use',
  EACCES: 'in-use',
};

/** The code of a system error: `EAGAIN` …, empty for anything else. */
export const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What a Node error means to the module; `otherwise` where it says nothing known. */
export const nodeFailure = (error: unknown, otherwise: NetworkFailure): NetworkError =>
  new NetworkError(failures[codeOf(error)] ?? otherwise, error instanceof Error ? error.message : String(error));
