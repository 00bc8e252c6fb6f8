import { AtError } from '../../lib/transport.js';
import { inlet } from '../../transports/line/inlet.js';

const chunk = (...values: number[]) => Uint8Array.from(values);
const made = () => {
  const flow: boolean[] = [];
  const taken: number[] = [];
  const gate = inlet((on) => flow.push(on), (count) => taken.push(count));
  return { flow, taken, gate };
};
const lost = new AtError({ kind: 'transport', code: 'lost', message: 'lost' });

describe('inlet', () => {
  it('asks for bytes exactly while there is a subscriber and the line is not held', () => {
    const { flow, gate } = made();
    expect(flow).toEqual([]);
    const reading = gate.incoming.subscribe();
    expect(flow).toEqual([true]);
    gate.hold(true);
    gate.hold(true);
    expect(flow).toEqual([true, false]);
    gate.hold(false);
    reading.unsubscribe();
    expect(flow).toEqual([true, false, true, false]);
    gate.hold(true);
    gate.incoming.subscribe();
    expect(flow).toHaveLength(4);
  });

  it('does not ask for more before what waits is taken', () => {
    const { flow, gate } = made();
    const order: string[] = [];
    gate.push(chunk(1));
    gate.incoming.subscribe((each) => order.push(`${each.join()} ${flow.join()}`));
    expect([order, flow]).toEqual([['1 '], [true]]);
  });

  it('counts what waits and what is taken, and drops empty chunks', () => {
    const { gate, taken } = made();
    for (const each of [chunk(1, 2), chunk(), chunk(3)]) gate.push(each);
    expect(gate.waiting).toBe(3);
    gate.incoming.subscribe();
    expect([gate.waiting, taken]).toEqual([0, [2, 1]]);
  });

  it('stops inside `next` when its consumer holds or leaves there, and keeps the order when it releases there', () => {
    const { gate } = made();
    for (const value of [1, 2, 3, 4]) gate.push(chunk(value));
    const seen: number[] = [];
    const first = gate.incoming.subscribe((each) => {
      seen.push(each[0]!);
      gate.hold(true);
      if (seen.length < 2) gate.hold(false);
    });
    expect(seen).toEqual([1, 2]);
    first.unsubscribe();
    gate.hold(false);
    gate.incoming.subscribe((each) => seen.push(each[0]!));
    expect(seen).toEqual([1, 2, 3, 4]);
  });

  it('completes after what waits, and at once where nothing does, held or not', () => {
    const full = made().gate;
    const complete = jest.fn();
    full.incoming.subscribe({ complete });
    full.hold(true);
    full.push(chunk(1));
    full.complete();
    expect(complete).not.toHaveBeenCalled();
    full.hold(false);
    expect(complete).toHaveBeenCalledTimes(1);
    const bare = made().gate;
    bare.incoming.subscribe({ complete });
    bare.hold(true);
    bare.complete();
    expect(complete).toHaveBeenCalledTimes(2);
  });

  it('repeats its end to whoever comes later, and takes nothing after it', () => {
    const { gate, flow } = made();
    gate.fail(lost);
    gate.push(chunk(1));
    const seen: unknown[] = [];
    for (const turn of [1, 2]) gate.incoming.subscribe({ next: () => seen.push(turn), error: (error) => seen.push(error) });
    expect([seen, flow]).toEqual([[lost, lost], []]);
  });
});
