import * as fc from 'fast-check';
import { AtError } from '../../operators/atError.js';
import { bootSettings } from '../../lib/command/command.js';
import { encodeCommand, lineLimit } from '../../lib/command/encodeCommand.js';
import { readCommand } from '../../lib/decode/commandText.js';
import { dialects } from '../../lib/dialects/dialects.js';
import { paramsOf } from '../support/paramValues.js';

const shapes = [false, true].map((cipmux) => ({ ...bootSettings, cipmux }));

describe.each(Object.values(dialects))('dialect $name', (dialect) => {
  test('what every command encodes is read back as the same command with the same parameters', () => {
    for (const declared of dialect.commands.values()) {
      // `+++` is three bytes, no line.
      if (declared.form === 'escape') continue;
      for (const shape of shapes) {
        fc.assert(
          fc.property(paramsOf(declared, shape), (params) => {
            const encoded = encodeCommand(declared, params, shape);
            if (encoded instanceof AtError) {
              expect(encoded).toMatchObject({ kind: 'usage', code: 'line-limit', details: { limit: lineLimit } });
              return;
            }
            expect(encoded.line.length + 2).toBeLessThanOrEqual(lineLimit);
            expect(encoded.line).not.toMatch(/[\r\n\0]/);
            const read = readCommand(encoded.line, [dialect], shape);
            expect({ name: read.name, form: read.form, kind: read.declared.kind, params: read.params }).toEqual({ name: declared.name, form: declared.form, kind: declared.kind, params });
            expect(read.shown).toBe(encoded.shown);
          }),
          { numRuns: 5, seed: 7 },
        );
      }
    }
  });
});
