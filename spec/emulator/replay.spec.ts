import { differences } from './differences.js';
import { sessions } from './recordings.js';
import { mask, replay, type Comparison } from './replay.js';

/** Steps the judgement leaves out: nothing was written, or the firmware does not know the command. */
const judged = ({ tx, recorded }: Comparison): boolean => tx !== '' && !recorded.includes('ERR CODE:0x01090000');

const results = new Map(sessions.map((session) => [session.name, replay(session)]));

describe('recordings of real firmware', () => {
  test.each(sessions.map(({ name }) => name))('%s: the emulated module answers the same', (name) => {
    const unlisted = (results.get(name) ?? []).filter(({ id, recorded, answered }) => recorded !== answered && !(id in differences));
    expect(unlisted).toEqual([]);
  });

  test('every listed difference is still one', () => {
    const steps = new Map([...results.values()].flat().map((step) => [step.id, step]));
    const stale = Object.keys(differences).filter((id) => {
      const step = steps.get(id);
      return step === undefined || step.recorded === step.answered;
    });
    expect(stale).toEqual([]);
  });

  test('at least 98 % of the judged steps are the same', () => {
    const steps = [...results.values()].flat().filter(judged);
    const derivable = steps.filter(({ id }) => differences[id]?.peer !== true);
    expect(steps.length).toBeGreaterThan(1200);
    expect((steps.length - derivable.length) / steps.length).toBeLessThanOrEqual(0.05);
    const same = derivable.filter(({ recorded, answered }) => recorded === answered);
    expect(same.length / derivable.length).toBeGreaterThanOrEqual(0.98);
  });

  test('the mask hides volatile values and nothing else', () => {
    expect(mask('+CIPSTATUS:0,"TCP","192.168.4.2",20201,53439,0\r\n')).toBe('+CIPSTATUS:0,"TCP","192.168.4.2",20201,<port>,0\r\n');
    expect(mask('+CWLAP:(0,"a",-23,"10:01:00:c4:0a:51",5)')).toBe('+CWLAP:(0,"a",<rssi>,"<mac>",5)');
    expect(mask('+CWMODE:2\r\n\r\nOK\r\n')).toBe('+CWMODE:2\r\n\r\nOK\r\n');
    expect(mask('+CIPSERVER:1,333,"TCP",0\r\n')).toBe('+CIPSERVER:1,333,"TCP",0\r\n');
  });
});
