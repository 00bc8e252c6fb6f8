import { chunks, type Command, variant } from '../command/index.js';
import * as http from '../commands/http.js';

/** The same request of AT+HTTPCLIENT with headers of a response as 2.1 to 2.3 print them: behind a blank that their length does not count. */
export const blanked = <C extends Command>(request: C): C => variant(request, { response: chunks(http.blankedBody) });
