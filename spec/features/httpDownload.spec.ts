import { createHash, type Hash } from 'node:crypto';
import { delay, map, type Observable, of, switchMap, tap } from 'rxjs';
import { type AtError, http, type HttpDownloadConfig, listen } from '../../lib/index.js';
import { type ByteSource, pullMap } from '../../operators/index.js';
import type { Connection, Transport } from '../../lib/transport.js';
import { observed } from '../support/joinedModule.js';
import { beside, type Beside, errorOf, inSync, random } from './httpHarness.js';

const size = 50_000_000;
const piece = 8192;

/** A reader's progress. */
interface Taken {
  taken: number;
  readonly hash: Hash;
}
const nothing = (): Taken => ({ taken: 0, hash: createHash('md5') });

/** A body that is made as it is drawn. */
const poured = (total: number, reader: Taken) => {
  const state = { made: 0, ahead: 0, hash: createHash('md5') };
  const block = random(piece);
  const chunks = function* (): Generator<Uint8Array> {
    while (state.made < total) {
      const bytes = block.slice(0, Math.min(piece, total - state.made));
      bytes.set([state.made & 0xff, state.made >> 16]);
      state.made += bytes.length;
      state.ahead = Math.max(state.ahead, state.made - reader.taken);
      state.hash.update(bytes);
      yield bytes;
    }
  };
  return { state, chunks };
};

/** The port as it is, without what its `change` takes away. */
const port = (change: (connection: Connection) => Connection) => ({ transport: (module: Transport): Transport => ({ open: () => module.open().pipe(map(change)) }) });
const holdless = port(({ hold: _, ...connection }) => connection);
/** As a serial port that only stops reading. */
const serial = (flowControl: boolean) => port((connection) => ({ ...connection, baud: 3_000_000, control: { ...connection.control!, ...(flowControl ? { flowControl } : {}) } }));

/** Reads a download, so many ms for each chunk. */
const slowly = ({ world }: Beside, state: Taken, ms: number, more: Partial<HttpDownloadConfig> = {}) => {
  const work = (bytes: Uint8Array): Observable<number> => {
    state.taken += bytes.length;
    state.hash.update(bytes);
    return of(bytes.length).pipe(delay(ms, world.scheduler));
  };
  return observed(http.download(world.at, { method: 'get', url: 'http://h/', ...more }).pipe(switchMap(pullMap(work))));
};

describe('http.download', () => {
  it('brings 50 MB to a slow reader, with no more on the way than its queue, the line and the server hold', () => {
    const reader = nothing();
    const body = poured(size, reader);
    const at = beside('4.1.0', () => ({ chunks: body.chunks() }));
    const heard = slowly(at, reader, 5);
    at.world.run(300_000);
    expect([heard.error, heard.completed, reader.taken]).toEqual([undefined, true, size]);
    expect(reader.hash.digest('hex')).toBe(body.state.hash.digest('hex'));
    expect(body.state.ahead).toBeLessThan(32_768 + 4 * piece);
    inSync(at);
  }, 30_000);

  it.each([['has no hold', holdless, size], ['is serial, without RTS/CTS', serial(false), 1_000_000]])('fails where the port %s, after what had come; the rest passes unheard', (_, without, total) => {
    const reader = nothing();
    const body = poured(total, reader);
    const at = beside('4.1.0', () => ({ chunks: body.chunks() }), without);
    const heard = slowly(at, reader, 5);
    at.world.run(300_000);
    expect(errorOf(heard).slice(0, 3)).toEqual(['link', 'overflow', 'never']);
    expect((heard.error as AtError).details).toMatchObject({ limit: 65_536 });
    expect([reader.taken > 60_000 && reader.taken < 100_000, body.state.made]).toEqual([true, total]);
    inSync(at);
  }, 30_000);

  it('holds a serial line with RTS/CTS', () => {
    const reader = nothing();
    const body = poured(1_000_000, reader);
    const at = beside('4.1.0', () => ({ chunks: body.chunks() }), serial(true));
    const heard = slowly(at, reader, 5);
    at.world.run(30_000);
    expect([heard.completed, reader.taken, body.state.ahead < 32_768 + 4 * piece]).toEqual([true, 1_000_000, true]);
    inSync(at);
  });

  it('is patient: nothing is late while the line is held, also amid a payload', () => {
    const reader = nothing();
    const body = poured(200_000, reader);
    const at = beside('4.1.0', () => ({ chunks: body.chunks() }), { emulator: { chunk: 700 } });
    let source: ByteSource | undefined;
    const heard = observed(http.download(at.world.at, { method: 'get', url: 'http://h/', limit: 5000 }).pipe(tap((opened) => (source = opened))));
    at.world.run(600_000);
    expect([heard.values.length, heard.completed, heard.error, body.state.made < 30_000]).toEqual([1, false, undefined, true]);
    const read = observed((source as ByteSource).read(10));
    at.world.run(600_000);
    expect([read.values.map(({ length }) => length), read.completed]).toEqual([[10], true]);
    const rest = observed(pullMap((bytes: Uint8Array) => [bytes.length])(source as ByteSource));
    at.world.run(20_000);
    expect([rest.completed, rest.values.reduce((sum, length) => sum + length, 10), heard.completed]).toEqual([true, 200_000, true]);
    inSync(at);
  });

  it('left midway, lets the rest pass unheard', () => {
    const reader = nothing();
    const body = poured(1_000_000, reader);
    const at = beside('4.1.0', () => ({ chunks: body.chunks() }));
    const heard = slowly(at, reader, 50);
    at.world.run(1000);
    const left = reader.taken;
    heard.leave();
    inSync(at);
    expect([left > 0 && left < 100_000, reader.taken === left, body.state.made]).toEqual([true, true, 1_000_000]);
  });

  it('takes a long address back, read to the end or left midway', () => {
    const url = `http://h/${'x'.repeat(400)}`;
    for (const limit of [Infinity, 20_000]) {
      const reader = nothing();
      const body = poured(100_000, reader);
      const at = beside('4.1.0', () => ({ chunks: body.chunks() }));
      const heard = slowly(at, reader, 5, { url, limit: 5000 });
      while (!heard.completed && reader.taken < limit) at.world.run(10);
      heard.leave();
      inSync(at);
      expect([at.world.sent.includes('AT+HTTPURLCFG=0'), body.state.made]).toEqual([true, 100_000]);
    }
  });

  it('completes when everything was taken, not when everything has come', () => {
    const at = beside('4.1.0', () => ({ body: 'abcd' }));
    let source: ByteSource | undefined;
    const heard = observed(http.download(at.world.at, { method: 'get', url: 'http://h/' }).pipe(tap((opened) => (source = opened))));
    inSync(at);
    const seen = [1, 10].map((max) => {
      const before = heard.completed;
      const { values } = observed((source as ByteSource).read(max));
      return [before, Buffer.concat(values).toString(), heard.completed];
    });
    expect(seen).toEqual([[false, 'a', false], [false, 'bcd', true]]);
  });

  it('reads what came before a failure, then tells it', () => {
    const at = beside('4.1.0', () => ({ status: 500, body: random(20_000) }));
    const reader = nothing();
    const heard = slowly(at, reader, 5);
    at.world.run(20_000);
    expect([reader.taken, ...errorOf(heard)]).toEqual([20_000, 'link', 'status', 'safe', 500, 20_000]);
    const cut = beside('4.1.0', () => ({ body: random(20_000), drop: 9000 }));
    const half = nothing();
    const broken = slowly(cut, half, 5);
    cut.world.run(20_000);
    expect([half.taken, ...errorOf(broken).slice(0, 2)]).toEqual([9000, 'link', 'no-response']);
    inSync(cut);
  });

  it('is cold, and refuses what cannot be before a byte is sent', () => {
    const at = beside('4.1.0', () => ({ body: 'x' }));
    http.download(at.world.at, { method: 'get', url: 'http://h/' });
    for (const [config, code] of [[{ limit: 0 }, 'limit'], [{ url: '/x' }, 'url']] as const) {
      expect(errorOf(slowly(at, nothing(), 1, config)).slice(0, 2)).toEqual(['usage', code]);
    }
    at.world.run(1000);
    expect(at.world.sent).toEqual([]);
  });

  it('does not keep a closing module from its orderly end, and cannot stop the line any more', () => {
    const body = poured(200_000, nothing());
    const at = beside('4.1.0', () => ({ chunks: body.chunks() }));
    const server = observed(listen(at.world.at, { port: 80 }));
    at.world.run(1000);
    observed(http.download(at.world.at, { method: 'get', url: 'http://h/', limit: 5000 }));
    at.world.run(10_000);
    const before = at.world.run(0);
    const closed = observed(at.world.at.close());
    expect(at.world.at.line.hold(true)).toBe(false);
    let ended: number | undefined;
    while (ended === undefined) if ((at.world.run(10), closed.completed)) ended = at.world.run(0);
    expect([at.world.sent.slice(-1), ended - before < 1500, (server.error as AtError).code]).toEqual([['AT+CIPSERVER=0'], true, 'closed']);
  });

  it('does not outlive the module', () => {
    const reader = nothing();
    const body = poured(1_000_000, reader);
    const at = beside('4.1.0', () => ({ chunks: body.chunks() }));
    const heard = slowly(at, reader, 50);
    at.world.run(500);
    at.world.end();
    at.world.run(10_000);
    expect([(heard.error as AtError).kind, heard.completed]).toEqual(['module', false]);
  });
});
