import { hidComputer, type HidReport } from 'rx-esp-at/emulator';
import type { Case, Rig, Table } from '../../support/enumeration.js';
import { air, client, company, server } from './blePeer.js';

const rejected = { kind: 'command', code: 'rejected' };
const config = { txService: 3, txCharacteristic: 5, rxService: 3, rxCharacteristic: 6 } as const;
const names = (rig: Rig): readonly string[] => rig.events.map(({ name }) => name).filter((name) => name.startsWith('+'));

/** What the computer of the case that runs has got. */
let reports: HidReport[] = [];

/** A computer that wants the module for its keyboard. */
const wanted = (rig: Rig): void => {
  reports = [];
  hidComputer({ air }).reports('24:0a:c4:09:34:23').subscribe((report) => reports.push(report));
  rig.wait(500);
};

const taken: Partial<Case> = { ...company, given: ['AT+BLEHIDINIT=1'], before: wanted };
const alone: Partial<Case> = { ...company, given: ['AT+BLEHIDINIT=1'] };
const keyboard = { modifiers: 2, key1: 4, key2: 5, key3: 6, key4: 7, key5: 8, key6: 255 } as const;
const mouse = { buttons: 3, x: -127, y: 127, wheel: -1 } as const;
const got = (report: HidReport) => (): void => expect(reports).toEqual([report]);

/** Document 000 §5.28 and §5.38 to §5.41. AT+BLESPP leaves the commands: `special.spec.ts` drives it. */
export const bleProfilesTable: Table = {
  'AT+BLESPPCFG set': { cases: [{ ...client, params: config, tells: { 'AT+BLESPPCFG?': '+BLESPPCFG:3,5,3,6' } }, { ...company, params: config, refused: rejected }] },
  'AT+BLESPPCFG set reset': { cases: [{ given: ['AT+BLEINIT=1', 'AT+BLESPPCFG=1,3,5,3,6'], tells: { 'AT+BLESPPCFG?': '+BLESPPCFG:0,0,0,0' } }] },
  'AT+BLESPPCFG query': {
    cases: [
      { given: ['AT+BLEINIT=2', 'AT+BLESPPCFG=1,1,6,1,5'], expect: { txService: 1, txCharacteristic: 6, rxService: 1, rxCharacteristic: 5 } },
      { ...server, expect: { txService: 0, txCharacteristic: 0, rxService: 0, rxCharacteristic: 0 } },
    ],
  },
  'AT+BLEHIDINIT set': {
    cases: [
      {
        ...company, params: { enable: true }, tells: { 'AT+BLEHIDINIT?': '+BLEHIDINIT:1', 'AT+BLEINIT?': '+BLEINIT:0' },
        after: (rig) => (wanted(rig), expect(names(rig)).toEqual(['+BLEHIDCONN']), rig.wire('AT+BLEHIDINIT=0'), expect(names(rig)).toEqual(['+BLEHIDCONN', '+BLEHIDDISCONN'])),
      },
      { ...client, params: { enable: true }, refused: rejected },
      { given: ['AT+BLUFI=1'], params: { enable: true }, refused: rejected },
    ],
  },
  'AT+BLEHIDINIT query': { cases: [{ expect: { enable: false } }, { given: ['AT+BLEHIDINIT=1'], expect: { enable: true } }, { given: ['AT+BLEHIDINIT=1', 'AT+BLEHIDINIT=0'], expect: { enable: false } }] },
  'AT+BLEHIDKB set': { cases: [{ ...taken, params: keyboard, after: got({ kind: 'keyboard', modifiers: 2, keys: [4, 5, 6, 7, 8, 255] }) }, { ...alone, params: keyboard, refused: rejected }] },
  'AT+BLEHIDMUS set': { cases: [{ ...taken, params: mouse, after: got({ kind: 'mouse', ...mouse }) }, { ...alone, params: mouse, refused: rejected }] },
  'AT+BLEHIDCONSUMER set': { cases: [{ ...taken, params: { usage: 233 }, after: got({ kind: 'consumer', usage: 233 }) }, { ...alone, params: { usage: 233 }, refused: rejected }] },
};
