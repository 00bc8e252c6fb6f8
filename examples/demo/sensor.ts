import { concat, NEVER, type Observable, of } from 'rxjs';
import { type HostConfig, type HostSocket, lineSource } from 'rx-esp-at/emulator';
import { eol, lineOf, Tally } from './reading.js';

/** What the sensor itself knows of its sending. */
export interface SensorFacts {
  readonly readings: number;
  readonly checksum: string;
  readonly bytes: number;
  /** How often it had something to send and was not allowed to, and for how many milliseconds in all. */
  readonly heldBack: number;
  readonly heldBackFor: number;
}

/** A host that sends one line a reading and then ends the connection. */
export interface Sensor {
  readonly host: string;
  readonly port: number;
  /** As of now. */
  facts(): SensorFacts;
}

/** Where the module stands in its network. */
export interface Station {
  readonly address: string | undefined;
  readonly netmask: string | undefined;
}

const address = '192.168.4.2';
const port = 7000;

/** A sensor on the emulator's in-memory network: the host to configure there, and the sensor that will run on it. */
export const memorySensor = (total: number): { readonly hosts: Readonly<Record<string, HostConfig>>; readonly sensor: Observable<Sensor> } => {
  const tally = new Tally();
  let socket: HostSocket | undefined;
  const send = lineSource(
    (seq) => {
      if (seq === total) return undefined;
      const line = lineOf(seq);
      tally.add(line);
      return line;
    },
    { eol },
  );
  const serve = (connection: HostSocket): Observable<unknown> | void => {
    socket = connection;
    return send(connection);
  };
  const facts = (): SensorFacts => ({
    readings: tally.count,
    checksum: tally.checksum,
    bytes: tally.bytes,
    heldBack: socket?.stats.windowFull ?? 0,
    heldBackFor: socket?.stats.blockedFor ?? 0,
  });
  return {
    // A send buffer of a few kilobytes, as a small device has: a large one would hide the waiting from the sensor's own code.
    hosts: { [address]: { names: ['sensor.lan'], sendBuffer: 4096, tcp: { [port]: serve } } },
    sensor: concat(of({ host: 'sensor.lan', port, facts }), NEVER),
  };
};
