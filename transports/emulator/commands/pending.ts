import { error, ok } from '../outcome.js';
import type { Handler, Row } from '../device.js';
import type { CommandGroup } from '../profiles/profile.js';

/** A command this emulator knows and cannot do: never a pretended success. */
const refuse: Handler = () => error();

const say = (text: string): Handler => ({ name, print }) => {
  print(`${name}:${text}\r\n`);
  return ok();
};

/** `NAME/forms`, forms of q s x; `>release` says since when, `<release` until when. */
const names: Readonly<Partial<Record<CommandGroup, string>>> = {
  basic: '+FACTPLCP/s>32',
  websocket: '+WSCFG/qs>32 +WSHEAD/qs>33 +WSOPEN/qs>32 +WSSEND/s>32 +WSCLOSE/s>32',
  driver: `+DRVPWMINIT/s>22 +DRVPWMDUTY/s>22 +DRVPWMFADE/s>22 +DRVI2CINIT/s>22 +DRVI2CRD/s>22 +DRVI2CWRDATA/s>22 +DRVI2CWRBYTES/s>22
    +DRVSPICONFGPIO/s>22 +DRVSPIINIT/s>22 +DRVSPIRD/s>22 +DRVSPIWR/s>22`,
  user: '+USERRAM/s>22 +USEROTA/s>30 +USERDOCS/q>32 +USERWKMCUCFG/s>30 +USERMCUSLEEP/s>30',
  vendor: '+RMWVER/x',
  bt: '+BTPOWER/qs>22',
};

/** What a query shows while nothing was ever set up. */
const idle: Readonly<Record<string, Pick<Row, 'query' | 'set'>>> = {
  '+USERRAM': { query: say('0') },
};

const rowOf = (group: CommandGroup, entry: string): Row => {
  const [, name = '', forms = '', since, until] = /^([^/]+)\/([qsx]+)(?:>(\d+))?(?:<(\d+))?$/.exec(entry) ?? [];
  return {
    name,
    group,
    ...(since === undefined ? {} : { since: Number(since) }),
    ...(until === undefined ? {} : { until: Number(until) }),
    ...(forms.includes('q') ? { query: refuse } : {}),
    ...(forms.includes('s') ? { set: refuse } : {}),
    ...(forms.includes('x') ? { execute: refuse } : {}),
    ...idle[name],
  };
};

/** Known commands without a behaviour yet. */
export const pending: readonly Row[] = Object.entries(names).flatMap(([group, list]) =>
  list.split(/\s+/).map((entry) => rowOf(group as CommandGroup, entry)),
);
