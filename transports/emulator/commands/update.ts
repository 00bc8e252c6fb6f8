import { Observable, type Subscriber } from 'rxjs';
import type { Call, Device, Handler, Row } from '../device.js';
import { error, ok, type Outcome } from '../outcome.js';
import { counted, demand } from './shared.js';

/** Steps 1 to 4, one after the other; the last word is whether it was written. */
const run = (device: Device, version: string | undefined, said: (step: number) => void, ended: (written: boolean) => void): void => {
  const { updates, station } = device;
  const { config, versions } = updates;
  const wanted = version === undefined || version === '' ? config?.version : version;
  const blocked = (step: number): boolean => !station.online || config === undefined || config.failsAt === step || (step === 3 && !versions.includes(wanted ?? ''));
  const stop = (written: boolean): void => {
    updates.running = false;
    ended(written);
  };
  const reach = (step: number): void => {
    if (blocked(step)) return stop(false);
    updates.state = step;
    said(step);
    if (step < 4) return void device.after(config?.stage ?? 200, () => reach(step + 1));
    updates.write(wanted ?? '');
    stop(true);
  };
  updates.running = true;
  reach(1);
};

const say = ({ print }: Call, step: number): void => print(`+CIPUPDATE:${step}\r\n`);

/** Nothing else is answered meanwhile; it restarts by itself. */
const blocking = (call: Call, version: string | undefined): Observable<Outcome> =>
  new Observable((subscriber: Subscriber<Outcome>) => {
    run(
      call.device,
      version,
      (step) => say(call, step),
      (written) => {
        subscriber.next(written ? ok(() => call.device.restart()) : error());
        subscriber.complete();
      },
    );
  });

/** Document 002: OK is before the first step or after it, and the restart is the host's. */
const beside = (call: Call, version: string | undefined): Outcome => {
  const { device } = call;
  const start = (): void =>
    run(
      device,
      version,
      (step) => say(call, step),
      (written) => {
        if (written) return;
        device.updates.state = -1;
        say(call, -1);
      },
    );
  if (device.random() >= 0.5) return ok(() => device.after(1, start));
  start();
  return ok();
};

const update: Handler = (call) => {
  const { args, device } = call;
  const modern = device.profile.release >= 22;
  counted(call, 1, modern ? 4 : 2);
  args.int(0, { min: 0, max: 1 });
  const version = args.maybeText(1, undefined, { max: 32 });
  if (modern) args.maybeText(2, undefined, { max: 32 });
  const nonblocking = modern ? args.maybeInt(3, 0, { min: 0, max: 1 }) : 0;
  demand(!device.updates.running, call);
  return nonblocking === 1 ? beside(call, version) : blocking(call, version);
};

export const updating: readonly Row[] = [
  {
    name: '+CIUPDATE', group: 'tcpip',
    query: {
      since: 22,
      run: ({ device, name, print }) => {
        print(`${name}:${device.updates.state}\r\n`);
        return ok();
      },
    },
    set: update,
    execute: (call) => {
      demand(!call.device.updates.running, call);
      return blocking(call, undefined);
    },
  },
  {
    name: '+CIPFWVER', group: 'tcpip', since: 30,
    query: (call) => {
      const { device, name, print } = call;
      demand(device.station.online && device.updates.versions.length > 0, call);
      for (const version of device.updates.versions) print(`${name}:"${version}"\r\n`);
      return ok();
    },
  },
];
