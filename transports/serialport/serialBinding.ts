import { AtError } from '../../lib/transport.js';

/** What this transport needs of an open port of the `serialport` package. */
export interface SerialBindingPort {
  readonly isOpen: boolean;
  close(): Promise<void>;
  read(buffer: Uint8Array, offset: number, length: number): Promise<{ readonly bytesRead: number }>;
  write(buffer: Uint8Array): Promise<void>;
  update(options: { readonly baudRate: number }): Promise<void>;
  set(options: { readonly dtr: boolean; readonly rts: boolean; readonly brk: boolean }): Promise<void>;
  get(): Promise<{ readonly cts: boolean; readonly dsr: boolean; readonly dcd: boolean }>;
  getBaudRate(): Promise<{ readonly baudRate: number }>;
  drain(): Promise<void>;
}

/** A port the operating system knows. Only `path` is certain. */
export interface SerialPortInfo {
  /** What `serialport({ path })` takes: `/dev/ttyUSB0`, `COM3`. */
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly pnpId?: string | undefined;
  readonly locationId?: string | undefined;
  /** Four hexadecimal digits. */
  readonly vendorId?: string | undefined;
  /** Four hexadecimal digits. */
  readonly productId?: string | undefined;
}

/** The ports of a platform: `SerialPort.binding` of the `serialport` package, or its `MockBinding`. */
export interface SerialBinding {
  list(): Promise<readonly SerialPortInfo[]>;
  open(options: {
    readonly path: string;
    readonly baudRate: number;
    readonly rtscts: boolean;
    readonly lock: boolean;
  }): Promise<SerialBindingPort>;
}

const missing = (cause: unknown): AtError =>
  new AtError({
    kind: 'transport',
    code: 'open',
    message: 'the optional package `serialport` cannot be loaded; install it beside this one: npm install serialport@13',
    retry: 'never',
    cause,
    details: { reason: 'package' },
  });

// The CommonJS build asks its own loader, which is also what test runners replace; only the ES module build needs the asynchronous one.
const loadPackage = async (): Promise<typeof import('serialport')> =>
  typeof module === 'object' ? (module.require('serialport') as typeof import('serialport')) : import('serialport');

/** Loads `serialport` when it is first needed, so that programs that never open a port can do without it. Rejects with kind `transport`, code `open`, reason `package`. */
export const loadSerialBinding = async (): Promise<SerialBinding> => {
  try {
    const { SerialPort } = await loadPackage();
    return SerialPort.binding;
  } catch (cause) {
    throw missing(cause);
  }
};
