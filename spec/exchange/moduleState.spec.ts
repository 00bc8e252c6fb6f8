import type { FramerInstruction } from '../../operators/frame.js';
import { bootSettings } from '../../lib/command/command.js';
import { createModuleState, type ModuleState } from '../../lib/exchange/moduleState.js';
import { testDialect } from './exchangeHarness.js';

const known = (): { state: ModuleState; told: FramerInstruction[] } => {
  const told: FramerInstruction[] = [];
  return { state: createModuleState(testDialect, (instruction) => told.push(instruction)), told };
};

describe('what is known of the module', () => {
  it('is as it boots at first', () => {
    const { state } = known();
    expect([state.settings, state.expected, state.rawBoot]).toEqual([bootSettings, bootSettings, false]);
  });

  it('keeps for users what held before a restart, until it holds again', () => {
    const { state } = known();
    state.learn({ cipmux: true });
    state.booted();
    expect([state.settings.cipmux, state.expected.cipmux]).toEqual([false, true]);
    state.learn({ cipmux: true, cipdinfo: true });
    expect(state.expected.cipdinfo).toBe(false);
    state.restored();
    expect(state.expected).toMatchObject({ cipmux: true, cipdinfo: true });
  });

  it('keeps what held before the first of two restarts, not the boot between them', () => {
    const { state } = known();
    state.learn({ cipmux: true });
    state.booted();
    state.booted();
    expect(state.expected.cipmux).toBe(true);
  });

  it('keeps the settings of the moment from which somebody has the line alone', () => {
    const { state } = known();
    state.keep();
    state.learn({ cipmux: true });
    state.keep();
    expect([state.settings.cipmux, state.expected.cipmux]).toEqual([true, false]);
  });

  it('makes another object of other settings: requests are compared by it', () => {
    const { state } = known();
    const before = state.settings;
    expect(state.settings).toBe(before);
    state.learn({ cipmux: false });
    expect(state.settings).not.toBe(before);
  });

  it('tells the framer the heads of a new dialect, and those of new settings when it is asked to', () => {
    const { state, told } = known();
    state.learn({ cipdinfo: true });
    expect(told).toEqual([]);
    state.reshape();
    state.dialect = { ...testDialect, commands: new Map(), events: [] };
    expect(told).toMatchObject([{ do: 'heads', heads: [{ prefix: '+IPD,' }, { prefix: '+CIPRECVDATA:' }] }, { do: 'heads', heads: [] }]);
  });

  it('knows of a boot into passthrough until the module is set up', () => {
    const { state } = known();
    state.bootsRaw();
    state.booted();
    expect(state.rawBoot).toBe(true);
    state.restored();
    expect(state.rawBoot).toBe(false);
  });
});
