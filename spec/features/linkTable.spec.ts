import { linkTable, type LinkTable, tcp } from '../../lib/index.js';
import { echo } from '../../transports/emulator/index.js';
import { joinedModule, observed } from '../support/joinedModule.js';

const rows = (table: LinkTable | undefined) => [...(table?.values() ?? [])].map(({ link, open, type, role, remoteAddress, remotePort }) => ({ link, open, type, role, remoteAddress, remotePort }));
const echoHost = (link: number, open: boolean) => ({ link, open, type: 'TCP', role: 'client', remoteAddress: '10.0.0.7', remotePort: 7 });

describe.each(['v2', 'v4'] as const)('the link table of %s', (dialect) => {
  // Without +LINK_CONN the events do not tell the ends of a link.
  const joined = (systemMessages: number, multiple = true) =>
    joinedModule({ emulator: { dialect }, network: { hosts: { '10.0.0.7': { tcp: { 7: echo() } } } }, module: { systemMessages, multiple } });
  const query = dialect === 'v4' ? 'AT+CIPSTATE?' : 'AT+CIPSTATUS';

  it.each([
    ['where events tell the ends', 3, 1],
    ['where events say CONNECT only', 1, 2],
  ])('asks no more than it must, %s', (_, systemMessages, queries) => {
    const module = joined(systemMessages);
    const found = observed(linkTable(module.at));
    module.run(1000);
    expect(found.values.map((table) => rows(table))).toEqual([[]]);
    const socket = observed(tcp(module.at, { host: '10.0.0.7', port: 7, link: 3 }));
    module.run(1000);
    expect(rows(found.values.at(-1))).toEqual([echoHost(3, true)]);
    socket.leave();
    module.run(1000);
    expect(found.values.at(-1)?.get(3)?.open).toBe(false);
    expect(module.sent.filter((line) => line === query)).toHaveLength(queries);
    expect(found.error).toBeUndefined();
  });

  it('finds links that were opened before it looked', () => {
    const module = joined(1);
    observed(tcp(module.at, { host: '10.0.0.7', port: 7, link: 0 }));
    observed(tcp(module.at, { host: '10.0.0.7', port: 7, link: 4 }));
    module.run(1000);
    const found = observed(linkTable(module.at));
    module.run(1000);
    expect(rows(found.values.at(-1))).toEqual([echoHost(0, true), echoHost(4, true)]);
  });

  it('serves a single connection as link 0', () => {
    const module = joined(1, false);
    const found = observed(linkTable(module.at));
    observed(tcp(module.at, { host: '10.0.0.7', port: 7 }));
    module.run(1000);
    expect(rows(found.values.at(-1))).toEqual([echoHost(0, true)]);
  });

  it('shows no open link after a restart, and keeps on', () => {
    const module = joined(1);
    const found = observed(linkTable(module.at));
    observed(tcp(module.at, { host: '10.0.0.7', port: 7, link: 2 }));
    module.run(1000);
    module.module.reset();
    module.run(5000);
    expect(found.values.at(-1)?.get(2)?.open).toBe(false);
    observed(tcp(module.at, { host: '10.0.0.7', port: 7, link: 2 }));
    module.run(1000);
    expect(found.values.at(-1)?.get(2)).toMatchObject({ open: true, remotePort: 7, generation: 2 });
    module.end();
    module.run(5000);
    expect(found).toMatchObject({ completed: true, error: undefined });
  });

  it('puts right what the events have missed', () => {
    const module = joined(1);
    observed(tcp(module.at, { host: '10.0.0.7', port: 7, link: 2 }));
    module.run(1000);
    module.module.faults.add({ when: (event) => event.point === 'output' && event.text.includes('CLOSED'), times: 1, act: { do: 'drop' } });
    module.module.world.setAccessPoints([]);
    module.run(2000);
    const found = observed(linkTable(module.at));
    module.run(1000);
    expect(found.values.at(-1)?.get(2)?.open).toBe(false);
    expect(module.trace).not.toContain('2,CLOSED');
  });
});
