import { connect, type Socket } from 'node:net';
import { AtError } from '../../lib/transport.js';
import { serveTcp, type ServedTcp } from '../../transports/emulator/node/index.js';
import { expectBytes, joined, length, pattern, record } from './networkHarness.js';
import { echoTransport, opened, pass, until } from './nodeHarness.js';

const cleanups: (() => void)[] = [];
afterEach(() => { for (const clean of cleanups.splice(0)) clean(); });

const served = async () => {
  const module = echoTransport();
  const { value, subscription } = await opened(serveTcp(module.transport, { port: 0 }));
  cleanups.push(() => { subscription.unsubscribe(); });
  return { ...module, at: value, subscription };
};

const host = (at: ServedTcp) => {
  const socket: Socket = connect(at.port, at.host);
  const state = { got: [] as Uint8Array[], code: '', closed: false };
  socket.on('data', (data: Buffer) => state.got.push(data));
  socket.on('error', (error: Error & { code?: string }) => { state.code = error.code ?? ''; });
  socket.on('close', () => { state.closed = true; });
  cleanups.push(() => { socket.destroy(); });
  return { socket, state };
};

describe('a module on a TCP port', () => {
  it('exchanges 1 MB both ways unchanged, one write at a time', async () => {
    const { at, state } = await served();
    expect(at.port).toBeGreaterThan(0);
    const { socket, state: seen } = host(at);
    socket.write(pattern(1_000_000));
    await until(() => length(seen.got) === 1_000_000);
    expectBytes(joined(seen.got), pattern(1_000_000));
    expect(state).toMatchObject({ opened: 1, closed: 0, overlaps: 0 });
  });

  it('serves one host after another; the module runs on and what it says meanwhile is lost', async () => {
    const { at, state, say } = await served();
    say(pattern(10));
    const first = host(at);
    first.socket.write('one');
    await until(() => length(first.state.got) === 3);
    first.socket.destroy();
    await pass(20);
    say(pattern(10));
    const second = host(at);
    second.socket.write('two');
    await until(() => length(second.state.got) === 3);
    expect(Buffer.concat(second.state.got).toString()).toBe('two');
    expect(state).toMatchObject({ opened: 1, closed: 0, overlaps: 0 });
  });

  it('resets a second host at the same time and keeps the first', async () => {
    const { at } = await served();
    const first = host(at);
    first.socket.write('a');
    await until(() => length(first.state.got) === 1);
    const second = host(at);
    await until(() => second.state.closed);
    expect(second.state).toMatchObject({ code: 'ECONNRESET', got: [] });
    first.socket.write('b');
    await until(() => length(first.state.got) === 2);
  });

  it('holds the module back while the host does not read, and lets go when it does or leaves', async () => {
    const { at, state, say } = await served();
    const first = host(at);
    first.socket.write('x');
    await until(() => length(first.state.got) === 1);
    first.socket.pause();
    await until(() => {
      say(pattern(100_000));
      return state.holds.includes(true);
    });
    first.socket.resume();
    await until(() => state.holds.at(-1) === false);
    first.socket.pause();
    await until(() => {
      say(pattern(100_000));
      return state.holds.at(-1) === true;
    });
    first.socket.destroy();
    await until(() => state.holds.at(-1) === false);
  });

  it('closes host, port and module when unsubscribed', async () => {
    const { at, state, subscription } = await served();
    const first = host(at);
    first.socket.write('x');
    await until(() => length(first.state.got) === 1);
    subscription.unsubscribe();
    await until(() => first.state.closed);
    expect(state.closed).toBe(1);
    const late = host(at);
    await until(() => late.state.closed);
    expect(late.state.code).toBe('ECONNREFUSED');
  });

  it.each(['error', 'complete'] as const)('ends with the line: %s', async (end) => {
    const module = echoTransport();
    const result = record(serveTcp(module.transport, { port: 0 }));
    await until(() => result.values.length === 1);
    const client = host(result.values[0] as ServedTcp);
    client.socket.write('x');
    await until(() => length(client.state.got) === 1);
    if (end === 'error') module.gone.error(new AtError({ kind: 'transport', code: 'lost', message: 'gone' }));
    else module.gone.complete();
    expect(result.completed).toBe(end === 'complete');
    if (end === 'error') expect(result.error).toMatchObject({ kind: 'transport', code: 'lost' });
    expect(module.state.closed).toBe(1);
    await until(() => client.state.closed);
  });

  it('errors where the port is taken', async () => {
    const { at } = await served();
    const module = echoTransport();
    const result = record(serveTcp(module.transport, { port: at.port }));
    await until(() => result.error !== undefined);
    expect(result.error).toBeInstanceOf(AtError);
    expect(result.error).toMatchObject({ kind: 'transport', code: 'open' });
    expect(module.state.closed).toBe(1);
  });
});
