import { AtError, type Retry } from '../../operators/atError.js';
import { errorCode } from '../codec/errorCode.js';
import type { Outcome, Request } from '../exchange/request.js';

const parameterFaults = ['NO_AT', 'PARA_LENGTH', 'PARA_TYPE', 'PARA_NUM', 'PARA_INVALID', 'PARA_PARSE_FAIL'];

const paidFor = ({ stage }: Outcome): boolean => stage === 'prompted' || stage === 'paid';

const named = ({ code, subcategory }: ReturnType<typeof errorCode>): string => `${subcategory} ${code}`;

const rejected = (request: Request, outcome: Outcome): AtError => {
  const { name } = request.declared;
  const codes = outcome.codes.map(errorCode);
  const details = { command: name, codes, ...outcome.reasons[0] };
  if (codes.some(({ subcategory }) => subcategory === 'UNSUPPORT_CMD')) {
    return new AtError({ kind: 'unsupported', code: 'firmware', message: `${name}: this firmware does not have it`, details });
  }
  const why = [...outcome.reasons.flatMap((reason) => Object.values(reason).map(String)), ...codes.map(named)];
  const retry: Retry = codes.some(({ subcategory }) => parameterFaults.includes(subcategory)) ? 'never' : 'safe';
  const message = `${name} was refused${why.length === 0 ? '' : `: ${why.join(', ')}`}`;
  // Part of the payload may have been taken already.
  return paidFor(outcome)
    ? new AtError({ kind: 'send', code: 'failed', message, retry: 'unknown', details })
    : new AtError({ kind: 'command', code: 'rejected', message, retry, details });
};

/** The error an unsuccessful outcome stands for; `undefined` for success. */
export const outcomeError = (request: Request, outcome: Outcome): AtError | undefined => {
  const { declared } = request;
  const { name } = declared;
  if (outcome.failure?.kind === 'framing') return outcome.failure;
  if (outcome.result === 'TIMEOUT') {
    const retry = declared.repeatable ? 'safe' : 'unknown';
    const details = { command: name, phase: outcome.stage, lines: outcome.free };
    return new AtError({ kind: paidFor(outcome) ? 'send' : 'command', code: 'timeout', message: `${name} got no answer in time`, retry, details });
  }
  if (outcome.result === 'BUSY') {
    return new AtError({ kind: 'command', code: 'busy', message: `${name}: the module stayed busy`, retry: 'safe', details: { command: name } });
  }
  if (outcome.result === 'ABORTED' || outcome.result === 'RESTART') {
    return new AtError({ kind: 'module', code: 'reset', message: `the module restarted during ${name}`, retry: 'unknown', details: { command: name } });
  }
  if (outcome.failure !== undefined) return outcome.failure;
  const success = declared.terminals?.success ?? ['OK'];
  if (success.includes(outcome.result)) return undefined;
  // FAIL ends a join of NONOS firmware.
  if (outcome.result === 'ERROR' || outcome.result === 'FAIL') return rejected(request, outcome);
  const codes = outcome.codes.map(errorCode);
  const code = outcome.result.startsWith('SEND C') ? 'cancelled' : 'failed';
  return new AtError({ kind: 'send', code, message: [`${name}: ${outcome.result}`, ...codes.map(named)].join(', '), retry: 'unknown', details: { command: name, codes, ...outcome.reasons[0] } });
};
