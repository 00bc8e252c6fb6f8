/** Two modules talk over Bluetooth LE, as in the example of the AT manual. `usage` says how it is called. */
import { concat, defer, filter, ignoreElements, map, merge, type Observable, of, switchMap, take, takeUntil } from 'rxjs';
import { type AtModule, ble, type BleConnection, type Central, type Peripheral, type Transport } from 'rx-esp-at';
import { createAir, emulator } from 'rx-esp-at/emulator';
import { serialport } from 'rx-esp-at/transports/serialport';
import { opened } from './opened.js';
import { play } from './play.js';
import { within } from './within.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** 2. The server advertises; the client scans until it hears it, and connects. */
const connected = (peripheral: Peripheral, central: Central): Observable<BleConnection> => {
  const heard = central.scan({ duration: 3000 }).pipe(
    filter(({ address }) => address === peripheral.address),
    take(1),
  );
  return merge(
    peripheral.advertise({ flags: ['general-discoverable', 'no-br-edr'], name: 'ESP32' }).pipe(ignoreElements()),
    heard.pipe(switchMap(({ address }) => central.connect(address))),
  );
};

/** What the server does as soon as the client has asked to be told of a characteristic. */
const answered = (peripheral: Peripheral, how: 'notify' | 'indicate', value: string): Observable<never> =>
  peripheral.subscriptions.pipe(
    filter((asked) => asked[how]),
    take(1),
    switchMap(({ characteristic }) => peripheral[how](characteristic, Buffer.from(value))),
  );

/** 3. to 5.: the client reads, writes, is notified and indicated to. */
const talk = (peripheral: Peripheral, connection: BleConnection): Observable<string> =>
  connection.discover().pipe(
    switchMap((tree) => {
      const found = tree.services.map(({ index, uuid, characteristics }) => `${String(index)}:${uuid}(${String(characteristics.length)})`);
      const read = tree.characteristic('A002', 'C300', 'read').pipe(switchMap((c300) => c300.read()));
      const write = tree.characteristic('A002', 'C302', 'write').pipe(switchMap((c302) => c302.write(Buffer.from('\r\n'))));
      const written = peripheral.writes.pipe(take(1), map(({ characteristic, data }) => `the server has ${JSON.stringify(text(data))} in ${characteristic.uuid}`));
      const notified = tree.characteristic('A002', 'C305', 'notify').pipe(switchMap((c305) => c305.notifications().pipe(take(1))));
      const indicated = tree.characteristic('A002', 'C306', 'indicate').pipe(switchMap((c306) => c306.indications().pipe(take(1))));
      return concat(
        of(`the client finds ${found.join(' ')}`),
        read.pipe(map((value) => `the client reads ${text(value)}`)),
        merge(written, write),
        merge(answered(peripheral, 'notify', 'abc'), notified).pipe(map((value) => `the client is notified of ${text(value)}`)),
        merge(answered(peripheral, 'indicate', '123'), indicated).pipe(map((value) => `the client is indicated ${text(value)}`)),
      );
    }),
  );

/** The whole example. 1. is in the roles: they are initialised on subscribe, and switched off at the end. */
export const conversation = (server: AtModule, client: AtModule): Observable<string> =>
  within(ble.peripheral(server), (peripheral) =>
    within(ble.central(client), (central) =>
      within(connected(peripheral, central), (connection) =>
        concat(of(`the client is connected to ${connection.address}`), talk(peripheral, connection)),
      ),
    ),
  );

/** Opens both modules, and closes them at the end. */
const played = (server: Transport, client: Transport, stop: Observable<void>): Observable<string> =>
  opened(server, (first) => opened(client, (second) => conversation(first, second).pipe(takeUntil(stop)), stop), stop);

/** The conversation of two emulated modules on one air. Cold. */
const emulated = (firmware: '2.1.0' | '4.1.0', stop: Observable<void>): Observable<string> =>
  defer(() => {
    const air = createAir();
    return concat(of(`AT ${firmware}`).pipe(takeUntil(stop)), played(emulator({ firmware, air, bleMac: '24:0a:c4:03:f4:d6' }), emulator({ firmware, air, bleMac: '24:0a:c4:09:34:23' }), stop));
  });

const usage = `Usage: node dist/cjs/examples/bluetooth.js [SERVER CLIENT]

Two modules talk over Bluetooth LE, as in the example of the AT manual. SERVER and CLIENT are serial ports of real modules, such as /dev/ttyUSB0 and
/dev/ttyUSB1; without them two emulated modules do so, with AT 2.1.0 and again with AT 4.1.0.`;

if (require.main === module) {
  play({
    usage,
    read: ([server, client, more]) => {
      if (server === undefined) return undefined;
      if (client === undefined || more !== undefined) throw new Error('name two serial ports, or none');
      return { server, client };
    },
    lines: (ports, stop) =>
      ports === undefined
        ? concat(emulated('2.1.0', stop), emulated('4.1.0', stop))
        : played(serialport({ path: ports.server }), serialport({ path: ports.client }), stop),
  });
}
