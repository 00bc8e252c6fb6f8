import { spawnSync } from 'node:child_process';
import { closeSync, lstatSync, readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { asyncScheduler, dematerialize, materialize, mergeMap, Observable, type SchedulerLike } from 'rxjs';
import { AtError, type Transport } from '../../../lib/transport.js';
import { ptyBinding, type OpenedPty, type PtyBinding } from './ptyBinding.js';
import { PtyMaster } from './ptyMaster.js';
import { servedModule, type ServedModule } from './servedModule.js';

/** Where a pseudoterminal is found, and by which clock it is looked at. */
export interface ServePtyOptions {
  /** A symbolic link to make to the pty, e.g. `/tmp/ttyESP0`; an existing symbolic link is exchanged, anything else is left alone and an error. */
  readonly link?: string;
  /** The clock by which the pty is looked at. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/** Where a served module is found. */
export interface ServedPty {
  /** The device to open, e.g. `/dev/pts/3`. */
  readonly pty: string;
  readonly link?: string;
}

// Where the line cannot be held, a host that does not read loses bytes beyond this, as a UART without flow control would.
const backlog = 1 << 20;

const linked = (link: string, pty: string): (() => void) => {
  try {
    if (lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true) unlinkSync(link);
    symlinkSync(pty, link);
  } catch (cause) {
    throw new AtError({ kind: 'usage', code: 'link', message: `cannot make the link ${link}: ${cause instanceof Error ? cause.message : String(cause)}`, cause, details: { link } });
  }
  return () => {
    try {
      if (readlinkSync(link) === pty) unlinkSync(link);
    } catch {
      // Somebody else removed it.
    }
  };
};

// A new pty echoes and edits lines until a host says otherwise; software that never does, like `cat` and `echo`, would hear itself.
const makeRaw = (pty: string): void => {
  spawnSync('stty', [process.platform === 'linux' ? '-F' : '-f', pty, 'raw', '-echo'], { stdio: 'ignore' });
};

// Emits an open pty whose slave side is closed again, and stays silent; unsubscribing closes the master.
const newPty = (binding: PtyBinding): Observable<OpenedPty> =>
  new Observable((subscriber) => {
    let opened: OpenedPty;
    try {
      opened = binding.open(80, 24);
    } catch (cause) {
      subscriber.error(new AtError({ kind: 'transport', code: 'open', message: 'this machine gives out no pseudoterminal', cause }));
      return undefined;
    }
    makeRaw(opened.pty);
    closeSync(opened.slave);
    subscriber.add(() => {
      closeSync(opened.master);
    });
    subscriber.next(opened);
    return undefined;
  });

const attach = (module: ServedModule, opened: OpenedPty, scheduler: SchedulerLike): PtyMaster => {
  const master: PtyMaster = new PtyMaster(opened, scheduler, {
    present: (on) => {
      if (on) module.attach({ take: (bytes) => { if (master.backlog < backlog) master.write(bytes); } });
      else module.detach();
    },
    data: (bytes, done) => {
      module.give(bytes, done);
    },
    full: (on) => {
      module.hold(on);
    },
  });
  return master;
};

/**
 * Serves a module on a pseudoterminal, which any serial software can open (Linux and macOS; needs the optional package
 * `@lydell/node-pty`), one host after another. Cold: subscribing opens the emulator and the pty and emits its path once. The module runs on
 * between hosts and keeps its state; what it says while no host has the pty open is lost. A host that does not read holds the module's output
 * back. A pty has no modem lines and no baud rate. Errors `transport`/`open` where the package is missing, `usage`/`link` where the link cannot
 * be made, and with the module's line; completes when that closes; unsubscribing removes link and pty and closes the module.
 */
export const servePty = (emulator: Transport, { link, scheduler = asyncScheduler }: ServePtyOptions = {}): Observable<ServedPty> =>
  ptyBinding().pipe(
    mergeMap(newPty),
    mergeMap((opened) =>
      servedModule<ServedPty>(emulator, (module, emit) => {
        const unlink = link === undefined ? () => undefined : linked(link, opened.pty);
        const master = attach(module, opened, scheduler);
        emit({ pty: opened.pty, ...(link === undefined ? {} : { link }) });
        return () => {
          master.close();
          unlink();
        };
      }).pipe(materialize())),
    // The end of the line gives the pty back.
    dematerialize(),
  );
