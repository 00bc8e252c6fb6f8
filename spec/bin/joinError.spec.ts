import { throwError } from 'rxjs';
import { Exit } from '../../bin/exitCode.js';
import { joinError } from '../../bin/joinError.js';
import { AtError } from '../../lib/index.js';
import { observed } from '../support/joinedModule.js';

const refused = (kind: 'command' | 'transport', reason?: string): AtError => new AtError({ kind, code: 'rejected', message: 'AT+CWJAP was refused', details: { reason } });

describe('joinError', () => {
  it.each([
    ['password', 'Home did not accept the password'],
    ['not-found', 'the module does not hear Home: it may be out of reach, or on a 5 GHz channel'],
  ])('says what %s means', (reason, message) => {
    const { error } = observed(throwError(() => refused('command', reason)).pipe(joinError('Home')));
    expect(error).toBeInstanceOf(Exit);
    expect(error).toMatchObject({ code: 1, message });
  });

  it.each([refused('command', 'timeout'), refused('command'), refused('transport', 'password'), new Error('password')])('leaves another error as it is: %s', (other) => {
    expect(observed(throwError(() => other).pipe(joinError('Home'))).error).toBe(other);
  });
});
