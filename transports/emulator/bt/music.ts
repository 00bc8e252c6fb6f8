import { EMPTY, mergeMap, of, throwError } from 'rxjs';
import type { FileSystem } from '../applications/fileSystem.js';
import type { HttpClient } from '../applications/httpClient.js';
import { bytesOf } from '../format.js';
import { NetworkError } from '../network/network.js';
import type { AudioSource } from './playback.js';

/** How long a server may be silent, in milliseconds. */
const patience = 5000;

/** What AT+BTA2DPSRC names: `flash://<partition>/<file>` of AT+FS, or what a web server has; undefined for a file that is not there. */
export const musicOf = (url: string, files: FileSystem, http: HttpClient): AudioSource | undefined => {
  const [, file] = /^flash:\/\/[^/]+\/(.*)$/i.exec(url) ?? [];
  if (file !== undefined) {
    const data = files.read(file);
    return data === undefined ? undefined : () => of(bytesOf(data));
  }
  return (held) =>
    http.request({ method: 'GET', url, headers: [], held }, patience).pipe(
      mergeMap((event) => {
        if (event.kind === 'body') return of(event.bytes);
        return event.status < 400 ? EMPTY : throwError(() => new NetworkError('unreachable', `status ${event.status}`));
      }),
    );
};
