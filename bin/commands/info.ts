import type { Command as Program } from 'commander';
import { catchError, concat, defaultIfEmpty, EMPTY, map, type Observable, reduce, throwError } from 'rxjs';
import { type AtModule, commands, type Emits, isAtError } from 'rx-esp-at';
import { type Io, say } from '../io.js';
import type { LineOptions } from '../line.js';
import { withModule } from '../module.js';
import { withPort } from '../port.js';
import { printable } from '../printable.js';
import { shown } from '../progress.js';
import { withRecord } from '../recording.js';
import type { Task } from '../runTask.js';
import { list } from '../table.js';

interface InfoOptions extends LineOptions {
  readonly json?: boolean;
}

interface Facts {
  memory?: Emits<typeof commands.basic.memory>;
  mode?: Emits<typeof commands.wifi.modeQuery>['mode'];
  station?: Emits<typeof commands.wifi.joinQuery>;
  state?: Emits<typeof commands.wifi.stationState>['state'];
  addresses?: Emits<typeof commands.tcpip.addresses>;
}

/** What a firmware or its present state does not tell is left out. */
const ask = <A>(answer: Observable<A>, as: (value: A) => Facts): Observable<Facts> =>
  answer.pipe(
    map(as),
    catchError((error: unknown) => (isAtError(error) && (error.kind === 'unsupported' || error.code === 'rejected') ? EMPTY : throwError(() => error))),
  );

const facts = (module: AtModule): Observable<Facts> =>
  concat(
    ask(module.exec(commands.basic.memory), (memory) => ({ memory })),
    ask(module.exec(commands.wifi.modeQuery), ({ mode }) => ({ mode })),
    ask(module.exec(commands.wifi.stationState), ({ state }) => ({ state })),
    ask(module.exec(commands.wifi.joinQuery), (station) => (station === undefined ? {} : { station })),
    ask(module.exec(commands.tcpip.addresses), (addresses) => ({ addresses })),
  ).pipe(reduce((all, found): Facts => ({ ...all, ...found }), {}), defaultIfEmpty({}));

const report = ({ firmware, dialect }: AtModule, { memory, mode, station, state, addresses }: Facts): object => ({
  firmware: { version: firmware.version, sdk: firmware.sdk, product: firmware.product },
  dialect: firmware.dialect,
  table: dialect.name,
  memory,
  wifi: { mode, state, ssid: station?.ssid, bssid: station?.bssid, channel: station?.channel, rssi: station?.rssi },
  addresses: addresses === undefined ? undefined : Object.fromEntries(addresses.map(({ key, value }) => [key, value])),
});

const titles: Readonly<Record<string, string>> = { STA: 'station', AP: 'softAP', ETH: 'ethernet' };
const title = (key: string): string => {
  const [, owner = '', what = ''] = /^(STA|AP|ETH)(.*)$/.exec(key) ?? [];
  return owner === '' ? key : `${titles[owner] ?? owner} ${what}`;
};

const text = ({ firmware, dialect }: AtModule, { memory, mode, station, state, addresses = [] }: Facts): string => {
  const borrowed = dialect.name === firmware.dialect ? '' : ` (read as ${dialect.name})`;
  const lowest = memory?.minimum === undefined ? '' : `, at least ${String(memory.minimum)} so far`;
  const joined = station === undefined ? undefined : `${printable(station.ssid)} on channel ${String(station.channel)}, ${String(station.rssi)} dBm`;
  return list([
    ['firmware', printable(firmware.version)],
    ['sdk', firmware.sdk === undefined ? undefined : printable(firmware.sdk)],
    ['product', firmware.product === undefined ? undefined : printable(firmware.product)],
    ['dialect', `${firmware.dialect}${borrowed}`],
    ['free memory', memory === undefined ? undefined : `${String(memory.free)} bytes${lowest}`],
    ['wi-fi mode', mode === undefined ? undefined : String(mode)],
    ['station', joined ?? (state === undefined ? 'not joined' : `not joined (${String(state)})`)],
    ...addresses.map(({ key, value }): [string, string] => [title(key), printable(value)]),
  ]);
};

/** `esp-at info`. */
export const info = (program: Program, io: Io, start: (task: Task) => void): void => {
  withRecord(withPort(program.command('info').description('tell firmware, dialect, free memory, Wi-Fi state and addresses of a module')))
    .option('--json', 'write one JSON object')
    .action((options: InfoOptions) => {
      const task = withModule(io, options, (module) =>
        facts(module).pipe(
          shown(io, 'asking'),
          map((found) => {
            say(io, options.json === true ? JSON.stringify(report(module, found)) : text(module, found));
            return 0;
          }),
        ),
      );
      start(task);
    });
};
