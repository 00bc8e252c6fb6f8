import { echo, emulator, inMemoryNetwork, source, type HostSocket } from 'rx-esp-at/emulator';
import type { Connection } from '../../lib/transport.js';
import { SteppedScheduler } from '../support/steppedScheduler.js';
import { bytesOf, OK, textOf } from './bench.js';

const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff);

/** A module and hosts of the in-memory network under one virtual clock. */
const setUp = (baud?: number) => {
  const scheduler = new SteppedScheduler();
  const sockets: HostSocket[] = [];
  const data = pattern(40_000);
  const network = inMemoryNetwork({
    scheduler,
    hosts: {
      'far.example': {
        tcp: {
          7: echo(),
          9: (socket) => {
            sockets.push(socket);
            return source(data, { end: false })(socket);
          },
        },
      },
    },
  });
  const module = emulator({ scheduler, network, ...(baud === undefined ? {} : { baud }) });
  let heard = '';
  let line: Connection | undefined;
  module.open().subscribe((connection) => {
    line = connection;
    connection.incoming.subscribe((bytes) => (heard += textOf(bytes)));
  });
  const wait = (ms: number): string => {
    scheduler.advance(ms);
    const text = heard;
    heard = '';
    return text;
  };
  const command = (text: string, ms = 200): string => {
    line?.write(bytesOf(`${text}\r\n`)).subscribe();
    const answer = wait(ms);
    return answer.startsWith(`${text}\r\n`) ? answer.slice(text.length + 2) : answer;
  };
  command('AT+CWMODE=1');
  command('AT+CWJAP="Espressif",""', 1000);
  return { command, wait, sockets, data, write: (text: string) => line?.write(bytesOf(text)).subscribe(), scheduler };
};

describe('windows on the in-memory network', () => {
  test('an unread passive link holds exactly its window', () => {
    const { command, wait, sockets } = setUp();
    command('AT+CIPRECVMODE=1');
    expect(command('AT+CIPSTART="TCP","far.example",9')).toContain('CONNECT\r\n\r\nOK\r\n');
    wait(60_000);
    expect(command('AT+CIPRECVLEN?')).toBe(`+CIPRECVLEN:5760\r\n${OK}`);
    expect(sockets[0]?.stats.blocked).toBe(true);
  });

  test('read piece by piece it gives every byte once and in order', () => {
    const { command, wait, data } = setUp();
    command('AT+CIPRECVMODE=1');
    command('AT+CIPSTART="TCP","far.example",9');
    let got = '';
    for (let turn = 0; turn < 60 && got.length < data.length; turn += 1) {
      const answer = command('AT+CIPRECVDATA=1500', 50);
      const match = /\+CIPRECVDATA:(\d+),/.exec(answer);
      if (match) got += answer.slice(match.index + match[0].length, match.index + match[0].length + Number(match[1]));
    }
    wait(10);
    expect(got).toBe(textOf(data));
  });

  test('active on a paced line: the line is the brake, and no byte is lost', () => {
    const { command, wait, data, sockets } = setUp(115200);
    command('AT+CIPSTART="TCP","far.example",9', 500);
    let text = wait(1000);
    expect(sockets[0]?.stats.blocked).toBe(true);
    text += wait(10_000);
    let got = '';
    for (let match = /\r\n\+IPD,(\d+):/.exec(text); match; match = /\r\n\+IPD,(\d+):/.exec(text)) {
      const from = match.index + match[0].length;
      got += text.slice(from, from + Number(match[1]));
      text = text.slice(from + Number(match[1]));
    }
    expect(textOf(data).endsWith(got)).toBe(true);
    expect(got.length).toBeGreaterThan(30_000);
  });

  test('an echoing peer gets 20,000 bytes back through passthrough', () => {
    const { command, wait, write } = setUp();
    command('AT+CIPSTART="TCP","far.example",7');
    command('AT+CIPMODE=1');
    command('AT+CIPSEND');
    const data = textOf(pattern(20_000));
    let back = '';
    for (let at = 0; at < data.length; at += 1000) {
      write(data.slice(at, at + 1000));
      back += wait(30);
    }
    back += wait(1000);
    expect(back).toBe(data);
  });
});
