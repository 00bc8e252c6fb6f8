import type { Transport } from 'rx-esp-at';
import { type PortOptions, transportOf } from './port.js';
import { recorded, type RecordOptions } from './recording.js';
import type { Task } from './runTask.js';

/** Which line a command uses, and whether it is recorded. */
export interface LineOptions extends PortOptions, RecordOptions {}

/** Runs `use` over the chosen line; ends when the port is closed again and the recording is whole. */
export const withLine = (options: LineOptions, use: (transport: Transport) => Task): Task => recorded(transportOf(options), options.record, use, options.dialect);
