import { createAir, emulator } from 'rx-esp-at/emulator';
import { SteppedScheduler } from '../support/steppedScheduler.js';
import { ERROR, OK } from './bench.js';
import { BleBench } from './bleBench.js';

const scanned = (bench: BleBench, ms = 10_000): number => {
  bench.client.take();
  return bench.client.command('AT+BLESCAN=1,9', ms).split('+BLESCAN:').length - 1;
};

const advertising = (bench: BleBench): BleBench => {
  bench.server.command('AT+BLEINIT=2');
  bench.server.command('AT+BLEADVSTART');
  bench.client.command('AT+BLEINIT=1');
  return bench;
};

test('modules have different addresses, and one air is silent without Bluetooth LE', () => {
  const scheduler = new SteppedScheduler();
  const air = createAir({ scheduler });
  for (let count = 0; count < 3; count += 1) emulator({ scheduler, air });
  expect(air.addresses).toEqual(['10:01:00:c4:0a:26', '10:01:00:c4:0a:2a', '10:01:00:c4:0a:2e']);
  expect(scheduler.actions).toHaveLength(0);
});

test('the strength falls with the distance, and beyond the range nothing is heard', () => {
  const bench = advertising(new BleBench('4.1.0', { range: 30 }));
  const strength = (): number => Number(/,(-\d+),/.exec(bench.client.command('AT+BLESCAN=1,1', 2000))?.[1] ?? NaN);
  expect(Math.abs(strength() + 45)).toBeLessThanOrEqual(3);
  bench.air.place('24:0a:c4:03:f4:d6', { x: 0, y: 20 });
  expect(Math.abs(strength() + 71)).toBeLessThanOrEqual(3);
  bench.air.place('24:0a:c4:03:f4:d6', { x: 0, y: 31 });
  expect(strength()).toBeNaN();
});

// In units of 0.625 ms; each advert comes 0 to 10 ms later than the interval says.
test.each([[160, 160, 105], [160, 480, 205], [1600, 1600, 1005]])('advertises between each %d and each %d units, on average in %d ms', (min, max, mean) => {
  const bench = new BleBench('4.1.0');
  bench.server.command('AT+BLEINIT=2');
  expect(bench.server.command(`AT+BLEADVPARAM=${String(min)},${String(max)},0,0,7`)).toBe(OK);
  bench.server.command('AT+BLEADVSTART');
  bench.client.command('AT+BLEINIT=1');
  // All of the time in the window.
  expect(bench.client.command('AT+BLESCANPARAM=1,0,0,100,100')).toBe(OK);
  const heard = scanned(bench);
  expect(Math.abs(heard - 9000 / mean)).toBeLessThan(1 + 900 / mean);
});

test('lost adverts are not heard; the same seed loses the same ones', () => {
  const [none, half, again, other] = [{}, { loss: 0.5 }, { loss: 0.5 }, { loss: 0.5, seed: 9 }].map((air) => scanned(advertising(new BleBench('4.1.0', air)))) as [number, number, number, number];
  expect(half).toBeGreaterThan(none * 0.35);
  expect(half).toBeLessThan(none * 0.65);
  expect(again).toBe(half);
  expect(other).not.toBe(half);
});

test('a connection survives loss: packets come later, in order', () => {
  const bench = new BleBench('4.1.0', { loss: 0.4 });
  bench.discover();
  bench.client.command('AT+BLEGATTCWR=0,3,6,1,2', 1000);
  expect(bench.client.send('\x01\0', 2000)).toBe(OK);
  bench.server.take();
  for (let count = 0; count < 9; count += 1) {
    expect(bench.server.command('AT+BLEGATTSNTFY=0,1,6,1', 20)).toContain('>');
    bench.server.send(String(count), 20);
  }
  bench.wait(3000);
  expect(bench.client.take()).toBe(Array.from({ length: 9 }, (_, count) => `+NOTIFY:0,3,6,1,${String(count)}\r\n`).join(''));
});

test('out of reach the connection ends after its timeout, on both sides; a short absence does not matter', () => {
  const bench = new BleBench('4.1.0');
  bench.connect();
  bench.air.place('24:0a:c4:09:34:23', { x: 99, y: 0 });
  bench.wait(3000);
  bench.air.place('24:0a:c4:09:34:23', { x: 1, y: 0 });
  bench.wait(10_000);
  expect([bench.client.take(), bench.server.take()]).toEqual(['', '']);
  bench.air.place('24:0a:c4:09:34:23', { x: 99, y: 0 });
  bench.wait(5900);
  expect(bench.client.take()).toBe('');
  bench.wait(200);
  expect([bench.client.take(), bench.server.take()]).toEqual(['+BLEDISCONN:0,"24:0a:c4:03:f4:d6"\r\n', '+BLEDISCONN:0,"24:0a:c4:09:34:23"\r\n']);
});

test('a restart of one side is the other side’s timeout, and a command under way ends', () => {
  const bench = new BleBench('4.1.0');
  bench.discover();
  bench.server.module.reset();
  bench.wait(3000);
  expect(bench.client.command('AT+BLEGATTCRD=0,3,1', 1000)).toBe('');
  bench.wait(3000);
  expect(bench.client.take()).toBe(`+BLEDISCONN:0,"24:0a:c4:03:f4:d6"\r\n${ERROR}`);
  bench.server.take();
  expect(bench.server.command('AT+BLEINIT?')).toContain('+BLEINIT:0');
});

test('nobody there: the attempt ends when its time is over, after OK up to 2.1', () => {
  const early = new BleBench('2.1.0');
  early.client.command('AT+BLEINIT=1');
  expect(early.client.command('AT+BLECONN=0,"24:0a:c4:03:f4:d6",0,3', 2900)).toBe(OK);
  early.wait(200);
  expect(early.client.take()).toBe('+BLECONN:0,-1\r\n');
  expect(early.client.command('AT+BLECONN=1,"24:0a:c4:03:f4:d6"')).toBe(ERROR);
  expect(early.client.command('AT+BLECONN?')).toBe(`+BLECONN:\r\n${OK}`);
});

test('MTU, packet length and parameters are the connection’s', () => {
  const bench = new BleBench('4.1.0');
  bench.discover();
  const { client, server } = bench;
  expect(client.command('AT+BLECFGMTU?')).toBe(`+BLECFGMTU:0,23\r\n${OK}`);
  client.command('AT+BLEGATTCWR=0,3,6,1,2');
  client.send('\x01\0');
  server.command('AT+BLEGATTSNTFY=0,1,6,25');
  server.send('x'.repeat(25));
  expect(client.take()).toBe(`+NOTIFY:0,3,6,20,${'x'.repeat(20)}\r\n`);
  expect(client.command('AT+BLECFGMTU=0,300')).toBe(`${OK}+BLECFGMTU:0,300\r\n`);
  server.take();
  expect(server.command('AT+BLECFGMTU?')).toBe(`+BLECFGMTU:0,300\r\n${OK}`);
  expect(server.command('AT+BLECFGMTU=0,200')).toBe(ERROR);
  server.command('AT+BLEGATTSNTFY=0,1,6,25');
  server.send('x'.repeat(25));
  expect(client.take()).toBe(`+NOTIFY:0,3,6,25,${'x'.repeat(25)}\r\n`);
  expect(client.command('AT+BLEDATALEN=0,251')).toBe(OK);
  expect(client.command('AT+BLEDATALEN=0,252')).toBe(ERROR);
  expect(client.command('AT+BLECONNPARAM=0,12,14,1,500')).toBe(`${OK}+BLECONNPARAM:0,14,14,14,1,500\r\n`);
});

test('what is on its way when a side goes out of reach arrives when it is back in time', () => {
  const bench = new BleBench('4.1.0');
  bench.discover();
  bench.client.command('AT+BLEGATTCWR=0,3,6,1,2', 1000);
  bench.client.send('\x01\0', 500);
  bench.air.place('24:0a:c4:09:34:23', { x: 99, y: 0 });
  for (const value of ['a', 'b']) {
    bench.server.command('AT+BLEGATTSNTFY=0,1,6,1', 20);
    bench.server.send(value, 20);
  }
  bench.wait(3000);
  expect(bench.client.take()).toBe('');
  bench.air.place('24:0a:c4:09:34:23', { x: 1, y: 0 });
  bench.wait(100);
  expect(bench.client.take()).toBe('+NOTIFY:0,3,6,1,a\r\n+NOTIFY:0,3,6,1,b\r\n');
});

test('notifications are answered at once while few wait for the air, then as it takes them', () => {
  const bench = new BleBench('4.1.0', { loss: 0.9, seed: 3 });
  bench.discover();
  bench.client.command('AT+BLEGATTCWR=0,3,6,1,2', 3000);
  bench.client.send('\x01\0', 9000);
  bench.server.take();
  const answers = Array.from({ length: 12 }, () => bench.server.command('AT+BLEGATTSNTFY=0,1,6,1', 5) + bench.server.send('x', 5));
  expect(answers.slice(0, 8).filter((answer) => answer === `>${OK}`).length).toBeGreaterThan(5);
  expect(answers.join('')).toContain('busy p...');
  bench.wait(20_000);
  expect(bench.server.take()).toContain(OK);
});
