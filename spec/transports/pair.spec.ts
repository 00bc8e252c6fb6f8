import { asapScheduler, type Observable, queueScheduler, type Subscription, VirtualTimeScheduler } from 'rxjs';
import { AtError, type Connection, type Transport } from '../../lib/transport.js';
import { pair } from '../../transports/pair.js';

const text = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const bytes = (value: string) => Uint8Array.from(value, (letter) => letter.charCodeAt(0));
const join = (transport: Transport): { readonly connection: Connection; readonly open: Subscription } => {
  let connection: Connection | undefined;
  const open = transport.open().subscribe((each) => (connection = each));
  return { connection: connection!, open };
};
/** What a stream did, with the virtual time of each step. */
const log = (source: Observable<Uint8Array>, now: () => number = () => 0): string[] => {
  const seen: string[] = [];
  source.subscribe({
    next: (chunk) => seen.push(`${now()} ${text(chunk)}`),
    error: (error: AtError) => seen.push(`${now()} ${error.kind}/${error.code}`),
    complete: () => seen.push(`${now()} end`),
  });
  return seen;
};

describe('pair', () => {
  let scheduler: VirtualTimeScheduler;
  const now = () => scheduler.frame;
  beforeEach(() => {
    scheduler = new VirtualTimeScheduler();
  });

  it('carries bytes both ways, in order, never in the stack of the write', () => {
    const { near, far } = pair({ scheduler });
    const [a, b] = [join(near).connection, join(far).connection];
    const [atA, atB] = [log(a.incoming, now), log(b.incoming, now)];
    const written = log(a.write(bytes('AT\r\n')), now);
    expect([atB, written]).toEqual([[], []]);
    scheduler.flush();
    b.write(bytes('OK')).subscribe();
    scheduler.flush();
    expect([atA, atB, written]).toEqual([['0 OK'], ['0 AT\r\n'], ['0 end']]);
  });

  it('leaves the stack with its default scheduler, by promise jobs alone', async () => {
    const { near, far } = pair();
    const [a, b] = [join(near).connection, join(far).connection];
    const seen = log(b.incoming);
    a.write(bytes('x')).subscribe();
    expect(seen).toEqual([]);
    await new Promise((resolve) => asapScheduler.schedule(resolve));
    expect(seen).toEqual(['0 x']);
  });

  it('gives the receiver bytes of its own', () => {
    const { near, far } = pair({ scheduler });
    const mine = bytes('abc');
    const [a, b] = [join(near).connection, join(far).connection];
    a.write(mine).subscribe();
    mine.fill(0);
    const seen = log(b.incoming);
    scheduler.flush();
    expect(seen).toEqual(['0 abc']);
  });

  it('takes the line time at the baud rate, and the delay besides', () => {
    const { near, far } = pair({ scheduler, baud: 10_000, delay: 3 });
    const [a, b] = [join(near).connection, join(far).connection];
    const seen = log(b.incoming, now);
    a.write(bytes('0123456789')).subscribe({
      complete: () => {
        a.write(bytes('abcde')).subscribe();
        expect(log(a.drained!(), now)).toEqual([]);
      },
    });
    scheduler.flush();
    expect(seen).toEqual(['13 0123456789', '18 abcde']);
    expect(a.baud).toBe(10_000);
  });

  it('drains when the last byte has left', () => {
    const { near } = pair({ scheduler, baud: 10_000, delay: 50 });
    const a = join(near).connection;
    a.write(bytes('0123456789')).subscribe();
    const drained = log(a.drained!(), now);
    scheduler.flush();
    expect(drained).toEqual(['10 end']);
  });

  it('holds: what arrives waits, and comes in order after', () => {
    const { near, far } = pair({ scheduler });
    const [a, b] = [join(near).connection, join(far).connection];
    const seen: string[] = [];
    b.incoming.subscribe((chunk) => {
      seen.push(text(chunk));
      if (seen.length === 1) b.hold?.(true);
    });
    for (const each of ['1', '2', '3']) {
      a.write(bytes(each)).subscribe();
      scheduler.flush();
    }
    expect(seen).toEqual(['1']);
    b.hold?.(false);
    expect(seen).toEqual(['1', '2', '3']);
  });

  it('keeps a write open while more than its window waits at the other end', () => {
    const { near, far } = pair({ scheduler, window: 4 });
    const [a, b] = [join(near).connection, join(far).connection];
    b.incoming.subscribe();
    b.hold?.(true);
    const first = log(a.write(bytes('1234')), now);
    scheduler.flush();
    const second = log(a.write(bytes('5')), now);
    scheduler.flush();
    expect([first, second]).toEqual([['0 end'], []]);
    b.hold?.(false);
    scheduler.flush();
    expect(second).toEqual(['0 end']);
  });

  it('refuses a second write, a second reader and a second open', () => {
    const { near } = pair({ scheduler });
    const a = join(near).connection;
    a.write(bytes('1')).subscribe();
    expect(log(a.write(bytes('2')))).toEqual(['0 usage/overlap']);
    a.incoming.subscribe();
    expect(log(a.incoming)).toEqual(['0 usage/overlap']);
    const error = jest.fn();
    near.open().subscribe({ error });
    expect(error).toHaveBeenCalledWith(expect.objectContaining({ kind: 'transport', code: 'open', details: { path: 'near', reason: 'busy' } }));
  });

  it('keeps bytes for an end that opens later', () => {
    const { near, far } = pair({ scheduler });
    join(near).connection.write(bytes('ready')).subscribe();
    scheduler.flush();
    expect(log(join(far).connection.incoming)).toEqual(['0 ready']);
  });

  it('ends the other end after what is on the way, and its writes', () => {
    const { near, far } = pair({ scheduler, delay: 5 });
    const [a, b] = [join(near), join(far)];
    const [atA, atB] = [log(a.connection.incoming, now), log(b.connection.incoming, now)];
    a.connection.write(bytes('bye')).subscribe();
    b.connection.write(bytes('lost')).subscribe({ error: () => undefined });
    a.open.unsubscribe();
    scheduler.flush();
    expect([atA, atB]).toEqual([['0 end'], ['5 bye', '5 end']]);
    expect(log(b.connection.write(bytes('x')))).toEqual(['0 transport/lost']);
  });

  it('errors the write that is pending when the other end closes', () => {
    const { near, far } = pair({ scheduler, window: 0 });
    const [a, b] = [join(near), join(far)];
    const written = log(a.connection.write(bytes('1')));
    scheduler.flush();
    b.open.unsubscribe();
    expect(written).toEqual(['0 transport/lost']);
  });

  it('starts afresh when it is opened again', () => {
    const { near, far } = pair({ scheduler });
    const first = join(near);
    first.connection.write(bytes('old')).subscribe();
    scheduler.flush();
    first.open.unsubscribe();
    const [a, b] = [join(near).connection, join(far).connection];
    const seen = log(b.incoming);
    a.write(bytes('new')).subscribe();
    scheduler.flush();
    expect(seen).toEqual(['0 new']);
  });

  it('breaks on both ends at once, held or not, and loses what is on the way', () => {
    const line = pair({ scheduler, delay: 5 });
    const [a, b] = [join(line.near).connection, join(line.far).connection];
    const [atA, atB] = [log(a.incoming), log(b.incoming)];
    b.hold?.(true);
    a.write(bytes('waits')).subscribe();
    scheduler.flush();
    const written = log(a.write(bytes('x')));
    line.break();
    scheduler.flush();
    expect([atA, atB, written]).toEqual([['0 transport/lost'], ['0 waits', '0 transport/lost'], ['0 transport/lost']]);
    expect(log(a.write(bytes('x')))).toEqual(['0 transport/lost']);
    expect(log(join(line.near).connection.incoming)).toEqual([]);
  });

  it('breaks with the error it is given', () => {
    const line = pair({ scheduler });
    const seen = log(join(line.near).connection.incoming);
    line.break(new AtError({ kind: 'transport', code: 'write', message: 'cut' }));
    expect(seen).toEqual(['0 transport/write']);
  });

  it('works from inside a trampoline as from outside', () => {
    const { near, far } = pair({ scheduler });
    const [a, b] = [join(near).connection, join(far).connection];
    const seen = log(b.incoming);
    queueScheduler.schedule(() => {
      a.write(bytes('x')).subscribe();
      expect(seen).toEqual([]);
    });
    scheduler.flush();
    expect(seen).toEqual(['0 x']);
  });
});
