import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emulator, inMemoryBroker, inMemoryWeb, type CommandGroup, type InMemoryBroker, type World } from 'rx-esp-at/emulator';
import type { Connection } from '../../lib/transport.js';
import { ScriptedNetwork } from '../support/scriptedNetwork.js';
import { SteppedScheduler } from '../support/steppedScheduler.js';
import { recordedEndpoints, recordedWeb } from './recordedServers.js';
import type { Session } from './recordings.js';

/** What a script may move. */
export interface ReplayPeer {
  readonly network: ScriptedNetwork;
  readonly broker: InMemoryBroker;
  readonly world: World;
  /** Lets virtual milliseconds pass. */
  wait(ms: number): void;
}

interface Step { readonly tx: string; readonly rx: string; readonly note?: string }

/** One step of a recording beside what the emulator answered. */
export interface Comparison {
  /** `file#step`. */
  readonly id: string;
  readonly tx: string;
  readonly recorded: string;
  readonly answered: string;
}

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');

/** Hides what differs from run to run on the same firmware. */
export const mask = (text: string): string =>
  text
    .replace(/ets Jul[^]*?at-init: v4\.1[^\n]*\n/, '')
    .replace(/([0-9a-f]{2}:){5}[0-9a-f]{2}/g, '<mac>')
    .replace(/"ESP_[0-9A-F]{6}"/g, '"ESP_<mac>"')
    .replace(/(\+SYSRAM:)[\d,]+/g, '$1<free>')
    .replace(/(\+SYSTIMESTAMP:)\d+/g, '$1<clock>')
    .replace(/(\+CIPSNTPTIME:)\w{3} \w{3} [ \d]\d [\d:]{8} \d{4}/g, '$1<clock>')
    .replace(/(\+CWLAP:\(\d,"[^"]*"),-\d+/g, '$1,<rssi>')
    .replace(/(\+CWJAP:"[^"]*","<mac>",\d+),-\d+/g, '$1,<rssi>')
    .replace(/((?:\+CIPSTATUS|\+CIPSTATE|\+LINK_CONN):[^\r]*)/g, (line) => line.replace(/,(?:3[2-9]|[4-6]\d)\d{3}\b/g, ',<port>'));

/** Groups the recorded 4.1 build lacks, or has beyond the usual. */
const build: { readonly without: readonly CommandGroup[]; readonly including: readonly CommandGroup[] } = {
  without: ['ble', 'bt', 'ethernet', 'websocket', 'fs'], including: ['vendor'],
};

const ends = /(\r\nOK\r\n|\r\nERROR\r\n|\r\n>)/;

/** Replays a session in virtual time. */
export const replay = (session: Session): readonly Comparison[] => {
  const scheduler = new SteppedScheduler();
  const network = new ScriptedNetwork({
    scheduler, refused: [20277], plain: [21280], alive: ['192.168.4.2'],
    ...(session.echo ? { echo: session.echo } : {}),
    ...(session.time === undefined ? {} : { time: session.time }),
  });
  const broker = inMemoryBroker({ scheduler, endpoints: [recordedEndpoints.broker] });
  const http = inMemoryWeb({ scheduler, servers: { [recordedEndpoints.web]: recordedWeb } });
  const module = emulator({
    firmware: session.firmware, scheduler, network, mqtt: broker, http, powerOn: session.prelude ? 'before' : 'now', bootLog: session.firmware === '4.1.0',
    accessPoints: [
      { ssid: 'PICSimLabWifi', channel: 1, bssid: '10:01:00:c4:0a:56', rssi: -20 },
      { ssid: 'Espressif', channel: 5, bssid: '10:01:00:c4:0a:51', rssi: -25 },
      { ssid: 'MasseyWifi', channel: 10, bssid: '10:01:00:c4:0a:52', rssi: -35 },
    ],
    ...(session.firmware === '4.1.0' ? build : {}),
  });
  let heard = '';
  let line: Connection | undefined;
  module.open().subscribe((connection) => {
    line = connection;
    connection.incoming.subscribe((bytes) => (heard += textOf(bytes)));
  });
  const take = (): string => {
    const text = heard;
    heard = '';
    return text;
  };
  const send = (tx: string, quick: boolean): string => {
    line?.write(bytesOf(tx)).subscribe();
    if (quick) scheduler.advance(15);
    else {
      const restarts = /^AT\+(RST|RESTORE)\r\n$/i.test(tx);
      if (/^at.*\r\n$/i.test(tx)) {
        for (let waited = 0; waited < 30_000 && !(restarts ? heard.includes('ready') : ends.test(heard)); waited += 10) scheduler.advance(10);
      }
      scheduler.advance(400);
    }
    return take();
  };
  const peer: ReplayPeer = { network, broker, world: module.world, wait: (ms) => scheduler.advance(ms) };
  for (const command of session.prelude ?? []) send(`${command}\r\n`, false);
  const results: Comparison[] = [];
  for (const { file, script } of session.files) {
    const text = readFileSync(join(__dirname, '..', 'fixtures', 'firmware', `${file}.json`), 'utf8');
    const { steps } = JSON.parse(text) as { readonly steps: readonly Step[] };
    steps.forEach(({ tx, rx }, index) => {
      script?.[index]?.(peer);
      // The recording went on at once where the next step belongs into the running command.
      const next = steps[index + 1]?.note ?? '';
      const quick = /during CWLAP/.test(next) && tx !== '';
      const answered = tx === '' ? (scheduler.advance(600), take()) : send(tx, quick);
      results.push({ id: `${file}#${index}`, tx, recorded: mask(rx), answered: mask(answered) });
    });
  }
  return results;
};
