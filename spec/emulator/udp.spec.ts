import type { FirmwareVersion } from '../../transports/emulator/index.js';
import { type HostDatagramSocket, inMemoryNetwork, type InMemoryNetwork } from '../../transports/emulator/network/index.js';
import { Bench, bytesOf, ERROR, OK } from './bench.js';

const here = { address: '192.168.4.100', port: 3000 };

/** A joined module with an UDP link of port 3000, and three who send to it in turn. */
const lab = (firmware: FirmwareVersion, mode: number) => {
  let network: InMemoryNetwork | undefined;
  const bench = new Bench((scheduler) => {
    network = inMemoryNetwork({ scheduler });
    return { firmware, network };
  });
  bench.command(`AT+CIPRECVMODE=${String(mode)}`);
  bench.command('AT+CIPDINFO=1');
  bench.join();
  expect(bench.command('AT+CIPSTART="UDP","192.168.4.2",2000,3000,2')).toBe(`CONNECT\r\n${OK}`);
  const peers = [2, 3, 4].map((last) => network?.bind(2000, `192.168.4.${String(last)}`) as HostDatagramSocket);
  const say = (...words: readonly string[]): string => {
    words.forEach((word, index) => peers[index % 3]?.send(bytesOf(word), here));
    return bench.wait(20);
  };
  const read = (length: number): string => bench.command(`AT+CIPRECVDATA=${String(length)}`);
  return { bench, say, read };
};

const [first, second, third] = [2, 3, 4].map((last) => `"192.168.4.${String(last)}",2000`);
const [a, b, c] = ['a'.repeat(41), 'b'.repeat(43), 'c'.repeat(47)] as const;

describe.each(['2.0.0', '2.1.0', '2.4.0', '3.4.0', '4.1.0', '5.0.0'] as const)('datagrams of %s', (firmware) => {
  test('active: each is printed by itself, with its sender', () => {
    const { say } = lab(firmware, 0);
    const line = (from: string | undefined, text: string): string => `\r\n+IPD,${String(text.length)},${String(from)}:${text}\r\n`;
    expect(say(a, b, c)).toBe([line(first, a), line(second, b), line(third, c)].join(''));
  });

  test('passive: the first is announced alone, what came behind it after the read, in one count; a read of that joins', () => {
    const { bench, say, read } = lab(firmware, 1);
    expect(say(a, b, c)).toBe('\r\n+IPD,41\r\n');
    expect(bench.command('AT+CIPRECVLEN?')).toBe(`+CIPRECVLEN:131\r\n${OK}`);
    expect(read(41)).toBe(`+CIPRECVDATA:41,${String(first)},${a}\r\nOK\r\n\r\n+IPD,90\r\n`);
    expect(read(90)).toBe(`+CIPRECVDATA:90,${String(third)},${b}${c}\r\nOK\r\n`);
    expect(read(1)).toBe(ERROR);
    expect(say(b)).toBe('\r\n+IPD,43\r\n');
  });

  test('passive: what a read leaves of the last one it touches is lost', () => {
    const { bench, say, read } = lab(firmware, 1);
    say('a'.repeat(306));
    expect(read(256)).toBe(`+CIPRECVDATA:256,${String(first)},${'a'.repeat(256)}\r\nOK\r\n`);
    expect([read(50), bench.command('AT+CIPRECVLEN?')]).toEqual([ERROR, `+CIPRECVLEN:0\r\n${OK}`]);
    say('a'.repeat(153), 'b'.repeat(153));
    expect(read(256)).toBe(`+CIPRECVDATA:256,${String(second)},${'a'.repeat(153)}${'b'.repeat(103)}\r\nOK\r\n`);
    expect(read(50)).toBe(ERROR);
  });

  test('passive: six of 444 bytes, of which 1000 are read, leave three', () => {
    const { say, read } = lab(firmware, 1);
    expect(say(...Array.from({ length: 6 }, (_, index) => String(index).repeat(444)))).toBe('\r\n+IPD,444\r\n');
    expect(read(1000)).toBe(`+CIPRECVDATA:1000,${String(third)},${'0'.repeat(444)}${'1'.repeat(444)}${'2'.repeat(112)}\r\nOK\r\n\r\n+IPD,1332\r\n`);
    expect(read(2000)).toBe(`+CIPRECVDATA:1332,${String(third)},${['3', '4', '5'].map((digit) => digit.repeat(444)).join('')}\r\nOK\r\n`);
  });

  test('passive: a read of more than the first joins the next, and cuts it', () => {
    const { say, read } = lab(firmware, 1);
    say('one', 'two');
    expect(read(4)).toBe(`+CIPRECVDATA:4,${String(second)},onet\r\nOK\r\n`);
  });
});
