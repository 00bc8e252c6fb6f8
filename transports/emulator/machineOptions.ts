import type { SchedulerLike } from 'rxjs';
import type { ApplicationPorts } from './applications/applications.js';
import type { Timing } from './board.js';
import type { Faults } from './faults.js';
import type { Network } from './network/network.js';
import type { Profile } from './profiles/profile.js';
import type { Random } from './random.js';
import type { Settings } from './settings.js';
import type { Uart } from './uart.js';
import type { UpdateConfig } from './updates.js';
import type { ViolationKind } from './violation.js';
import type { World } from './wifi/world.js';

/** What a machine is made of. */
export interface MachineOptions {
  readonly profile: Profile;
  readonly scheduler: SchedulerLike;
  readonly timing: Timing;
  readonly random: Random;
  readonly uart: Uart;
  readonly network: Network;
  readonly ports: ApplicationPorts;
  readonly world: World;
  readonly faults: Faults;
  readonly factory: () => Settings;
  readonly sharedLog: boolean;
  readonly bootLog: boolean;
  readonly updates: UpdateConfig | undefined;
  readonly violation: (kind: ViolationKind, text: string) => void;
}
