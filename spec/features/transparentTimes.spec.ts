import { transparent } from '../../lib/index.js';
import { echo, type HostHandler, type HostSocket, sink } from '../../transports/emulator/network/index.js';
import { joinedModule, observed } from '../support/joinedModule.js';
import { named } from '../socket/world.js';
import { bytesOf, host, passage, server } from './transparentHarness.js';

describe('times of passthrough', () => {
  it('sets the interval of sending', () => {
    const world = passage(sink(), {}, { sendInterval: 500 });
    expect(world.sent[0]).toBe('AT+TRANSINTVL=500');
    observed(world.duplex.send(bytesOf('slowly')));
    world.run(480);
    expect(world.atPeer()).toBe('');
    world.run(100);
    expect(world.atPeer()).toBe('slowly');
  });

  it('sets the interval of reconnecting', () => {
    const sockets: HostSocket[] = [];
    const peer: HostHandler = (socket) => {
      sockets.push(socket);
      return socket.incoming;
    };
    const world = passage(peer, {}, { reconnectInterval: 3000 });
    expect(world.sent[0]).toBe('AT+CIPRECONNINTV=30');
    sockets[0]?.destroy();
    world.run(2900);
    expect(sockets).toHaveLength(1);
    world.run(200);
    expect(sockets).toHaveLength(2);
  });

  it.each([
    [{ sendInterval: 100 }, '2.1.0', 'unsupported/command'],
    [{ reconnectInterval: 150 }, '4.1.0', 'usage/parameter'],
    [{ reconnectInterval: 0 }, '2.1.0', 'usage/parameter'],
    [{ sendInterval: 1001 }, '4.1.0', 'usage/parameter'],
  ] as const)('%j on %s is %s, before a byte is sent', (times, firmware, error) => {
    const world = joinedModule({ emulator: { firmware }, network: { hosts: { [host]: { tcp: { 9000: echo() } } } } });
    const seen = observed(transparent(world.at, { ...server, ...times }));
    world.run(1000);
    expect([named(seen.error), world.sent]).toEqual([error, []]);
  });
});
