import { mergeMap, type Observable } from 'rxjs';
import { ble, type BluFiStage, Secret } from '../../lib/index.js';
import { blufiPhone, type BlufiConversation, type FirmwareVersion } from '../../transports/emulator/index.js';
import { observed } from '../support/joinedModule.js';
import { bleWorld, bytesOf, serverMac } from './bleHarness.js';

const password = 'sawdust and glue';

const set = (firmware: FirmwareVersion, options: Parameters<typeof ble.bluFi>[1] = {}) => {
  const world = bleWorld(firmware);
  const device = world.module({ bleMac: serverMac, accessPoints: [{ ssid: 'Workshop', password }] });
  const stages = observed(ble.bluFi(device.at, options));
  world.run();
  const phone = blufiPhone({ air: world.air });
  const talk = (work: (conversation: BlufiConversation) => Observable<unknown>) => observed(phone.connect(serverMac).pipe(mergeMap(work)));
  return { world, device, stages, talk };
};
const names = ({ values }: { readonly values: readonly BluFiStage[] }): string[] => values.map(({ stage }) => stage);
const provided = (talked: BlufiConversation): Observable<unknown> => talked.provision({ ssid: 'Workshop', password });

describe.each<[FirmwareVersion, string[]]>([
  ['2.1.0', ['started', 'connected', 'got-ip']],
  ['4.1.0', ['started', 'phone-connected', 'connected', 'got-ip', 'phone-left']],
])('BluFi of %s', (firmware, expected) => {
  it('starts under its name, tells each stage, and stops', () => {
    const { world, device, stages, talk } = set(firmware, { name: 'lamp' });
    expect(device.sent).toEqual(['AT+BLUFINAME="lamp"', 'AT+BLUFI=1']);
    expect(stages.values).toEqual([{ stage: 'started' }]);
    const phone = talk(provided);
    world.run(20_000);
    expect(phone.values).toEqual([true]);
    phone.leave();
    world.run();
    expect(names(stages)).toEqual(expected);
    stages.leave();
    world.run();
    expect(device.sent.at(-1)).toBe('AT+BLUFI=0');
    expect(device.violations).toEqual([]);
  });

  it('is named again before it starts again after a restart', () => {
    const { world, device, stages } = set(firmware, { name: 'lamp' });
    device.sent.length = 0;
    device.board.reset();
    world.run(5000);
    expect(device.sent.filter((line) => line.includes('BLUFI'))).toEqual(['AT+BLUFINAME="lamp"', 'AT+BLUFI=1']);
    expect(names(stages)).toEqual(['started', 'started']);
  });

  it('checks the name before a byte is sent, and the role', () => {
    const world = bleWorld(firmware);
    const device = world.module();
    const long = observed(ble.bluFi(device.at, { name: 'x'.repeat(30) }));
    world.run();
    expect(long.error).toMatchObject({ kind: 'usage' });
    expect(device.sent).toEqual([]);
    observed(ble.peripheral(device.at));
    world.run();
    expect(observed(ble.bluFi(device.at)).error).toMatchObject({ kind: 'usage', code: 'role' });
  });
});

describe('BluFi', () => {
  it('exchanges data with the phone where the dialect has it', () => {
    const { world, device, stages, talk } = set('4.1.0');
    const got: Uint8Array[] = [];
    const nobody = observed(ble.bluFiSend(device.at, bytesOf('x')));
    world.run();
    expect(nobody.error).toMatchObject({ kind: 'command', code: 'rejected' });
    const phone = talk((talked) => {
      talked.received.subscribe((bytes) => got.push(bytes));
      return talked.send(bytesOf('\r\nOK\r\n+SSID:no\r\n'));
    });
    world.run();
    expect(phone.error).toBeUndefined();
    expect(stages.values.slice(2)).toEqual([{ stage: 'data', data: bytesOf('\r\nOK\r\n+SSID:no\r\n') }]);
    const sent = observed(ble.bluFiSend(device.at, bytesOf('\r\n>\r\n')));
    world.run();
    expect([sent.completed, got]).toEqual([true, [bytesOf('\r\n>\r\n')]]);
    phone.leave();
    world.run(10_000);
    const left = observed(ble.bluFiSend(device.at, bytesOf('x')));
    world.run();
    expect(left.error).toMatchObject({ kind: 'command', code: 'rejected' });
    const older = set('2.1.0');
    expect(observed(ble.bluFiSend(older.device.at, bytesOf('x'))).error).toMatchObject({ kind: 'unsupported' });
  });

  it('conceals the password where the firmware tells it', () => {
    const { world, device, stages } = set('5.0.0');
    const phone = blufiPhone({ air: world.air });
    const talk = observed(phone.connect(serverMac).pipe(mergeMap(provided)));
    world.run(20_000);
    expect(talk.values).toEqual([true]);
    const told = stages.values.flatMap((stage) => (stage.stage === 'ssid' || stage.stage === 'password' ? [stage] : []));
    expect(told[0]).toEqual({ stage: 'ssid', ssid: 'Workshop' });
    const secret = told[1]?.stage === 'password' ? told[1].password : undefined;
    expect(secret).toBeInstanceOf(Secret);
    expect([secret?.reveal(), JSON.stringify(stages.values).includes(password), device.trace.some((line) => line.includes(password))]).toEqual([password, false, false]);
  });
});
