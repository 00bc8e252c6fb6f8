import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { delay, map, mergeMap, of, Subject, VirtualTimeScheduler } from 'rxjs';
import * as operators from 'rx-esp-at/operators';
import { ascii, memorySource, text } from '../support/byteSources.js';
import { recordedLine } from '../support/line.js';

const folder = join(__dirname, '../../operators');

/** What a frame says, in a word. */
const word = (frame: operators.Frame): string => {
  if (frame.kind === 'line' || frame.kind === 'raw') return `${frame.kind} ${text(frame.bytes)}`;
  return frame.kind === 'data' ? `data ${text(frame.payload)}` : frame.kind;
};

describe('rx-esp-at/operators', () => {
  it('exports every public operator under the name of its file', () => {
    const names = ['dataPrompt', 'frames', 'fromBytes', 'lengthPrefixed', 'lineBytes', 'lines', 'passthrough', 'pulled', 'pullMap', 'pullThrough', 'retryBackoff'];
    const files = readdirSync(folder);
    for (const name of names) {
      expect(operators).toHaveProperty(name, expect.any(Function));
      expect(files).toContain(`${name}.ts`);
    }
    expect(Object.keys(operators).sort()).toEqual(
      [...names, 'AtError', 'createFramer', 'decodeLatin1', 'decodeUtf8', 'encodeUtf8', 'isAtError'].sort(),
    );
  });

  it('needs nothing but rxjs', () => {
    const foreign = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/from '([^']+)'/g)].map(([, from]) => from ?? '').filter((from) => !/^(rxjs|\.\/\w+\.js)$/.test(from)),
    );
    expect(foreign).toEqual([]);
  });

  it('speaks the prompt over the framer, without the rest of the SDK', () => {
    const scheduler = new VirtualTimeScheduler();
    const control = new Subject<operators.FramerInstruction>();
    const line = recordedLine(scheduler);
    const incoming = new Subject<Uint8Array>();
    const heads: operators.CountedHead[] = [{ prefix: '+IPD,', end: ':', layouts: [{ fields: 2, length: 1 }] }];
    const seen: string[] = [];
    incoming
      .pipe(operators.frames({ heads }, control), operators.dataPrompt({ data: memorySource([ascii('hello')]), length: 5, write: line.write, control }))
      .subscribe((frame) => seen.push(word(frame)));
    incoming.next(ascii('\r\nOK\r\n\r\n'));
    incoming.next(ascii('>+IPD,0,3:a>b'));
    incoming.next(ascii('\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n'));
    expect(line.log).toEqual([[0, 'hello']]);
    expect(seen).toEqual(['line OK', 'data a>b', 'line Recv 5 bytes', 'line SEND OK']);
  });

  it('goes through raw mode and back to lines over the framer', () => {
    const scheduler = new VirtualTimeScheduler();
    const control = new Subject<operators.FramerInstruction>();
    const line = recordedLine(scheduler);
    const incoming = new Subject<Uint8Array>();
    const frames = new Subject<operators.Frame>();
    const seen: string[] = [];
    incoming.pipe(operators.frames({}, control)).subscribe(frames);
    frames.subscribe((frame) => seen.push(word(frame)));
    const received: string[] = [];
    frames
      .pipe(operators.passthrough({ outgoing: memorySource([ascii('out')]), write: line.write, control, scheduler }), map(text))
      .subscribe({ next: (bytes) => received.push(bytes), complete: () => received.push('end') });
    incoming.next(ascii('\r\nOK\r\n'));
    of('x\n', 'y').pipe(mergeMap((words, i) => of(words).pipe(delay(10 + 40 * i, scheduler)))).subscribe((words) => incoming.next(ascii(words)));
    scheduler.flush();
    incoming.next(ascii('\r\nOK\r\n'));
    expect(line.log.map(([, what]) => what)).toEqual(['out', '+++']);
    expect(received).toEqual(['\r\nOK\r\n', 'x\n', 'y', 'end']);
    expect(seen.slice(-1)).toEqual(['line OK']);
    expect(frames.observed).toBe(true);
  });
});
