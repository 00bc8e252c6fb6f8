import { concat, defer, ignoreElements, map, mergeMap, type Observable, of, reduce, tap, toArray } from 'rxjs';
import { commands, openModule, type AtModule, type Socket, station, tcp, dialects } from '../../lib/index.js';
import { emulatedReleases } from '../../transports/emulator/index.js';
import { source, type HostHandler } from '../../transports/emulator/network/index.js';
import { seeded, virtualModule } from '../support/virtualModule.js';
