import { AtError } from '../../operators/atError.js';
import type { HttpRequest } from './httpTypes.js';

const usage = (code: string, message: string): AtError => new AtError({ kind: 'usage', code, message });
/** Blanks, control characters and DEL. */
const unprintable = (text: string): boolean => [...text].some((character) => character <= ' ' || character === '\x7f');

/** What is wrong with a request whatever the firmware. */
export const checkRequest = ({ url, headers = {}, method, body }: HttpRequest): AtError | undefined => {
  if (!/^https?:\/\/[^/?#]/i.test(url)) return usage('url', 'the URL must be absolute: http: or https:');
  if (unprintable(url)) return usage('url', 'the URL holds a blank or a control character');
  for (const [name, value] of Object.entries(headers)) {
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name)) return usage('header', 'a header name holds characters that none may have');
    if (/[\r\n\0]/.test(value)) return usage('header', `header ${name} holds CR, LF or NUL`);
  }
  return body !== undefined && method !== 'post' && method !== 'put' ? usage('body', `${method} takes no body`) : undefined;
};
