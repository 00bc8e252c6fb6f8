/** Jobs waiting for the line. Lanes are served in turn, each in its own order: a long sender delays another lane by one job at most. */
export interface Lanes<J> {
  push(lane: string, job: J): void;
  /** Puts a job back in front of its lane. */
  unshift(lane: string, job: J): void;
  next(): J | undefined;
  remove(job: J): boolean;
  /** Takes every waiting job out. */
  clear(): J[];
  readonly size: number;
}

/** An empty set of lanes. */
export const createLanes = <J>(): Lanes<J> => {
  // A lane's place in the map is its turn: served lanes move to the end.
  const lanes = new Map<string, J[]>();
  let size = 0;
  const queue = (lane: string): J[] => {
    const found = lanes.get(lane) ?? [];
    lanes.set(lane, found);
    return found;
  };
  return {
    push: (lane, job) => {
      queue(lane).push(job);
      size += 1;
    },
    unshift: (lane, job) => {
      queue(lane).unshift(job);
      size += 1;
    },
    next: () => {
      const first = lanes.entries().next();
      if (first.done === true) return undefined;
      const [lane, jobs] = first.value;
      lanes.delete(lane);
      const job = jobs.shift();
      if (jobs.length > 0) lanes.set(lane, jobs);
      size -= 1;
      return job;
    },
    remove: (job) => {
      for (const [lane, jobs] of lanes) {
        const at = jobs.indexOf(job);
        if (at < 0) continue;
        jobs.splice(at, 1);
        if (jobs.length === 0) lanes.delete(lane);
        size -= 1;
        return true;
      }
      return false;
    },
    clear: () => {
      const jobs = [...lanes.values()].flat();
      lanes.clear();
      size = 0;
      return jobs;
    },
    get size() {
      return size;
    },
  };
};
