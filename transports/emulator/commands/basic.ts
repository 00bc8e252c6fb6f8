import { ok } from '../outcome.js';
import { handlerOf, type Call, type Row } from '../device.js';
import { Refusal } from '../refusal.js';
import { counted, demand, setNumber, showNumber } from './shared.js';

const show = (row: Row, release: number): string =>
  [row.test, row.query, row.set, row.execute].map((form) => (handlerOf(form, release) ? 1 : 0)).join(',');

/** Some values are the call's own lines: `%s:%d` without a line end of its own, so that no blank line stands before OK. */
export const basic: readonly Row[] = [
  { name: '', group: 'basic', execute: () => ok() },
  {
    name: 'E0', group: 'basic',
    execute: ({ device }) => {
      device.set('echo', false);
      return ok();
    },
  },
  {
    name: 'E1', group: 'basic',
    execute: ({ device }) => {
      device.set('echo', true);
      return ok();
    },
  },
  { name: '+RST', group: 'basic', execute: ({ device }) => ok(() => device.restart()) },
  {
    name: '+GMR', group: 'basic',
    execute: ({ device, print }) => {
      for (const line of device.updates.shown(device.profile.versionLines)) print(`${line}\r\n`);
      return ok();
    },
  },
  {
    name: '+CMD', group: 'basic', since: 22,
    query: ({ device, name, print }) => {
      device.rows().forEach((row, index) => print(`${name}:${index},"AT${row.name}",${show(row, device.profile.release)}\r\n`));
      return ok();
    },
  },
  {
    name: '+GSLP', group: 'basic',
    set: (call) => {
      counted(call, 1, 1);
      const time = call.args.int(0, { min: 0 });
      return ok(() => call.device.sleep(time === 0 ? undefined : time));
    },
  },
  {
    name: '+RESTORE', group: 'basic',
    execute: ({ device }) => ok(() => {
      device.erase();
      device.restart();
    }),
  },
  {
    name: '+SLEEP', group: 'basic',
    query: showNumber('sleep'),
    set: (call) => {
      counted(call, 1, 1);
      const mode = call.args.int(0, { min: 0, max: 3 });
      // Modem sleep by listen interval is for stations only (4.1: ERROR in mode 2).
      demand(mode !== 3 || call.device.get('wifiMode') === 1, call);
      call.device.set('sleep', mode);
      return ok();
    },
  },
  {
    name: '+SYSRAM', group: 'basic',
    query: ({ device, name, print }) => {
      print(device.profile.release >= 22 ? `${name}:186992,176044` : `${name}:175356`);
      return ok();
    },
    set: {
      since: 41,
      run: (call) => {
        counted(call, 1, 1);
        call.args.int(0, { min: 0, max: 1 });
        call.print(`${call.name}:186992,176044,114676,110592`);
        return ok();
      },
    },
  },
  {
    name: '+SYSMSG', group: 'basic',
    query: ({ device, name, print }) => {
      print(`${name}:${device.get('sysmsg')}`);
      return ok();
    },
    set: setNumber('sysmsg', 0, ({ device }) => device.profile.limits.sysmsg),
  },
  { name: '+SYSLOG', group: 'basic', query: showNumber('syslog'), set: setNumber('syslog', 0, 1) },
  { name: '+SYSSTORE', group: 'basic', since: 21, query: showNumber('sysstore'), set: setNumber('sysstore', 0, 1) },
  {
    name: '+SYSTIMESTAMP', group: 'basic',
    query: ({ device, name, print }) => {
      print(`${name}:${device.calendar.seconds}`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      call.device.calendar.set(call.args.int(0, { min: 0 }));
      return ok();
    },
  },
  {
    name: '+SYSROLLBACK', group: 'basic',
    query: {
      since: 41,
      run: ({ name, print }) => {
        print(`${name}:0xc0000,"v4.1.0.0-dev",0x260000,"unknown"`);
        return ok();
      },
    },
    // The other slot never held a firmware.
    execute: () => {
      throw new Refusal();
    },
  },
  { name: '+SYSLSPCFG', group: 'basic', set: () => pendingSleep() },
  { name: '+SYSLSP', group: 'basic', execute: () => pendingSleep() },
  {
    name: '+SLEEPWKCFG', group: 'basic', since: 21,
    set: (call: Call) => {
      counted(call, 2, 3);
      call.args.int(0, { min: 0, max: 2 });
      call.args.int(1, { min: 0 });
      call.args.maybeInt(2, 0, { min: 0, max: 1 });
      return ok();
    },
  },
];

const pendingSleep = (): never => {
  throw new Refusal();
};
