/** A page that shows what a module does, fed by server-sent events. `usage` says how it is called. */
import { createServer, type Server } from 'node:http';
import { catchError, defer, EMPTY, filter, ignoreElements, map, merge, type Observable, of, repeat, switchMap, takeUntil, timer } from 'rxjs';
import { type AtModule, commands, linkTable, localAddresses, station, tcp, type Transport, whileOnline } from 'rx-esp-at';
import { emulator, inMemoryNetwork, lineSource } from 'rx-esp-at/emulator';
import { lines, pullThrough, retryBackoff } from 'rx-esp-at/operators';
import { listening, portOf } from './listening.js';
import { moduleOr } from './online.js';
import { opened } from './opened.js';
import { play } from './play.js';

/** One message to the page. */
interface Message {
  readonly topic: 'module' | 'events' | 'links' | 'addresses' | 'memory' | 'trace';
  readonly data: unknown;
}

const topic = <T>(name: Message['topic'], source: Observable<T>): Observable<Message> =>
  source.pipe(
    map((data) => ({ topic: name, data })),
    catchError(() => EMPTY), // one tile less, the page goes on
  );

/** Everything the page shows. Cold: each page asks for itself. */
export const messages = (module: AtModule, every = 5000): Observable<Message> =>
  merge(
    topic('module', of({ version: module.firmware.version, dialect: module.dialect.name })),
    topic('events', module.events.pipe(filter(({ name }) => name !== '+IPD'), map(({ name, fields }) => ({ name, fields })))),
    topic('links', linkTable(module).pipe(map((table) => [...table.values()]))),
    topic('addresses', defer(() => localAddresses(module)).pipe(repeat({ delay: () => timer(every, module.scheduler) }))),
    topic('memory', defer(() => module.exec(commands.basic.memory)).pipe(repeat({ delay: () => timer(every, module.scheduler) }))),
    topic('trace', module.trace.pipe(map(({ dir, text }) => `${dir === 'tx' ? '→' : '←'} ${text}`))),
  );

// Texts of others (SSIDs, for one) go into the page as text, never as HTML.
const page = `<!doctype html><meta charset="utf-8"><title>ESP-AT</title>
<style>body{font:14px system-ui;margin:2em;display:grid;gap:1em;grid-template-columns:1fr 1fr}pre{background:#f4f4f4;padding:1em;overflow:auto;max-height:20em}</style>
${['module', 'addresses', 'memory', 'links', 'events', 'trace'].map((name) => `<section><h2>${name}</h2><pre id="${name}"></pre></section>`).join('\n')}
<script>
const source = new EventSource('/events');
for (const box of document.querySelectorAll('pre')) {
  const grows = box.id === 'events' || box.id === 'trace';
  source.addEventListener(box.id, ({ data }) => {
    const text = grows ? data.replace(/^"|"$/g, '') : JSON.stringify(JSON.parse(data), null, 1);
    box.textContent = grows ? (text + '\\n' + box.textContent).slice(0, 20000) : text;
  });
}
</script>`;

/** The web server of the page. A page that is closed unsubscribes from all it showed. */
export const dashboard = (module: AtModule, every?: number): Server =>
  createServer((request, response) => {
    if (request.url !== '/events') return void response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(request.url === '/' ? page : '');
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    const showing = messages(module, every).subscribe({
      next: ({ topic: name, data }) => {
        // A page that cannot follow misses something; it must not fill the memory.
        if (!response.writableNeedDrain) response.write(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
      },
      error: () => response.end(),
      complete: () => response.end(),
    });
    response.on('close', () => showing.unsubscribe());
  });

/** Something to look at: a sensor whose lines are read, one every half second. */
const busy = (module: AtModule): Observable<never> =>
  station(module, { ssid: 'Espressif', password: '' }).pipe(
    whileOnline(() => tcp(module, { host: 'sensor.lan', port: 7000 }).pipe(switchMap(pullThrough(lines(), () => timer(500))), retryBackoff())),
    ignoreElements(),
  );

/** An emulated module beside that sensor. */
const board = (): Transport => {
  const sensor = lineSource((index) => `reading ${String(index)}`, { interval: 100 });
  return emulator({ network: inMemoryNetwork({ hosts: { '10.0.0.7': { names: ['sensor.lan'], tcp: { 7000: sensor } } } }) });
};

const usage = `Usage: node dist/cjs/examples/dashboard.js [PORT]

Serves a page at http://127.0.0.1:PORT/ (8080 unless given, 0 picks a free one) that shows what a module does: an emulated one that reads a sensor, unless there
is an ESP_AT_PORT.

  ESP_AT_PORT  serial port of a real module, such as /dev/ttyUSB0; it is left as it is`;

if (require.main === module) {
  play({
    usage,
    read: ([port, ...more]) => {
      if (more.length > 0) throw new Error(`too many arguments: ${more.join(' ')}`);
      return portOf(port);
    },
    lines: (port, stop) => {
      const work = process.env['ESP_AT_PORT'] === undefined ? busy : () => EMPTY;
      const shown = (module: AtModule): Observable<string> => merge(listening(() => dashboard(module), port).pipe(map((at) => `${at}/`)), work(module));
      return opened(moduleOr(board), (module) => shown(module).pipe(takeUntil(stop)), stop);
    },
  });
}
