import { blufiPhone, type BlufiConversation } from 'rx-esp-at/emulator';
import { bytesOf, ERROR, OK, textOf } from './bench.js';
import { BleBench } from './bleBench.js';

const device = '24:0a:c4:03:f4:d6';
const accessPoints = [{ ssid: 'köln', password: 'secret12' }];

/** A module with BluFi on, and a phone that is connected. */
const connected = (firmware: '2.1.0' | '3.4.0' | '4.1.0' | '5.0.0', server: object = {}) => {
  const bench = new BleBench(firmware, {}, { server: { accessPoints, ...server } });
  const { server: module, air } = bench;
  const phone = blufiPhone({ air });
  const ends: string[] = [];
  let conversation: BlufiConversation | undefined;
  expect(module.command('AT+BLUFI=1')).toBe(OK);
  const use = phone.connect(device).subscribe({ next: (made) => (conversation = made), complete: () => ends.push('over') });
  const said = module.send('', 500);
  if (!conversation) throw new Error('the phone is not connected');
  return { bench, module, phone, said, ends, use, conversation };
};

const tells = (firmware: string): boolean => firmware !== '2.1.0';

describe.each(['2.1.0', '3.4.0', '4.1.0', '5.0.0'] as const)('BluFi in %s', (firmware) => {
  test('a phone names the network, and the module joins it', () => {
    const { bench, module, conversation, said } = connected(firmware);
    expect(said).toBe(tells(firmware) ? '+BLUFICONN\r\n' : '');
    const outcome: unknown[] = [];
    conversation.provision({ ssid: 'köln', password: 'secret12' }).subscribe({ next: (joined) => outcome.push(joined), complete: () => outcome.push('done') });
    bench.wait(1000);
    const named = firmware === '5.0.0' ? '+SSID:k\xc3\xb6ln\r\n+PASSWORD:secret12\r\n' : '';
    expect(module.take()).toBe(`${named}WIFI CONNECTED\r\nWIFI GOT IP\r\n`);
    expect(outcome).toEqual([true, 'done']);
    expect(module.command('AT+CWJAP?')).toContain('+CWJAP:"k\xc3\xb6ln",');
    // Station beside the access point that a new module has.
    expect(module.command('AT+CWMODE?')).toBe(`+CWMODE:3\r\n${OK}`);
  });

  test('a wrong password is told to the phone alone', () => {
    const { bench, module, conversation } = connected(firmware);
    const outcome: boolean[] = [];
    conversation.provision({ ssid: 'köln', password: 'wrong123' }).subscribe((joined) => outcome.push(joined));
    bench.wait(1000);
    expect(module.take()).not.toContain('WIFI');
    expect(outcome).toEqual([false]);
  });

  test('data go both ways', () => {
    const { bench, module, conversation } = connected(firmware);
    const received: string[] = [];
    let arrived = 0;
    conversation.received.subscribe({ next: (bytes) => received.push(textOf(bytes)), complete: () => received.push('over') });
    conversation.send(bytesOf('a\r\n>\0')).subscribe({ complete: () => (arrived += 1) });
    bench.wait(500);
    expect(arrived).toBe(1);
    expect(module.take()).toBe(tells(firmware) ? '+BLUFIDATA:5,a\r\n>\0\r\n' : '');
    if (!tells(firmware)) return expect(module.command('AT+BLUFISEND=4')).toBe(ERROR);
    expect(module.command('AT+BLUFISEND=4')).toBe('>');
    expect(module.send('\r\n\0>')).toBe(OK);
    for (const wrong of ['0', '601', '1,2']) expect([wrong, module.command(`AT+BLUFISEND=${wrong}`)]).toEqual([wrong, ERROR]);
    expect(module.command('AT+BLUFI=0')).toBe(`+BLUFIDISCONN\r\n${OK}`);
    expect(received).toEqual(['\r\n\0>', 'over']);
  });

  test('the phone leaves, comes again, and is cut off by AT+BLUFI=0', () => {
    const { bench, module, phone, use, ends, conversation } = connected(firmware);
    const [came, went] = tells(firmware) ? ['+BLUFICONN\r\n', '+BLUFIDISCONN\r\n'] : ['', ''];
    use.unsubscribe();
    expect(module.send('', 300)).toBe(went);
    const errors: string[] = [];
    const error = (cause: { kind: string; code: string }): void => void errors.push(`${cause.kind}/${cause.code}`);
    conversation.send(bytesOf('late')).subscribe({ error });
    expect(errors).toEqual(['transport/lost']);
    phone.connect(device).subscribe({ next: (again) => again.provision({ ssid: 'nowhere', password: '' }).subscribe({ error }), complete: () => ends.push('over') });
    expect(module.send('', 500).startsWith(came)).toBe(true);
    expect(module.command('AT+BLUFI=0')).toBe(`${went}${OK}`);
    expect(ends).toEqual(['over']);
    expect(errors).toEqual(['transport/lost', 'transport/lost']);
    expect(module.command('AT+BLUFI?')).toBe(`+BLUFI:0\r\n${OK}`);
    bench.wait(20_000);
    expect(module.take()).not.toContain('+BLUFI');
  });
});

test('what a phone names is in the log up to 4.0', () => {
  const { bench, module, conversation } = connected('2.1.0', { sharedLog: true });
  conversation.provision({ ssid: 'köln', password: 'secret12' }).subscribe();
  bench.wait(1000);
  expect(module.take()).toBe('Recv STA SSID k\xc3\xb6ln\nRecv STA PASSWORD secret12\nWIFI CONNECTED\r\nWIFI GOT IP\r\n');
});

test('a phone finds nobody until BluFi is on, by its name', () => {
  const { server: module, client, air } = new BleBench('4.1.0');
  module.command('AT+BLUFINAME="lamp"');
  const seen: unknown[] = [];
  const looking = blufiPhone({ air }).connect(device).subscribe((made) => seen.push(made));
  expect(module.command('AT+BLUFISEND=1', 3000)).toBe(ERROR);
  expect(seen).toEqual([]);
  looking.unsubscribe();
  module.command('AT+BLUFI=1');
  client.command('AT+BLEINIT=1');
  expect(client.command('AT+BLESCAN=1,1,2,"lamp"', 2000)).toContain('+BLESCAN:"24:0a:c4:03:f4:d6"');
  expect(module.command('AT+BLUFI=0')).toBe(OK);
});
