import type { HttpHeader, WebHandler } from 'rx-esp-at/emulator';

const usual: readonly HttpHeader[] = [
  ['Server', 'BaseHTTP/0.6 Python/3.11.7'], ['Date', 'Sat, 21 Nov 2026 06:38:15 GMT'], ['Content-Type', 'text/plain'],
];
const hello = 'hello world\r\nline2\r\n';

/** The web server of the HTTP recording, as its answers show it. */
export const recordedWeb: WebHandler = ({ method, path, body }) => {
  if (method === 'POST' || method === 'PUT') return { headers: usual, body: `got:${String.fromCharCode(...(body ?? []))}` };
  switch (path) {
    case '/hello':
    case '/hdr':
      return { headers: usual, body: hello };
    case '/big':
      return { headers: usual, body: 'B'.repeat(5000) };
    case '/empty':
      return { headers: usual, body: '' };
    case '/redir':
      return { status: 302, headers: [...usual, ['Location', '/hello']], body: '' };
    case '/chunk':
      return { headers: usual, chunks: ['part1', 'part2!'] };
    case '/drop':
      return { drop: true };
    default:
      return { status: 404, headers: usual, body: 'nope' };
  }
};

/** Where the recordings' broker and web server were found. */
export const recordedEndpoints = { broker: '192.168.4.2:21250', web: '192.168.4.2:21280' } as const;
