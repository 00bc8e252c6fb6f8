import type { Subscription } from 'rxjs';
import { commands } from '../../lib/commands/index.js';
import { dialects } from '../../lib/dialects/dialects.js';
import { type Base, checkRefusals, joining, Rig, stand } from '../support/enumeration.js';
import { special } from './special.js';
import { found, peer, peerAddress } from './tables/blePeer.js';
import { connected, master } from './tables/btPeer.js';
import { forget, peers, textAt } from './tables/peers.js';

const { basic, ble, bt, tcpip } = commands;
const names = (rig: Rig): readonly string[] => rig.events.map(({ name }) => name);
/** Takes the line for raw data; unsubscribing gives it back. */
const rawBy = (rig: Rig, key: typeof ble.spp): Subscription => {
  let entered = 0;
  const raw = rig.module.exec(key).subscribe(() => (entered += 1));
  rig.wait(500);
  expect(entered).toBe(1);
  peer.heard = '';
  return raw;
};
const updates = { version: 'v4.9.0.0', older: ['v4.8.0.0'], stage: 100 } as const;
const steps = (rig: Rig): readonly unknown[] => rig.events.filter(({ name }) => name === '+CIPUPDATE').map(({ fields }) => fields);

/** How each of them is driven. */
const drives: Readonly<Record<(typeof special)[number], (base: Base) => void>> = {
  'AT+RST execute': (base) => {
    const rig = stand({ given: ['AT+CWMODE=1', 'AT+CWHOSTNAME="lamp"', 'AT+CIPMODE=1'] }, base);
    expect(rig.exec(basic.restart)).toEqual({ values: [undefined] });
    rig.wait(2000);
    expect(names(rig)).toContain('ready');
    // The mode is stored, the rest is not; and the SDK has set the module up again.
    expect([rig.wire('AT+CWMODE?'), rig.wire('AT+CWHOSTNAME?'), rig.wire('AT+CIPMODE?')]).toEqual(['+CWMODE:1\r\n\r\nOK', '+CWHOSTNAME:espressif\r\n\r\nOK', '+CIPMODE:0\r\n\r\nOK']);
    expect(rig.wire('AT+SYSLOG?')).toBe('+SYSLOG:1\r\n\r\nOK');
  },
  'AT+RESTORE execute': (base) => {
    const rig = stand({ given: [...joining, 'AT+CWAUTOCONN=0'] }, base);
    expect(rig.exec(basic.restore)).toEqual({ values: [undefined] });
    rig.wait(2000);
    expect(names(rig)).toContain('ready');
    expect([rig.wire('AT+CWMODE?'), rig.wire('AT+CWAUTOCONN?')]).toEqual(['+CWMODE:2\r\n\r\nOK', '+CWAUTOCONN:1\r\nOK']);
    // Set up again by the SDK: nothing else is left in flash.
    expect(rig.emulator.store).toEqual({ sysmsg: 3 });
  },
  'AT+GSLP set': (base) => {
    const rig = stand({}, base);
    expect(rig.exec(basic.deepSleep, { time: 5000 })).toEqual({ values: [undefined] });
    rig.wait(4900);
    expect(names(rig)).not.toContain('ready');
    rig.wait(2000);
    expect(names(rig)).toContain('ready');
    for (const time of [1, 0x7fffffff]) expect(stand({}, base).exec(basic.deepSleep, { time }).error).toBeUndefined();
    checkRefusals(dialects[base].commands.get('AT+GSLP set') as never, { cases: [{ params: { time: 1 } }] }, base);
  },
  'AT+CIUPDATE execute': (base) => {
    const rig = stand({ emulator: { updates }, given: joining }, base);
    expect(rig.exec(tcpip.update)).toEqual({ values: ['server', 'connected', 'version', 'done'].map((step) => ({ step })) });
    rig.wait(3000);
    expect(names(rig)).toContain('ready');
    expect(rig.wire('AT+GMR')).toContain('AT version:4.9.0.0');
    const failing = stand({ emulator: { updates: { ...updates, failsAt: 3 } }, given: joining }, base);
    expect(failing.exec(tcpip.update)).toMatchObject({ values: [{ step: 'server' }, { step: 'connected' }], error: { kind: 'command', code: 'rejected' } });
    expect(stand({ emulator: { updates } }, base).exec(tcpip.update)).toMatchObject({ values: [], error: { kind: 'command', code: 'rejected' } });
  },
  'AT+CIUPDATE set': (base) => {
    const declared = dialects[base].commands.get('AT+CIUPDATE set') as typeof tcpip.updateTo;
    const rig = stand({ emulator: { updates }, given: joining }, base);
    expect(rig.exec(declared, { tls: true, version: 'v4.8.0.0' }).values).toEqual(['server', 'connected', 'version', 'done'].map((step) => ({ step })));
    rig.wait(3000);
    expect(rig.wire('AT+GMR')).toContain('AT version:4.8.0.0');
    expect(stand({ emulator: { updates }, given: joining }, base).exec(declared, { tls: false, version: 'v0.0.0.0' })).toMatchObject({ error: { kind: 'command', code: 'rejected' } });
    checkRefusals(declared, { cases: [{ params: { tls: false, version: 'v1' } }] }, base);
    if (base === 'v2') return;
    // Not blocking: the steps may come as events, and the restart is the user's.
    const beside = stand({ emulator: { updates }, given: joining }, base);
    const { values, error } = beside.exec(declared, { tls: false, version: 'v4.8.0.0', nonblocking: true });
    expect(error).toBeUndefined();
    beside.wait(3000);
    expect([...values, ...steps(beside)]).toEqual(['server', 'connected', 'version', 'done'].map((step) => ({ step })));
    expect(names(beside)).not.toContain('ready');
  },
  'AT+CIPSEND execute': (base) => {
    const rig = stand({ network: peers, fresh: forget, given: [...joining, 'AT+CIPSTART="TCP","peer.test",9', 'AT+CIPMODE=1'] }, base);
    let entered = 0;
    const raw = rig.module.exec(tcpip.passthrough).subscribe(() => (entered += 1));
    rig.wait(500);
    expect(entered).toBe(1);
    rig.bytes('AT\r\n+IPD,5:raw\0');
    expect(textAt(9)).toBe('AT\r\n+IPD,5:raw\0');
    raw.unsubscribe();
    rig.wait(5000);
    expect(textAt(9)).toBe('AT\r\n+IPD,5:raw\0');
    expect(rig.wire('AT+CIPMODE?')).toBe('+CIPMODE:0\r\n\r\nOK');
    expect(stand({ network: peers, given: joining }, base).exec(tcpip.passthrough)).toMatchObject({ error: { kind: 'command', code: 'rejected' } });
  },
  'AT+BLESPP execute': (base) => {
    const rig = stand(found, base);
    expect(rig.exec(ble.spp)).toMatchObject({ error: { kind: 'command', code: 'rejected' } });
    rig.wire('AT+BLESPPCFG=1,3,5,3,6');
    const raw = rawBy(rig, ble.spp);
    rig.bytes('AT\r\n+NOTIFY:0\0');
    expect(peer.heard).toBe('+WRITE:0,1,5,,14,AT\r\n+NOTIFY:0\0\r\n');
    raw.unsubscribe();
    rig.wait(5000);
    expect(peer.heard).toBe('+WRITE:0,1,5,,14,AT\r\n+NOTIFY:0\0\r\n');
    expect(rig.wire('AT+BLECONN?')).toBe(`+BLECONN:0,"${peerAddress}"\r\n\r\nOK`);
  },
  'AT+BTSPPSEND execute': (base) => {
    const rig = stand(connected, base);
    const raw = rawBy(rig, bt.sppPassthrough);
    rig.bytes('AT\r\n+BTDATA:5:raw\0');
    expect(peer.heard).toBe('+BTDATA:18,AT\r\n+BTDATA:5:raw\0\r\n');
    raw.unsubscribe();
    rig.wait(5000);
    expect(rig.wire('AT+BTSPPCONN?')).toBe(`+BTSPPCONN:0,"${peerAddress}"\r\n\r\nOK`);
    expect(peer.heard).toBe('+BTDATA:18,AT\r\n+BTDATA:5:raw\0\r\n');
    expect(stand(master(), base).exec(bt.sppPassthrough)).toMatchObject({ error: { kind: 'command', code: 'rejected' } });
  },
  // The SDK leaves the passthrough of a former host when it opens the module: its `AT`s went to the peer, the escape did not.
  '+++ escape': (base) => {
    const former = ['AT+SYSMSG=1', 'AT+CWMODE=1', 'AT+CWJAP="Espressif",""', 'AT+CIPSTART="TCP","peer.test",9', 'AT+CIPMODE=1', 'AT+CIPSEND', 'data of the former host'];
    forget();
    const rig = new Rig(base, { network: peers, former });
    expect(textAt(9)).toBe('data of the former host\r\nAT\r\nAT\r\n');
    expect(rig.module.settings.cipmode).toBe(false);
    expect(rig.wire('AT+CIPMODE?')).toBe('+CIPMODE:0\r\n\r\nOK');
  },
};

describe.each(['v2', 'v4'] as const)('dialect %s', (base) => {
  test.each(special)('%s', (key) => drives[key](base));
});
