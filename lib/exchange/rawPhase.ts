import type { FramerInstruction } from '../../operators/frame.js';
import type { AtError } from '../../operators/atError.js';
import type { ModuleSettings } from '../command/command.js';
import type { RawLine } from '../command/rawLine.js';
import type { RawEnd } from './rawLeaving.js';
import { createRawLine, type OpenRawLine, type RawLineConfig } from './rawLine.js';
import { createRawPrompt, type RawPrompt } from './rawPrompt.js';

export interface RawPhaseConfig extends Omit<RawLineConfig, 'settings'> {
  readonly settings: () => ModuleSettings;
  readonly instruct: (instruction: FramerInstruction) => void;
  /** Bytes that were taken raw and are to be read as lines. */
  readonly reread: (bytes: Uint8Array) => void;
  readonly prompted: () => void;
}

/** The raw part of the life of a passthrough command. */
export interface RawPhase {
  /** The command is about to be written. */
  expect(): void;
  /** It got its prompt. What the peer said meanwhile comes at the next `feed`. */
  begin(): RawLine;
  feed(bytes: Uint8Array): void;
  /** Back to lines: it got no prompt. */
  abort(): void;
  leave(): void;
  /** The exchange ended. */
  fail(error: AtError): void;
}

/** Nothing is raw yet. */
export const createRawPhase = (config: RawPhaseConfig): RawPhase => {
  const { settings, instruct, reread, prompted, show, over } = config;
  let opening: RawPrompt | undefined;
  let open: OpenRawLine | undefined;

  const abort = (): void => {
    instruct({ do: 'disarm' });
    if (opening === undefined) return;
    const { taken } = opening;
    opening = undefined;
    instruct({ do: 'lines' });
    if (taken.length > 0) reread(taken);
  };
  const look = (found: RawPrompt, bytes: Uint8Array): void => {
    const result = found.feed(bytes);
    if (result === undefined) return;
    if (result.kind === 'refused') {
      abort();
      // If it was the peer that said so, the prompt is still to come.
      return instruct({ do: 'arm', then: 'raw' });
    }
    opening = undefined;
    show('rx', '>');
    prompted();
    if (result.peer.length > 0) feed(result.peer);
  };
  const feed = (bytes: Uint8Array): void => (opening === undefined ? open?.feed(bytes) : look(opening, bytes));

  return {
    expect: () => {
      if (!settings().cipmode) return instruct({ do: 'arm', then: 'raw' });
      opening = createRawPrompt();
      instruct({ do: 'raw' });
    },
    begin: () => {
      const ended = (end: RawEnd): void => {
        open = undefined;
        instruct({ do: 'lines' });
        over(end);
      };
      open = createRawLine({ ...config, settings: settings(), over: ended });
      return open.line;
    },
    feed,
    abort,
    leave: () => open?.leave(),
    fail: (error) => open?.fail(error),
  };
};
