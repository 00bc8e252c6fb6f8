import type { Frame, Framer, FramerOptions } from '../../operators/frame.js';
import { createFramer } from '../../operators/framer.js';
import { bytesOf, framed, heads, options, show, take, textOf } from './framing.js';

const machine = (text = '', more: FramerOptions = {}): Framer => {
  const framer = createFramer({ ...options, ...more });
  framer.feed(bytesOf(text));
  return framer;
};

const shown = (framer: Framer): string => {
  const frame = framer.next();
  return frame === undefined ? 'nothing' : show(frame);
};

describe('lines', () => {
  it('end with LF, lose their CRs, and are no frame when empty', () => {
    expect(framed('\r\nOK\r\n\r\nA\r\r\n\n\rB\n')).toEqual(['line OK', 'line A', 'line \rB']);
  });

  it('wait for their LF', () => {
    const framer = machine('OK\r');
    expect(framer.next()).toBeUndefined();
    framer.feed(bytesOf('\n'));
    expect(take(framer).map(show)).toEqual(['line OK']);
  });

  it('are views of their chunk, or assembled where two chunks hold them', () => {
    const chunk = bytesOf('OK\r\nhal');
    const framer = createFramer({});
    framer.feed(chunk);
    const [whole] = take(framer);
    expect(whole?.kind === 'line' && whole.bytes.buffer === chunk.buffer).toBe(true);
    const second = bytesOf('f\r\nlast\r\n');
    framer.feed(second);
    const [joined, last] = take(framer);
    expect(joined?.kind === 'line' && textOf(joined.bytes)).toBe('half');
    expect(last?.kind === 'line' && last.bytes.buffer === second.buffer).toBe(true);
  });

  it('never share bytes that are written later', () => {
    const framer = createFramer({});
    const seen = [];
    for (let i = 0; i < 600; i += 1) {
      framer.feed(bytesOf(`line`));
      framer.feed(bytesOf(` ${String(i)}\r`));
      framer.feed(bytesOf('\n'));
      seen.push(...take(framer));
    }
    expect(seen.map(show)).toEqual(Array.from({ length: 600 }, (_, i) => `line line ${String(i)}`));
  });

  it('longer than the limit are noise, counted to their LF', () => {
    expect(framed('12345678\n123456789\nOK\r\n1234567\r\n12345678\r\n', { lineLimit: 8 }))
      .toEqual(['line 12345678', 'noise 10', 'line OK', 'line 1234567', 'noise 10']);
  });
});

describe('noise', () => {
  it('is a first line with bytes that are no text', () => {
    expect(framed('\x00\xffab\r\nready\r\n\xff\x01\r\n')).toEqual(['noise 6', 'line ready', 'line \xff\x01']);
  });

  it('is not a clean first line', () => {
    expect(framed('\tready\r\n')).toEqual(['line \tready']);
  });

  it('ends at a head, which counts as synchronised', () => {
    expect(framed('\x00\xff+IPD,0,2:hi\xff\r\n')).toEqual(['noise 2', 'data +IPD,0,2 hi', 'line \xff']);
  });

  it('before the first LF may be longer than a line', () => {
    const framer = machine('', { lineLimit: 16 });
    for (let i = 0; i < 100; i += 1) framer.feed(bytesOf('\xfe\xf0\x80'));
    expect(framer.next()).toBeUndefined();
    framer.feed(bytesOf('\nOK\n'));
    expect(take(framer).map(show)).toEqual(['noise 301', 'line OK']);
  });

  it('keeps its count when armed meanwhile', () => {
    const framer = machine('\xff\xfe');
    expect(framer.next()).toBeUndefined();
    framer.instruct({ do: 'arm', then: 'lines' });
    framer.feed(bytesOf('ab\nOK\n'));
    expect(take(framer).map(show)).toEqual(['noise 5', 'line OK']);
  });

  it('ends an escape', () => {
    expect(framed('AT\\\xff+IPD,0,1:x')).toEqual(['noise 4', 'data +IPD,0,1 x']);
  });

  it('does not come back after raw mode', () => {
    const framer = machine('');
    framer.instruct({ do: 'raw' });
    framer.instruct({ do: 'lines' });
    framer.feed(bytesOf('\x01\xff\r\n'));
    expect(take(framer).map(show)).toEqual(['line \x01\xff']);
  });
});

describe('counted heads', () => {
  it.each([
    ['+IPD,0,5:he\nlo\r\n', ['data +IPD,0,5 he\nlo']],
    ['+IPD,3:a:b0,CLOSED\r\n', ['data +IPD,3 a:b', 'line 0,CLOSED']],
    ['+IPD,0,2,"fe80::1",80:hi', ['data +IPD,0,2,"fe80::1",80 hi']],
    ['+IPD,0,2,192.168.4.2,49519:hi', ['data +IPD,0,2,192.168.4.2,49519 hi']],
    ['+IPD,0,0:\r\nOK\r\n', ['data +IPD,0,0 ', 'line OK']],
    ['+MQTTSUBRECV:0,"a,b:\\"q",5,h,ll"\r\n', ['data +MQTTSUBRECV:0,"a,b:\\"q",5 h,ll"']],
    // The quote before `,` ends the topic only where a length follows.
    ['+MQTTSUBRECV:0,"a",x",5,hello', ['data +MQTTSUBRECV:0,"a",x",5 hello']],
    ['+MQTTSUBRECV:0,"a",5x",5,hello', ['data +MQTTSUBRECV:0,"a",5x",5 hello']],
    ['+MQTTSUBRECV:0,"a",,"b",",5,hello', ['data +MQTTSUBRECV:0,"a",,"b",",5 hello']],
    ['+MQTTSUBRECV:0,"a","b",5,hello', ['data +MQTTSUBRECV:0,"a","b",5 hello']],
    ['+MQTTSUBRECV:0,"a",99999999999,b",2,hi', ['data +MQTTSUBRECV:0,"a",99999999999,b",2 hi']],
    ['+MQTTSUBRECV:0,"a",2147483648,b",2,hi', ['data +MQTTSUBRECV:0,"a",2147483648,b",2 hi']],
    ['+MQTTSUBRECV:0,"a",x\r\nOK\r\n', ['line +MQTTSUBRECV:0,"a",x', 'line OK']],
    ['+IPD,0,5,"fe80::1",x",80:hello', ['data +IPD,0,5,"fe80::1",x",80 hello']],
    ['+HTTPCLIENT:4, k: v\r\n+HTTPCLIENT:4,k: v\r\n', ['data +HTTPCLIENT:4 k: v', 'data +HTTPCLIENT:4 k: v']],
    ['+HTTPCLIENT:4, abc\r\n\r\nOK\r\n', ['data +HTTPCLIENT:4  abc', 'line OK']],
    ['+HTTPCLIENT:4,  ab \r\nOK\r\n', ['data +HTTPCLIENT:4  ab ', 'line OK']],
    ['+IPD,0,100\r\n', ['line +IPD,0,100']],
    ['+IPD,0,99999999999:x\r\n', ['line +IPD,0,99999999999:x']],
    ['+IPD,0,2147483648:x\r\n', ['line +IPD,0,2147483648:x']],
    ['+IPD,0,1,2,3,4:x\r\n', ['line +IPD,0,1,2,3,4:x']],
    ['+IPD,0,1x:x\r\n', ['line +IPD,0,1x:x']],
    ['+IPD,0,"1":x\r\n', ['line +IPD,0,"1":x']],
    ['+IPD,0,1"2:x\r\n', ['line +IPD,0,1"2:x']],
  ])('%j', (text, expected) => {
    expect(framed(`\r\n${text}`)).toEqual(expected);
  });

  it('are found in a line; what stands before is a line of its own', () => {
    expect(framed('busy p...+IPD,0,3:abc\r\nSEND OK\r\n\r\n+IPD,1,1:xOK\r\n'))
      .toEqual(['line busy p...', 'data +IPD,0,3 abc', 'line SEND OK', 'data +IPD,1,1 x', 'line OK']);
    expect(framed('AT+CIP+IPD,0,3:abcSTATUS\r\n')).toEqual(['line AT+CIP', 'data +IPD,0,3 abc', 'line STATUS']);
  });

  it('are not found between double quotes, nor in opaque lines', () => {
    expect(framed('x"+IPD,0,5:"\r\n+CWLAP:(0,"a"+IPD,0,1:x",-4)\r\n')).toEqual(['line x"+IPD,0,5:"', 'line +CWLAP:(0,"a"+IPD,0,1:x",-4)']);
  });

  it('are hidden by escapes in an echo only', () => {
    expect(framed('\nAT+X="a\\"+IPD,0,1:x"\r\n')).toEqual(['line AT+X="a\\"+IPD,0,1:x"']);
    expect(framed('\n+X:"a\\"+IPD,0,1:x"\r\n')).toEqual(['line +X:"a\\"', 'data +IPD,0,1 x', 'line "']);
    expect(framed('\nat+X="a\\\\"+IPD,0,1:x\r\n')).toEqual(['line at+X="a\\\\"', 'data +IPD,0,1 x']);
  });

  it('longer than the limit are text', () => {
    expect(framed('+IPD,0,1:x\r\n', { headLimit: 9 })).toEqual(['data +IPD,0,1 x']);
    expect(framed('+IPD,0,1:x\r\n', { headLimit: 8 })).toEqual(['line +IPD,0,1:x']);
  });

  it('follow `heads` from the next byte on', () => {
    const framer = machine('OK\r\n+ABC:1,x+IPD,0,1:x\r\n');
    expect(shown(framer)).toBe('line OK');
    framer.instruct({ do: 'heads', heads: [{ prefix: '+ABC:', end: ',', layouts: [{ fields: 1, length: 0 }] }] });
    expect(take(framer).map(show)).toEqual(['data +ABC:1 x', 'line +IPD,0,1:x']);
  });

  it('show in `open` while their payload is counted', () => {
    const framer = machine('+IPD,0,5:ab');
    expect(framer.open).toBeUndefined();
    expect(framer.next()).toBeUndefined();
    expect(framer.open).toEqual({ prefix: '+IPD,', text: '+IPD,0,5', length: 5 });
    framer.feed(bytesOf('cde'));
    expect(take(framer).map(show)).toEqual(['data +IPD,0,5 abcde']);
    expect(framer.open).toBeUndefined();
  });

  it('bring long payloads in parts of one length', () => {
    const expected = ['part +IPD,0,10 @0 0123', 'part +IPD,0,10 @4 4567', 'part +IPD,0,10 @8! 89', 'line OK'];
    expect(framed('+IPD,0,10:0123456789OK\r\n', { wholeLimit: 4 })).toEqual(expected);
    expect(framed('+CIPRECVDATA:8,01234567OK\r\n', { wholeLimit: 4 }))
      .toEqual(['part +CIPRECVDATA:8 @0 0123', 'part +CIPRECVDATA:8 @4! 4567', 'line OK']);
  });
});

describe('proof', () => {
  it.each([
    ['+CIPRECVDATA:5,OK\r\n>\r\nOK\r\n', ['data +CIPRECVDATA:5 OK\r\n>', 'line OK']],
    ['+CIPRECVDATA:2,hi\r\nbusy p...\r\n\r\nOK\r\n', ['data +CIPRECVDATA:2 hi', 'line busy p...', 'line OK']],
    ['+CIPRECVDATA:2,hi\r\n+IPD,1,4:\nOK\n\r\n+IPD,2,9\r\n\r\nOK\r\n',
      ['data +CIPRECVDATA:2 hi', 'data +IPD,1,4 \nOK\n', 'line +IPD,2,9', 'line OK']],
    ['+CIPRECVDATA:2,hi0,CLOSED\r\n\r\nOK\r\n', ['data +CIPRECVDATA:2 hi', 'line 0,CLOSED', 'line OK']],
    ['+CIPRECVDATA:0,\r\nOK\r\n', ['data +CIPRECVDATA:0 ', 'line OK']],
    // One blank that no length counts, one that is the payload's own, and both.
    ['+CIPRECVDATA:2,hi\r\n+HTTPCLIENT:4, k: v\r\n\r\nOK\r\n', ['data +CIPRECVDATA:2 hi', 'data +HTTPCLIENT:4 k: v', 'line OK']],
    ['+CIPRECVDATA:2,hi\r\n+HTTPCLIENT:4, abc\r\n\r\nOK\r\n', ['data +CIPRECVDATA:2 hi', 'data +HTTPCLIENT:4  abc', 'line OK']],
    ['+CIPRECVDATA:2,hi\r\n+HTTPCLIENT:3, \nx\r\n\r\nOK\r\n', ['data +CIPRECVDATA:2 hi', 'data +HTTPCLIENT:3  \nx', 'line OK']],
    ['+CIPRECVDATA:2,hi\r\n+HTTPCLIENT:3,  ab\r\n\r\nOK\r\n', ['data +CIPRECVDATA:2 hi', 'data +HTTPCLIENT:3  ab', 'line OK']],
    ['+CIPRECVDATA:2,hi\r\n+HTTPCLIENT:0,\r\n\r\nOK\r\n', ['data +CIPRECVDATA:2 hi', 'data +HTTPCLIENT:0 ', 'line OK']],
  ])('holds in %j', (text, expected) => {
    expect(framed(text)).toEqual(expected);
    const framer = machine();
    const seen: Frame[] = [];
    for (const byte of bytesOf(text)) {
      framer.feed(Uint8Array.of(byte));
      take(framer, undefined, seen);
    }
    expect(seen.map(show)).toEqual(expected);
  });

  it.each([
    ['+CIPRECVDATA:2,hiOK\r\n', ['broken +CIPRECVDATA:2 2 unproven', 'line +CIPRECVDATA:2,hiOK']],
    ['+CIPRECVDATA:2,hi\nOK\r\n', ['broken +CIPRECVDATA:2 2 unproven', 'line +CIPRECVDATA:2,hi', 'line OK']],
    ['+CIPRECVDATA:5,ab\r\n\r\nready\r\n', ['broken +CIPRECVDATA:5 5 unproven', 'line +CIPRECVDATA:5,ab', 'line ready']],
    // Two bytes were lost: the count swallowed its CR LF.
    ['+CIPRECVDATA:4,ab\r\nOK\r\n', ['broken +CIPRECVDATA:4 4 unproven', 'line +CIPRECVDATA:4,ab', 'line OK']],
    ['+CIPRECVDATA:1,a\r\n+CIPRECVDATA:1,b\r\nOK\r\n',
      ['broken +CIPRECVDATA:1 1 unproven', 'line +CIPRECVDATA:1,a', 'data +CIPRECVDATA:1 b', 'line OK']],
  ])('is missing in %j', (text, expected) => {
    expect(framed(text)).toEqual(expected);
  });

  it('missing, finds the heads inside the payload', () => {
    const inner = '+CIPRECVDATA:3,abc\r\nOK\r\n';
    expect(framed(`+CIPRECVDATA:30,x\r\n${inner}+IPD,0,2:hi\r\nready\r\n`)).toEqual([
      'broken +CIPRECVDATA:30 30 unproven', 'line +CIPRECVDATA:30,x', 'data +CIPRECVDATA:3 abc', 'line OK', 'data +IPD,0,2 hi', 'line ready',
    ]);
  });

  it('keeps a proven payload back from nobody but a split: nothing comes before the OK', () => {
    const framer = machine('+CIPRECVDATA:2,hi\r\nbusy p...\r\n\r\nOK');
    expect(framer.next()).toBeUndefined();
    expect(framer.open?.text).toBe('+CIPRECVDATA:2');
    framer.feed(bytesOf('\r\n'));
    expect(take(framer).map(show)).toEqual(['data +CIPRECVDATA:2 hi', 'line busy p...', 'line OK']);
  });

  it('knows the heads of the last instruction in what stands between', () => {
    const text = '+CIPRECVDATA:2,hi\r\n+IPD,1,4:\nOK\n\r\nOK\r\n';
    const expected = ['data +CIPRECVDATA:2 hi', 'data +IPD,1,4 \nOK\n', 'line OK'];
    const before = machine('', { heads: [] });
    before.instruct({ do: 'heads', heads });
    before.feed(bytesOf(text));
    expect(take(before).map(show)).toEqual(expected);
    const meanwhile = machine(text.slice(0, 24), { heads: heads.slice(1) });
    expect(meanwhile.next()).toBeUndefined();
    meanwhile.instruct({ do: 'heads', heads });
    meanwhile.feed(bytesOf(text.slice(24)));
    expect(take(meanwhile).map(show)).toEqual(expected);
  });

  it('is looked for again behind hostile bytes that used up the credit', () => {
    const hostile = `${'+CIPRECVDATA:9000,'.repeat(400)}${'busy p...\r\n'.repeat(2400)}x\r\n`;
    const valid = '+CIPRECVDATA:3,abc\r\nOK\r\n';
    expect(framed(`${hostile}${valid}`).slice(-2)).toEqual(['data +CIPRECVDATA:3 abc', 'line OK']);
  });

  it('is not waited for beyond 64 frames or 32 KiB', () => {
    const ipd = '+IPD,0,1:x\r\n';
    const kinds = (text: string) => framed(text).map((frame) => frame.split(' ')[0]);
    expect(kinds(`+CIPRECVDATA:1,a\r\n${ipd.repeat(64)}\r\nOK\r\n`)[0]).toBe('data');
    expect(kinds(`+CIPRECVDATA:1,a\r\n${ipd.repeat(65)}\r\nOK\r\n`)[0]).toBe('broken');
    expect(kinds(`+CIPRECVDATA:1,a${'\r\n'.repeat(16382)}OK\r\n`)[0]).toBe('data');
    expect(kinds(`+CIPRECVDATA:1,a${'\r\n'.repeat(16383)}OK\r\n`)[0]).toBe('broken');
    expect(kinds(`+CIPRECVDATA:1,a\r\n+IPD,0,40000:`)[0]).toBe('broken');
  });
});

describe('abandon', () => {
  it('scans the candidate again, head included', () => {
    const framer = machine('+IPD,0,100:x\r\nready\r\n+IPD,0,2:hi');
    expect(framer.next()).toBeUndefined();
    framer.instruct({ do: 'abandon' });
    expect(take(framer).map(show)).toEqual(['broken +IPD,0,100 21 abandoned', 'line +IPD,0,100:x', 'line ready', 'data +IPD,0,2 hi']);
  });

  it('scans only what was not handed out of a payload in parts', () => {
    const framer = machine('+IPD,0,100:0123\r\nready\r\n', { wholeLimit: 4 });
    const seen = [shown(framer), shown(framer), shown(framer)];
    framer.instruct({ do: 'abandon' });
    expect([...seen, ...take(framer).map(show)]).toEqual([
      'part +IPD,0,100 @0 0123', 'part +IPD,0,100 @4 \r\nre', 'part +IPD,0,100 @8 ady\r', 'broken +IPD,0,100 13 abandoned',
    ]);
  });

  it('ends the wait for a proof, and is nothing when nothing is open', () => {
    const framer = machine('OK\r\n+CIPRECVDATA:2,hi\r\nbusy');
    framer.instruct({ do: 'abandon' });
    expect(take(framer).map(show)).toEqual(['line OK']);
    framer.instruct({ do: 'abandon' });
    expect(take(framer).map(show)).toEqual(['broken +CIPRECVDATA:2 2 abandoned', 'line +CIPRECVDATA:2,hi']);
    expect(framer.open).toBeUndefined();
  });
});

describe('prompt', () => {
  it('is text unless armed', () => {
    expect(framed('\r\n>\r\n')).toEqual(['line >']);
  });

  it('is found at line start only, once', () => {
    const framer = machine('');
    framer.instruct({ do: 'arm', then: 'lines' });
    framer.feed(bytesOf('a>\r\n\r\n>>\r\n'));
    expect(take(framer).map(show)).toEqual(['line a>', 'prompt', 'line >']);
  });

  it('is no frame inside a payload', () => {
    const framer = machine('');
    framer.instruct({ do: 'arm', then: 'lines' });
    framer.feed(bytesOf('+IPD,0,4:\r\n>x>'));
    expect(take(framer).map(show)).toEqual(['data +IPD,0,4 \r\n>x', 'prompt']);
  });

  it('armed late still acts on a byte that is there', () => {
    const framer = machine('OK\r\n\r\n>');
    expect(take(framer).map(show)).toEqual(['line OK']);
    framer.instruct({ do: 'arm', then: 'lines' });
    expect(take(framer).map(show)).toEqual(['prompt']);
  });

  it('swallows one blank before lines, also from a later chunk, and none before raw bytes', () => {
    const framer = machine('');
    framer.instruct({ do: 'arm', then: 'lines' });
    framer.feed(bytesOf('>'));
    expect(take(framer).map(show)).toEqual(['prompt']);
    framer.feed(bytesOf('  x\r\n'));
    expect(take(framer).map(show)).toEqual(['line  x']);
    framer.instruct({ do: 'arm', then: 'raw' });
    framer.feed(bytesOf('> x'));
    expect(take(framer).map(show)).toEqual(['prompt', 'raw  x']);
  });

  it('disarmed is text', () => {
    const framer = machine('>\r\n');
    framer.instruct({ do: 'arm', then: 'raw' });
    framer.instruct({ do: 'disarm' });
    expect(take(framer).map(show)).toEqual(['line >']);
  });
});

describe('raw', () => {
  it('hands out bytes as they come, from the next byte on', () => {
    const framer = machine('OK\r\n+IPD,0,2:');
    expect(shown(framer)).toBe('line OK');
    framer.instruct({ do: 'raw' });
    framer.feed(bytesOf('hi'));
    expect(take(framer).map(show)).toEqual(['raw +IPD,0,2:', 'raw hi']);
    framer.instruct({ do: 'lines' });
    framer.feed(bytesOf('+IPD,0,2:hi'));
    expect(take(framer).map(show)).toEqual(['data +IPD,0,2 hi']);
  });

  it('takes what is open with its head', () => {
    const framer = machine('+IPD,0,9:abc');
    expect(framer.next()).toBeUndefined();
    framer.instruct({ do: 'raw' });
    expect(framer.open).toBeUndefined();
    expect(take(framer).map(show)).toEqual(['raw +IPD,0,9:abc']);
  });

  it('tells of the bytes already dropped from a line too long', () => {
    const framer = machine('123456789', { lineLimit: 4 });
    expect(framer.next()).toBeUndefined();
    framer.instruct({ do: 'raw' });
    framer.feed(bytesOf('x'));
    expect(take(framer).map(show)).toEqual(['noise 9', 'raw x']);
  });
});
