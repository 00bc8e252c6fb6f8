import { concat, from, NEVER, Observable, of, Subject, take, throwError } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { Frame, FramerInstruction } from '../../operators/frame.js';
import { frames } from '../../operators/frames.js';
import { bytesOf, options, show } from './framing.js';

const onMarbles = (body: Parameters<TestScheduler['run']>[0]): void => {
  new TestScheduler((actual, expected) => { expect(actual).toEqual(expected); }).run(body);
};

const line = (text: string): Frame => ({ kind: 'line', bytes: bytesOf(text) });
const data = (text: string, length: number, payload: string): Frame =>
  ({ kind: 'data', head: { prefix: '+IPD,', text, length }, payload: bytesOf(payload) });

/** Everything a source of texts gives, shown, with the end. */
function collect(source: Observable<Uint8Array>, control?: Observable<FramerInstruction>, each?: (frame: Frame) => void): string[] {
  const seen: string[] = [];
  source.pipe(frames(options, control)).subscribe({
    next: (frame) => {
      seen.push(show(frame));
      each?.(frame);
    },
    error: (error: unknown) => seen.push(`error ${String(error)}`),
    complete: () => seen.push('complete'),
  });
  return seen;
}

describe('frames', () => {
  const chunks = { a: bytesOf('\r\nOK\r'), b: bytesOf('\n+IPD,0,4:ab'), c: bytesOf('\r\nready\r\n') };
  const shown = { x: line('OK'), y: data('+IPD,0,4', 4, 'ab\r\n'), z: line('ready') };

  it('gives frames as their last byte comes, and completes with the source, leaving control', () => {
    onMarbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a-b-c------|', chunks);
      const control = hot<FramerInstruction>('-------');
      expectObservable(source.pipe(frames(options, control))).toBe('----x-(yz)---|', shown);
      expectSubscriptions(source.subscriptions).toBe('^------------!');
      expectSubscriptions(control.subscriptions).toBe('^------------!');
    });
  });

  it('is cold, and leaves both inputs when unsubscribed', () => {
    onMarbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('  --a-b-c-c-', chunks);
      const control = hot<FramerInstruction>('----------');
      expectObservable(source.pipe(frames(options, control)), '-^---!').toBe('----x-', shown);
      expectSubscriptions(source.subscriptions).toBe('-^---!');
      expectSubscriptions(control.subscriptions).toBe('-^---!');
    });
  });

  it('goes on when control completes, and ends with the error of either input', () => {
    onMarbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('--a-b-#  ', chunks);
      const control = hot<FramerInstruction>('-|');
      expectObservable(source.pipe(frames(options, control))).toBe('----x-#', shown);
      expectSubscriptions(control.subscriptions).toBe('^!');
      const other = hot('--a-b-c-', chunks);
      const failing = hot<FramerInstruction>('-----#');
      expectObservable(other.pipe(frames(options, failing))).toBe('----x#', shown);
      expectSubscriptions(other.subscriptions).toBe('^----!');
    });
  });

  it('subscribes to control first: what it gives at once precedes the first byte', () => {
    const order: string[] = [];
    const control = new Observable<FramerInstruction>((subscriber) => {
      order.push('control');
      subscriber.next({ do: 'arm', then: 'raw' });
    });
    const source = new Observable<Uint8Array>((subscriber) => {
      order.push('source');
      subscriber.next(bytesOf('>raw'));
    });
    expect(collect(source, control)).toEqual(['prompt', 'raw raw']);
    expect(order).toEqual(['control', 'source']);
  });

  it('lets an instruction given within a frame act on the very next byte', () => {
    const control = new Subject<FramerInstruction>();
    const seen = collect(of(bytesOf('OK\r\nbinary\n+IPD,0,1:x\r\n')), control, (frame) => {
      if (show(frame) === 'line OK') control.next({ do: 'raw' });
    });
    expect(seen).toEqual(['line OK', 'raw binary\n+IPD,0,1:x\r\n', 'complete']);
  });

  it.each<[string, FramerInstruction, string[]]>([
    ['+IPD,0,90:x\r\nready\r\n', { do: 'abandon' }, ['broken +IPD,0,90 10 abandoned', 'line +IPD,0,90:x', 'line ready']],
    ['+IPD,0,90:x', { do: 'raw' }, ['raw +IPD,0,90:x']],
    ['\n>', { do: 'arm', then: 'lines' }, ['prompt']],
    ['+NEW:1,x', { do: 'heads', heads: [{ prefix: '+NEW:', end: ',', layouts: [{ fields: 1, length: 0 }] }] }, ['data +NEW:1 x']],
  ])('hands out what an instruction makes readable, without a new chunk: %j', (text, instruction, expected) => {
    const control = new Subject<FramerInstruction>();
    const seen = collect(concat(of(bytesOf(text)), NEVER), control);
    expect(seen).toEqual([]);
    control.next(instruction);
    expect(seen).toEqual(expected);
  });

  it('queues a chunk that arrives while a frame is handed over', () => {
    const source = new Subject<Uint8Array>();
    const depths: number[] = [];
    let depth = 0;
    let fed = false;
    const seen = collect(source, undefined, () => {
      depths.push(depth);
      depth += 1;
      if (!fed) {
        fed = true;
        source.next(bytesOf('C\nD'));
        source.complete();
      }
      depth -= 1;
    });
    source.next(bytesOf('A\nB\n'));
    expect(seen).toEqual(['line A', 'line B', 'line C', 'noise 1', 'complete']);
    expect(new Set(depths)).toEqual(new Set([0]));
  });

  it('holds an error back until the frame being handed over, and those complete by then, are out', () => {
    const source = new Subject<Uint8Array>();
    const seen = collect(source, undefined, (frame) => {
      if (show(frame) === 'line A') source.error('lost');
    });
    source.next(bytesOf('A\nB\nhalf'));
    expect(seen).toEqual(['line A', 'line B', 'error lost']);
  });

  it('stops at once when unsubscribed within a frame, synchronous inputs included', () => {
    let pulled = 0;
    function* endless(): Generator<Uint8Array> {
      for (;;) {
        pulled += 1;
        yield bytesOf('A\nB\nC\n');
      }
    }
    const seen: string[] = [];
    from(endless()).pipe(frames(options), take(2)).subscribe((frame) => seen.push(show(frame)));
    expect(seen).toEqual(['line A', 'line B']);
    expect(pulled).toBe(1);
  });

  it('looks no further once unsubscribed', () => {
    let asked = 0;
    const counting = { ...options, interim: () => { asked += 1; return true; } };
    of(bytesOf('A\n+CIPRECVDATA:1,x\r\nbusy\r\n\r\nOK\r\n')).pipe(frames(counting), take(1)).subscribe();
    expect(asked).toBe(0);
  });

  it('gives up what is open when the source completes, and counts a half line as noise', () => {
    expect(collect(of(bytesOf('OK\r\nhalf')))).toEqual(['line OK', 'noise 4', 'complete']);
    expect(collect(of(bytesOf('OK\r\n+IPD,0,90:a\r\nready\r\n+IP'))))
      .toEqual(['line OK', 'broken +IPD,0,90 13 abandoned', 'line +IPD,0,90:a', 'line ready', 'noise 3', 'complete']);
    expect(collect(of(bytesOf('+CIPRECVDATA:20,+IPD,0,5:abc\n'))))
      .toEqual(['broken +CIPRECVDATA:20 13 abandoned', 'line +CIPRECVDATA:20,', 'broken +IPD,0,5 4 abandoned', 'line +IPD,0,5:abc', 'complete']);
    expect(collect(of(bytesOf('')))).toEqual(['complete']);
  });

  it('ends with the error of `interim`', () => {
    const seen: string[] = [];
    const failing = { ...options, interim: () => { throw new Error('no'); } };
    of(bytesOf('A\n+CIPRECVDATA:1,x\r\nB\r\n')).pipe(frames(failing)).subscribe({
      next: (frame) => seen.push(show(frame)),
      error: (error: unknown) => seen.push(String(error)),
    });
    expect(seen).toEqual(['line A', 'Error: no']);
  });

  it('has a machine of its own for every subscription', () => {
    const framed = concat(of(bytesOf('hal')), throwError(() => 'lost')).pipe(frames(options));
    const seen: string[] = [];
    for (let i = 0; i < 2; i += 1) framed.subscribe({ next: (frame) => seen.push(show(frame)), error: (error: unknown) => seen.push(String(error)) });
    expect(seen).toEqual(['lost', 'lost']);
    expect(collect(of(bytesOf('f\n')))).toEqual(['line f', 'complete']);
  });
});
