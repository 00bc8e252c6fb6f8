import { esp } from './fakeIo.js';

const entries = async (...args: string[]): Promise<{ name: string; dialects: string[]; formsByDialect: Record<string, string[]> }[]> =>
  JSON.parse((await esp(['commands', '--json', ...args])).out) as never;

describe('esp-at commands', () => {
  it('lists every command with its forms', async () => {
    const { code, out, err } = await esp(['commands']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/^AT\+CIPSEND +set execute +\S.*\bv2 .*\bv4 .* \S/m);
    expect(out).toMatch(/^\+\+\+ +special /m);
    expect(out).toMatch(/^ATE +execute /m);
  });

  it('writes one entry a name as JSON', async () => {
    const all = await entries();
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(all.find(({ name }) => name === 'AT+CIPSEND')).toMatchObject({
      forms: ['set', 'execute'],
      formsByDialect: { v2: ['set', 'execute'], v4: ['set', 'execute'] },
      dialects: expect.arrayContaining(['v2', 'v4']),
      esp32Only: false,
      params: { set: expect.arrayContaining([expect.objectContaining({ name: 'length', type: 'integer', min: 1, max: 8192, byDialect: expect.objectContaining({ v2: { max: 2048 } }) })]) },
      events: expect.any(Array),
      doc: expect.any(String),
      source: expect.stringContaining('document 000 §4.5'),
    });
  });

  it('filters by dialect', async () => {
    const names = async (dialect: string) => (await entries('--dialect', dialect)).map(({ name }) => name);
    expect(await names('v4')).toContain('AT+CIPSTATE');
    expect(await names('v2')).not.toContain('AT+CIPSTATE');
    expect((await entries('--dialect', 'v2')).every(({ dialects }) => dialects.includes('v2'))).toBe(true);
    expect((await entries('--dialect', 'v2')).length).toBeGreaterThan(20);
  });
});
