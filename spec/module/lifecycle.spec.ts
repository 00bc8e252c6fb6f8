import { mergeMap } from 'rxjs';
import { commands, type ModuleConfig, openModule } from '../../lib/index.js';
import { ok, scriptedModule, type ScriptedModule } from './moduleHarness.js';

const openAgain = ({ line, scheduler }: Pick<ScriptedModule, 'line' | 'scheduler'>) => openModule(line.transport, { scheduler });

const opened = (config: ModuleConfig = {}, version = '4.1.0.0') => {
  const all: ScriptedModule = scriptedModule({ version });
  const open = all.open(config);
  all.scheduler.advance(100);
  const [module] = open.values;
  if (module === undefined) throw new Error('the module did not open');
  return { ...all, open, module, before: all.line.written.length };
};
const since = ({ line, before }: { line: { written: readonly string[] }; before: number }): readonly string[] => line.written.slice(before).map((text) => text.trimEnd());

describe('the end', () => {
  test('unsubscribing closes the open links, then the port', () => {
    const all = opened();
    all.line.say('+LINK_CONN:0,4,"TCP",0,"192.168.4.2",80,50000\r\n1,CONNECT\r\n2,CONNECT\r\n2,CLOSED\r\n');
    all.open.stop();
    all.scheduler.advance(100);
    expect(since(all)).toEqual(['AT+CIPCLOSE=4', 'AT+CIPCLOSE=1']);
    expect(all.line.log.at(-1)).toBe('close');
    expect(all.scheduler.actions).toHaveLength(0);
  });

  test('within two seconds, answered or not', () => {
    const all = opened();
    all.line.say('1,CONNECT\r\n');
    all.line.on(/CIPCLOSE/, () => undefined);
    const at = all.scheduler.frame;
    all.open.stop();
    all.scheduler.advance(1999);
    expect(all.line.log.at(-1)).not.toBe('close');
    all.scheduler.advance(1);
    expect(all.line.log.at(-1)).toBe('close');
    expect(all.scheduler.frame - at).toBe(2000);
    expect(all.scheduler.actions).toHaveLength(0);
  });

  test('close() completes when the port is closed; the module completes at once, its facts with the port', () => {
    const all = opened();
    all.line.say('1,CONNECT\r\n');
    const facts = [all.see(all.module.events), all.see(all.module.links), all.see(all.module.diagnostics), all.see(all.module.trace)];
    const closed = all.see(all.module.close());
    expect(all.open.completed).toBe(true);
    expect(closed.completed).toBe(false);
    all.scheduler.advance(100);
    expect(closed.completed).toBe(true);
    expect(facts.map(({ completed }) => completed)).toEqual([true, true, true, true]);
    const again = all.see(all.module.close());
    expect(again.completed).toBe(true);
    expect(all.line.log.filter((entry) => entry === 'close')).toHaveLength(1);
  });

  test('cold: close() without a subscription does nothing, unsubscribing does not stop it', () => {
    const all = opened();
    const closing = all.module.close();
    all.scheduler.advance(100);
    expect(all.open.completed).toBe(false);
    all.see(closing).stop();
    all.scheduler.advance(100);
    expect(all.line.log.at(-1)).toBe('close');
  });

  test('a command afterwards is module/closed and sends nothing', () => {
    const all = opened();
    const running = all.see(all.module.exec(commands.wifi.join, { ssid: 'a', password: 'password' }));
    all.line.on(/./, () => undefined);
    all.open.stop();
    all.scheduler.advance(2000);
    expect(all.see(all.module.exec(commands.basic.probe)).error).toMatchObject({ kind: 'module', code: 'closed' });
    expect(running.error ?? running).toMatchObject(running.completed ? {} : { kind: 'module', code: 'closed' });
  });

  test('a reopen of the same transport waits for it; giving up the reopen leaves it alone', () => {
    const all = opened();
    all.line.say('1,CONNECT\r\n');
    all.line.on(/CIPCLOSE/, ok, { delay: 500 });
    all.open.stop();
    all.see(openAgain(all)).stop();
    const second = all.see(openAgain(all));
    expect(all.line.log.filter((entry) => entry === 'open')).toHaveLength(1);
    all.scheduler.advance(499);
    expect(all.line.log.filter((entry) => entry === 'open')).toHaveLength(1);
    all.scheduler.advance(100);
    expect(all.line.log.filter((entry) => entry === 'open' || entry === 'close')).toEqual(['open', 'close', 'open']);
    expect(second.values).toHaveLength(1);
  });

  test('unsubscribing in the prologue closes the port at once', () => {
    const all = scriptedModule();
    const open = all.open();
    all.scheduler.advance(2);
    open.stop();
    expect(all.line.log.at(-1)).toBe('close');
    all.scheduler.advance(1);
    expect(all.scheduler.actions).toHaveLength(0);
  });
});

describe('a loss of the line', () => {
  test('in a command ends both with transport/lost', () => {
    const all = opened();
    all.line.on(/./, () => undefined);
    const running = all.see(all.module.exec(commands.tcpip.connect, { link: 4, type: 'TCP', host: 'a', port: 1 }));
    const queued = all.see(all.module.exec(commands.basic.probe));
    all.line.lose();
    expect(running.error).toMatchObject({ kind: 'transport', code: 'lost', retry: 'unknown' });
    expect(queued.error).toMatchObject({ kind: 'transport', code: 'lost', retry: 'safe' });
    expect(all.open.error).toMatchObject({ kind: 'transport', code: 'lost' });
    expect(all.scheduler.actions).toHaveLength(0);
  });

  test('in the prologue', () => {
    const all = scriptedModule();
    const open = all.open();
    all.scheduler.advance(3);
    all.line.lose();
    expect(open.error).toMatchObject({ kind: 'transport', code: 'lost' });
    all.scheduler.advance(1);
    expect(all.scheduler.actions).toHaveLength(0);
  });

  test('a port that cannot be opened', () => {
    const all = opened();
    expect(all.see(openAgain(all)).error).toMatchObject({ kind: 'transport', code: 'open' });
    expect(all.open.error).toBeUndefined();
  });
});

describe('a restart of the firmware', () => {
  const again = ['AT', 'ATE0', 'AT+GMR', 'AT+SYSLOG=1', 'AT+SYSMSG=3', 'AT+CIPMUX=1', 'AT+CIPDINFO=0'];

  test('keeps the module: prologue and recipe come before any queued command, links are gone', () => {
    const all = opened({ recipe: [{ command: commands.wifi.mode, params: { mode: 'station' } }] });
    all.line.say('+LINK_CONN:0,4,"TCP",0,"192.168.4.2",80,50000\r\n');
    const links = all.see(all.module.links);
    expect([...(links.values[0]?.values() ?? [])]).toMatchObject([{ link: 4, open: true, generation: 1 }]);
    all.line.say('\r\nready\r\n');
    const queued = all.see(all.module.exec(commands.tcpip.close, { link: 3 }));
    expect(queued.error).toBeUndefined();
    all.scheduler.advance(100);
    expect(since(all)).toEqual([...again, 'AT+CWMODE=1', 'AT+CIPCLOSE=3']);
    expect(queued.completed).toBe(true);
    expect([...(links.values.at(-1)?.values() ?? [])]).toMatchObject([{ link: 4, open: false, generation: 1 }]);
    expect([all.open.values.length, all.open.error, all.open.completed]).toEqual([1, undefined, false]);
    expect(all.module.settings).toMatchObject({ cipmux: true, echo: false });
  });

  test('in the middle of the prologue starts it again', () => {
    const all = scriptedModule();
    const open = all.open();
    all.scheduler.advance(3);
    all.line.say('\r\nready\r\n');
    all.scheduler.advance(100);
    expect(open.values).toHaveLength(1);
    expect(all.line.written.slice(-7).map((text) => text.trimEnd())).toEqual(again);
  });

  test('again and again: it settles when the module does', () => {
    const all = opened();
    for (let i = 0; i < 50; i += 1) {
      all.line.say('rst:0x1\r\n\r\nready\r\n');
      all.scheduler.advance(i % 9);
    }
    all.scheduler.advance(100);
    expect(since(all).slice(-7)).toEqual(again);
    expect(all.see(all.module.exec(commands.basic.probe)).error).toBeUndefined();
    all.scheduler.advance(10);
    expect([all.open.error, all.open.values.length]).toEqual([undefined, 1]);
    expect(all.scheduler.actions.length).toBeLessThanOrEqual(1);
  });

  test('while the line is recovered from a silence replaces the recovery', () => {
    const all = opened();
    all.line.on('AT+CWQAP\r\n', () => undefined);
    all.line.on('AT+CIPMUX?\r\n', () => undefined);
    const dead = all.see(all.module.exec(commands.wifi.leave));
    all.scheduler.advance(5100);
    expect(dead.error).toMatchObject({ code: 'timeout' });
    all.line.say('\r\nready\r\n');
    const next = all.see(all.module.exec(commands.basic.probe));
    all.scheduler.advance(100);
    expect(next.completed).toBe(true);
    expect(since(all)).toEqual(['AT+CWQAP', 'AT+CIPMUX?', ...again, 'AT']);
  });

  test('asked for: what is queued behind it runs after the prologue', () => {
    const all = opened();
    all.line.on('AT+RST\r\n', () => {
      all.scheduler.schedule(() => all.line.say('garbage\r\n\r\nready\r\n'), 300);
      return ok;
    });
    const both = all.see(all.module.exec(commands.basic.restart).pipe(mergeMap(() => all.module.exec(commands.wifi.modeQuery))));
    all.scheduler.advance(1000);
    expect(both).toMatchObject({ completed: true, values: [{ mode: 'station' }] });
    expect(since(all)).toEqual(['AT+RST', ...again, 'AT+CWMODE?']);
  });

  test('asked for, and never seen: the prologue finds the module, or it is given up', () => {
    const all = opened();
    all.line.on(/./s, () => undefined);
    all.line.on('AT+RST\r\n', ok);
    all.see(all.module.exec(commands.basic.restart));
    all.scheduler.advance(30_000);
    expect(all.open.error).toMatchObject({ kind: 'module', code: 'no-answer' });
    expect(all.scheduler.actions).toHaveLength(0);
  });
});

describe('a silence', () => {
  test('is recovered from, then the queue goes on', () => {
    const all = opened();
    all.line.on('AT+CWQAP\r\n', ok, { delay: 6000 });
    const dead = all.see(all.module.exec(commands.wifi.leave));
    const queued: { values: unknown[]; completed: boolean } = all.see(all.module.exec(commands.wifi.modeQuery));
    const diagnostics = all.see(all.module.diagnostics);
    // While the first command runs the module drops whatever it hears.
    all.line.on('AT+CIPMUX?\r\n', '\r\nbusy p...\r\n', { times: 3 });
    all.scheduler.advance(10_000);
    expect(dead.error).toMatchObject({ kind: 'command', code: 'timeout' });
    expect(queued.completed).toBe(true);
    expect(diagnostics.values.map(({ kind }) => kind)).toEqual(['quarantine', 'resend', 'resend', 'resend', 'synchronised', 'late']);
  });

  test('for good ends the module with module/lost', () => {
    const all = opened();
    all.line.on(/./s, () => undefined);
    const dead = all.see(all.module.exec(commands.wifi.leave));
    const queued = all.see(all.module.exec(commands.basic.probe));
    all.scheduler.advance(200_000);
    expect(dead.error).toMatchObject({ code: 'timeout' });
    expect(queued.error).toMatchObject({ kind: 'module', code: 'closed' });
    expect(all.open.error).toMatchObject({ kind: 'module', code: 'lost' });
    expect([all.line.log.at(-1), all.scheduler.actions.length]).toEqual(['close', 0]);
  });
});
