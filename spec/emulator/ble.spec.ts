import { ERROR, OK } from './bench.js';
import { BleBench } from './bleBench.js';

const lines = (text: string): readonly string[] => text.split('\r\n').filter((line) => line !== '');

describe.each(['2.1.0', '4.1.0'] as const)('the example of document 000 §6 in %s', (firmware) => {
  test('step by step', () => {
    const { server, client } = new BleBench(firmware);
    const later = firmware === '4.1.0';
    // 1. Initialization
    expect(server.command('AT+BLEINIT=2')).toBe(OK);
    expect(client.command('AT+BLEINIT=1')).toBe(OK);
    // The note of §5.16: services are made before a connection.
    expect(server.command('AT+BLEGATTSSRVCRE')).toBe(OK);
    expect(server.command('AT+BLEGATTSSRV?')).toBe(`+BLEGATTSSRV:1,0,0xA002,1\r\n${OK}`);
    expect(server.command('AT+BLEGATTSSRVSTART')).toBe(OK);
    expect(server.command('AT+BLEGATTSSRV?')).toBe(`+BLEGATTSSRV:1,1,0xA002,1\r\n${OK}`);
    // 2. Connection
    expect(server.command('AT+BLEADDR?')).toBe(`+BLEADDR:"24:0a:c4:03:f4:d6"${OK}`);
    expect(server.command('AT+BLEADVDATA="0201060908455350"')).toBe(OK);
    expect(server.command('AT+BLEADVSTART')).toBe(OK);
    const found = client.command('AT+BLESCAN=1,3', 5000);
    expect(found.startsWith(OK)).toBe(true);
    const adverts = lines(found).slice(1);
    expect(adverts.length).toBeGreaterThan(20);
    expect(adverts.filter((line) => !/^\+BLESCAN:"24:0a:c4:03:f4:d6",-4[2-8],0201060908455350,,0$/.test(line))).toEqual(later ? ['+BLESCANDONE'] : []);
    const made = '+BLECONN:0,"24:0a:c4:03:f4:d6"\r\n';
    expect(client.command('AT+BLECONN=0,"24:0a:c4:03:f4:d6"')).toBe(later ? `${made}${OK}` : `${OK}${made}`);
    expect(server.take()).toBe('+BLECONN:0,"24:0a:c4:09:34:23"\r\n');
    expect(client.command('AT+BLECONN?')).toBe(`${made}${OK}`);
    expect(server.command('AT+BLECONN?')).toBe(`+BLECONN:0,"24:0a:c4:09:34:23"\r\n${OK}`);
    // 3. Reading and writing
    expect(server.command('AT+BLEGATTSSRVCRE')).toBe(ERROR);
    expect(lines(server.command('AT+BLEGATTSCHAR?'))).toEqual([
      '+BLEGATTSCHAR:"char",1,1,0xC300,0x02', '+BLEGATTSCHAR:"desc",1,1,1,0x2901', '+BLEGATTSCHAR:"char",1,2,0xC301,0x02', '+BLEGATTSCHAR:"desc",1,2,1,0x2901',
      '+BLEGATTSCHAR:"char",1,3,0xC302,0x08', '+BLEGATTSCHAR:"desc",1,3,1,0x2901', '+BLEGATTSCHAR:"char",1,4,0xC303,0x04', '+BLEGATTSCHAR:"desc",1,4,1,0x2901',
      '+BLEGATTSCHAR:"char",1,5,0xC304,0x08', '+BLEGATTSCHAR:"char",1,6,0xC305,0x10', '+BLEGATTSCHAR:"desc",1,6,1,0x2902', '+BLEGATTSCHAR:"char",1,7,0xC306,0x20',
      '+BLEGATTSCHAR:"desc",1,7,1,0x2902', 'OK',
    ]);
    expect(lines(client.command('AT+BLEGATTCPRIMSRV=0'))).toEqual(['+BLEGATTCPRIMSRV:0,1,0x1801,1', '+BLEGATTCPRIMSRV:0,2,0x1800,1', '+BLEGATTCPRIMSRV:0,3,0xA002,1', 'OK']);
    expect(client.command('AT+BLEGATTCINCLSRV=0,3')).toBe(OK);
    expect(lines(client.command('AT+BLEGATTCCHAR=0,3'))).toEqual([
      '+BLEGATTCCHAR:"char",0,3,1,0xC300,0x02', '+BLEGATTCCHAR:"desc",0,3,1,1,0x2901', '+BLEGATTCCHAR:"char",0,3,2,0xC301,0x02', '+BLEGATTCCHAR:"desc",0,3,2,1,0x2901',
      '+BLEGATTCCHAR:"char",0,3,3,0xC302,0x08', '+BLEGATTCCHAR:"desc",0,3,3,1,0x2901', '+BLEGATTCCHAR:"char",0,3,4,0xC303,0x04', '+BLEGATTCCHAR:"desc",0,3,4,1,0x2901',
      '+BLEGATTCCHAR:"char",0,3,5,0xC304,0x08', '+BLEGATTCCHAR:"char",0,3,6,0xC305,0x10', '+BLEGATTCCHAR:"desc",0,3,6,1,0x2902', '+BLEGATTCCHAR:"char",0,3,7,0xC306,0x20',
      '+BLEGATTCCHAR:"desc",0,3,7,1,0x2902', 'OK',
    ]);
    expect(client.command('AT+BLEGATTCRD=0,3,1')).toBe(`+BLEGATTCRD:0,1,0\r\n${OK}`);
    expect(server.take()).toBe('+READ:0,"24:0a:c4:09:34:23"\r\n');
    expect(client.command('AT+BLEGATTCWR=0,3,3,,2')).toBe('>');
    expect(client.send('\r\n')).toBe(OK);
    expect(server.take()).toBe('+WRITE:0,1,3,,2,\r\n\r\n');
    // 4. Notification
    expect(server.command('AT+BLEGATTSNTFY=0,1,6,3')).toBe(ERROR);
    expect(client.command('AT+BLEGATTCWR=0,3,6,1,2')).toBe('>');
    expect(client.send('\x01\0')).toBe(OK);
    expect(server.take()).toBe('+WRITE:0,1,6,1,2,\x01\0\r\n');
    expect(server.command('AT+BLEGATTSNTFY=0,1,6,3')).toBe('>');
    expect(server.send('a\rb')).toBe(OK);
    expect(client.take()).toBe('+NOTIFY:0,3,6,3,a\rb\r\n');
    // 5. Indication
    expect(server.command('AT+BLEGATTSIND=0,1,7,3')).toBe(ERROR);
    expect(client.command('AT+BLEGATTCWR=0,3,7,1,2')).toBe('>');
    expect(client.send('\x02\0')).toBe(OK);
    expect(server.take()).toBe('+WRITE:0,1,7,1,2,\x02\0\r\n');
    expect(server.command('AT+BLEGATTSIND=0,1,7,3')).toBe('>');
    expect(server.send('123')).toBe(OK);
    expect(client.take()).toBe('+INDICATE:0,3,7,3,123\r\n');
    // What the client has switched on is forgotten with the connection.
    expect(client.command('AT+BLEDISCONN=0')).toBe(`${OK}+BLEDISCONN:0,"24:0a:c4:03:f4:d6"\r\n`);
    expect(server.take()).toBe('+BLEDISCONN:0,"24:0a:c4:09:34:23"\r\n');
    expect(server.command('AT+BLEADVSTART')).toBe(OK);
    client.command('AT+BLECONN=0,"24:0a:c4:03:f4:d6"');
    expect(server.take()).toBe('+BLECONN:0,"24:0a:c4:09:34:23"\r\n');
    expect(server.command('AT+BLEGATTSNTFY=0,1,6,3')).toBe(ERROR);
  });
});

describe('the device', () => {
  test('addresses have no quotes up to 2.0', () => {
    const { server, client } = new BleBench('2.0.0');
    server.command('AT+BLEINIT=2');
    client.command('AT+BLEINIT=1');
    expect(server.command('AT+BLEADDR?')).toBe(`+BLEADDR:24:0a:c4:03:f4:d6${OK}`);
    expect(server.command('AT+BLEADVPARAM?')).toBe(`+BLEADVPARAM:32,64,0,0,7,0,0,00:00:00:00:00:00${OK}`);
    expect(client.command('AT+BLESCANPARAM?')).toBe(`+BLESCANPARAM:1,0,0,80,48\r\n${OK}`);
    expect(server.command('AT+BLEADVDATA?')).toBe(ERROR);
    server.command('AT+BLEADVSTART');
    expect(lines(client.command('AT+BLESCAN=1,1', 2000))[1]).toMatch(/^\+BLESCAN:24:0a:c4:03:f4:d6,-\d\d,(00){31},,0$/);
  });

  test.each(['2.1.0', '4.1.0'] as const)('%s: nothing goes before AT+BLEINIT, and the role stays until the restart', (firmware) => {
    const { server, client } = new BleBench(firmware);
    for (const line of ['AT+BLEADDR?', 'AT+BLEADVSTART', 'AT+BLESCAN=1', 'AT+BLECONN?', 'AT+BLECFGMTU?', 'AT+BLESECPARAM?']) expect([line, server.command(line)]).toEqual([line, ERROR]);
    expect(server.command('AT+BLENAME?')).toBe(`+BLENAME:\r\n${OK}`);
    expect(server.command('AT+BLEINIT=2')).toBe(OK);
    expect(server.command('AT+BLENAME?')).toBe(`+BLENAME:BLE_AT\r\n${OK}`);
    expect(server.command('AT+BLEINIT=1')).toBe(ERROR);
    expect(server.command('AT+BLEINIT=0')).toBe(OK);
    expect(server.command('AT+BLEINIT?')).toBe(`+BLEINIT:0\r\n${OK}`);
    expect(server.command('AT+BLEINIT=1')).toBe(ERROR);
    expect(server.command('AT+RST', 3000)).toContain('ready');
    server.command('ATE0');
    expect(server.command('AT+BLEINIT=1')).toBe(OK);
    expect(server.command('AT+BLEGATTSSRVCRE')).toBe(ERROR);
    client.command('AT+BLEINIT=2');
    expect(client.command('AT+BLESCAN=1')).toBe(ERROR);
  });

  test('names and adverts outlive a restart, random addresses do not', () => {
    const { server, client } = new BleBench('4.1.0');
    server.command('AT+BLEINIT=2');
    expect(server.command('AT+BLENAME="lamp"')).toBe(OK);
    expect(server.command('AT+BLEADDR=1,"38:7f:24:87:1c:7b"')).toBe(ERROR);
    expect(server.command('AT+BLEADDR=1,"f8:7f:24:87:1c:7b"')).toBe(OK);
    expect(server.command('AT+BLEADVPARAM=50,60,0,1,4')).toBe(OK);
    expect(server.command('AT+BLEADVDATAEX="ESP-AT","A002","0102030405",1')).toBe(OK);
    expect(server.command('AT+BLEADVDATAEX?')).toBe(`+BLEADVDATAEX:"ESP-AT","A002","0102030405",1${OK}`);
    client.command('AT+BLEINIT=1');
    const advert = '020106' + '020a03' + '030302a0' + '06ff0102030405' + '07094553502d4154';
    expect(lines(client.command('AT+BLESCAN=1,1,2,"ESP-AT"', 3000))[1]).toMatch(new RegExp(`^\\+BLESCAN:"f8:7f:24:87:1c:7b",-\\d\\d,${advert},,1$`));
    expect(lines(client.command('AT+BLESCAN=1,1,3,"A002"', 3000)).length).toBeGreaterThan(5);
    expect(lines(client.command('AT+BLESCAN=1,1,3,"A003"', 3000))).toEqual(['OK', '+BLESCANDONE']);
    expect(lines(client.command('AT+BLESCAN=1,1,1,"24:0a:c4:03:f4:d6"', 3000))).toEqual(['OK', '+BLESCANDONE']);
    expect(client.command('AT+BLECONN=0,"f8:7f:24:87:1c:7b",0,3', 4000)).toBe(`+BLECONN:0,-1\r\n${ERROR}`);
    expect(client.command('AT+BLECONN=0,"f8:7f:24:87:1c:7b",1,3', 4000)).toBe(`+BLECONN:0,"f8:7f:24:87:1c:7b"\r\n${OK}`);
    server.command('AT+RST', 3000);
    server.command('ATE0');
    expect(server.command('AT+BLEINIT=2')).toBe(OK);
    expect(server.command('AT+BLENAME?')).toBe(`+BLENAME:lamp\r\n${OK}`);
    expect(server.command('AT+BLEADVPARAM?')).toBe(`+BLEADVPARAM:50,60,0,1,4,0,0,"00:00:00:00:00:00"${OK}`);
  });

  test('a passive scan sees no scan response, a second scan is refused, AT+BLESCAN=0 ends one', () => {
    const { server, client } = new BleBench('4.1.0');
    server.command('AT+BLEINIT=2');
    server.command('AT+BLEADVDATA="0201"');
    server.command('AT+BLESCANRSPDATA="1122334455"');
    server.command('AT+BLEADVSTART');
    client.command('AT+BLEINIT=1');
    expect(lines(client.command('AT+BLESCAN=1'))[1]).toMatch(/,0201,1122334455,0$/);
    expect(client.command('AT+BLESCAN=1')).toContain(ERROR);
    expect(client.command('AT+BLESCAN=0').endsWith(`${OK}+BLESCANDONE\r\n`)).toBe(true);
    expect(client.command('AT+BLESCANPARAM=0,0,0,100,101')).toBe(ERROR);
    expect(client.command('AT+BLESCANPARAM=0,0,0,100,50')).toBe(OK);
    const passive = lines(client.command('AT+BLESCAN=1,2', 4000)).filter((line) => line.startsWith('+BLESCAN:'));
    expect(passive[0]).toMatch(/,0201,,0$/);
    // Half of the adverts fall into the window.
    expect(passive.length).toBeGreaterThan(15);
    expect(passive.length).toBeLessThan(60);
    expect(server.command('AT+BLEADVSTOP')).toBe(OK);
    expect(lines(client.command('AT+BLESCAN=1,2', 4000))).toEqual(['OK', '+BLESCANDONE']);
  });
});
