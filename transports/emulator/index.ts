export { emulator, type Emulator, type EmulatorConfig } from './emulator.js';
export type { Timing } from './board.js';
export { Faults, type Fault, type FaultAction, type FaultEvent } from './faults.js';
export type { CommandGroup, FirmwareVersion } from './profiles/profile.js';
export type { Random } from './random.js';
export type { NvsStore } from './settings.js';
export type { Violation, ViolationKind } from './violation.js';
export { World, type AccessPoint, type Lease, type SmartConfigOffer, type Visitor, type WorldEvent } from './wifi/world.js';
export * from './network/index.js';
