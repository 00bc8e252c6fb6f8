import { mdns } from '../../lib/index.js';
import { joinedModule, observed } from '../support/joinedModule.js';

const web = { hostname: 'box', service: '_http', port: 80 };

describe.each(['v2', 'v4'] as const)('mDNS of %s', (dialect) => {
  const joined = () => joinedModule({ emulator: { dialect } });

  it('announces until it is unsubscribed', () => {
    const module = joined();
    const announcing = mdns(module.at, web);
    module.run(1000);
    expect(module.sent).toEqual([]);
    const found = observed(announcing);
    module.run(5000);
    expect(found).toMatchObject({ values: [web], completed: false, error: undefined });
    expect(module.sent).toEqual(['AT+MDNS=1,"box","_http",80']);
    found.leave();
    module.run(1000);
    expect(module.sent.slice(1)).toEqual(['AT+MDNS=0']);
  });

  it('says everything the firmware can take', () => {
    const module = joined();
    const found = observed(mdns(module.at, { ...web, instance: 'The "box"', protocol: '_udp', txt: { path: '/a,b', v: '1' } }));
    module.run(1000);
    if (dialect === 'v4') {
      expect(found.error).toBeUndefined();
      expect(module.sent).toEqual(['AT+MDNS=1,"box","_http",80,"The \\"box\\"","_udp",2,"path","/a\\,b","v","1"']);
    } else {
      expect(found.error).toMatchObject({ kind: 'unsupported', code: 'parameter' });
      expect(module.sent).toEqual([]);
    }
  });

  it('sends no stop where nothing was announced', () => {
    const module = joined();
    module.module.faults.add({ when: (event) => event.point === 'command' && event.line.startsWith('AT+MDNS=1'), times: 1, act: { do: 'error' } });
    const found = observed(mdns(module.at, web));
    module.run(1000);
    expect(found).toMatchObject({ values: [], error: { kind: 'command', code: 'rejected' } });
    expect(module.sent).toEqual(['AT+MDNS=1,"box","_http",80']);
  });

  it('stops also when it is left before the answer', () => {
    const module = joined();
    const found = observed(mdns(module.at, web));
    module.scheduler.schedule(() => found.leave(), 0);
    module.run(2000);
    expect(module.sent).toEqual(['AT+MDNS=1,"box","_http",80', 'AT+MDNS=0']);
  });

  it('ends with a restart, after which there is nothing to stop', () => {
    const module = joined();
    const found = observed(mdns(module.at, web));
    module.run(1000);
    module.module.reset();
    module.run(5000);
    expect(found.error).toMatchObject({ kind: 'module', code: 'reset', retry: 'safe' });
    expect(module.sent).not.toContain('AT+MDNS=0');
  });
});
