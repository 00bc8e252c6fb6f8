import { parseArgs } from 'node:util';

/** What the demo was asked to do. */
export interface Options {
  /** A real module's port; an emulated module without one. */
  readonly port?: string;
  readonly baud: number;
  readonly ssid: string;
  readonly password?: string;
  /** The address under which a real module reaches this machine; found by itself where both are in one subnet. */
  readonly host?: string;
}

export const usage = `Usage: npm run demo                                            an emulated module, no hardware needed
       npm run demo -- --port /dev/ttyUSB0 --ssid NAME            a real one

  --port PATH      serial port of a module with ESP-AT firmware
  --baud RATE      bits per second of that port (115200)
  --ssid NAME      access point to join
  --host ADDRESS   address of this computer as the module sees it (found by itself in the same subnet)
  --password TEXT  password of the access point; other users of this computer can see it:
                   better put it in the environment variable ESP_AT_PASSWORD
  --help           this text`;

export type Asked = { readonly kind: 'run'; readonly options: Options; readonly warning?: string } | { readonly kind: 'help' } | { readonly kind: 'wrong'; readonly message: string };

const flags = {
  port: { type: 'string' },
  baud: { type: 'string' },
  ssid: { type: 'string' },
  host: { type: 'string' },
  password: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const wrong = (message: string): Asked => ({ kind: 'wrong', message });

/** Reads the arguments after the script's name. */
export const readOptions = (args: readonly string[], env: Readonly<Record<string, string | undefined>>): Asked => {
  let values;
  try {
    ({ values } = parseArgs({ args: [...args], options: flags }));
  } catch (error) {
    return wrong(error instanceof Error ? error.message : String(error));
  }
  if (values.help === true) return { kind: 'help' };
  const { port, ssid, host } = values;
  const stray = (['baud', 'ssid', 'host', 'password'] as const).find((name) => values[name] !== undefined);
  if (port === undefined) {
    return stray === undefined ? { kind: 'run', options: { baud: 115_200, ssid: 'Espressif' } } : wrong(`--${stray} goes with --port`);
  }
  if (ssid === undefined) return wrong('--port needs --ssid: the access point that the module shall join');
  const baud = Number(values.baud ?? 115_200);
  if (!Number.isInteger(baud) || baud < 80 || baud > 5_000_000) return wrong(`--baud ${values.baud ?? ''} is no rate from 80 to 5000000`);
  const password = values.password ?? env['ESP_AT_PASSWORD'];
  const options = { port, baud, ssid, ...(password === undefined ? {} : { password }), ...(host === undefined ? {} : { host }) };
  return values.password === undefined
    ? { kind: 'run', options }
    : { kind: 'run', options, warning: '--password can be seen by other users of this computer; ESP_AT_PASSWORD cannot' };
};
