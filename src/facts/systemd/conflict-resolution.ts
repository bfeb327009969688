/**
 * Which start jobs of a boot survive its conflicts. Starting a unit brings a job that stops what it names in Conflicts=, and with that
 * what stands and falls with it; of a start and a stop for one unit systemd takes back the one that nothing up to the boot target
 * requires, else the start if a Conflicts= line wants the stop, else the stop; with a job go those that require it. Units have their
 * turn in the order of a hash table, so every order is tried. transaction.c (transaction_merge_jobs, delete_one_unmergeable_job).
 */
export interface StartedUnit {
  /** Units of the boot that it requires. */
  readonly requires: readonly string[];
  /** Units of the boot that it asks for with Requisite=. */
  readonly asks: readonly string[];
  /** Units of the boot that it names in Conflicts=. */
  readonly conflicts: readonly string[];
  /** Units of the boot that are stopped when it is: those that require it or are part of it. */
  readonly stops: readonly string[];
}

/** `lost`: in no order does the unit start; `open`: in some. Units that start anyway are not there. */
export type Losses = ReadonlyMap<string, 'lost' | 'open'>;

interface Job {
  readonly unit: string;
  /** `verify` is what Requisite= brings: the unit must be active. */
  readonly type: 'start' | 'verify' | 'stop';
  /** Jobs that brought this one. */
  readonly from: Link[];
  readonly to: Link[];
}

interface Link {
  readonly by: Job;
  readonly job: Job;
  /** The job that brought it is taken back with it. */
  readonly matters: boolean;
  readonly isConflict: boolean;
}

/** A unit with jobs that exclude each other. */
interface Contest {
  readonly stop: Job;
  readonly others: readonly Job[];
}

type Removed = ReadonlySet<Job>;

/** No real boot has more conflicts, nor some that hang together in more ways; those that do stay open. */
const maxContests = 256;
const maxStates = 4096;

/** `contradiction`: two units that the boot target requires exclude each other, and nothing starts. */
export function resolveConflicts(units: ReadonlyMap<string, StartedUnit>, target: string): Losses | 'contradiction' {
  const { starts, contests } = makeJobs(units);
  const needed = reach(
    [starts.get(target)].flatMap((job) => job ?? []),
    (job) => job.to.flatMap((link) => (link.matters ? [link.job] : [])),
  );
  const losses = new Map<string, 'lost' | 'open'>();
  if (contests.some(({ stop, others }) => needed.has(stop) && others.some((job) => needed.has(job))))
    return 'contradiction';
  const isMuch = contests.length > maxContests;
  for (const group of isMuch ? [contests] : groupsOf(contests)) {
    const ends = isMuch ? undefined : findEnds(group, needed);
    for (const job of dependants(group.flatMap(jobsOf))) {
      if (job.type !== 'start' || needed.has(job)) continue;
      const lost = ends?.filter((removed) => removed.has(job)).length;
      if (lost === undefined) losses.set(job.unit, 'open');
      else if (lost > 0) losses.set(job.unit, lost === ends?.length ? 'lost' : 'open');
    }
  }
  return losses;
}

function makeJobs(units: ReadonlyMap<string, StartedUnit>) {
  const starts = new Map([...units.keys()].map((unit) => [unit, newJob(unit, 'start')]));
  const stops = new Map<string, Job>();
  const verifies = new Map<string, Job>();
  for (const [unit, { requires, asks, conflicts }] of units) {
    const start = starts.get(unit);
    if (!start) continue;
    for (const name of requires) {
      const required = starts.get(name);
      if (required) addLink(start, required, true);
    }
    for (const name of asks) if (starts.has(name)) addLink(start, jobAt(verifies, name, 'verify'), true);
    for (const name of conflicts) {
      const other = starts.get(name);
      if (!other) continue;
      addLink(start, jobAt(stops, name, 'stop'), true, true);
      addLink(other, jobAt(stops, unit, 'stop'), false);
    }
  }
  // A map hands out what is added while it is walked.
  for (const [unit, stop] of stops)
    for (const name of units.get(unit)?.stops ?? [])
      if (starts.has(name)) addLink(stop, jobAt(stops, name, 'stop'), true);
  const contests = [...stops].map(
    ([unit, stop]): Contest => ({ stop, others: [starts.get(unit), verifies.get(unit)].flatMap((job) => job ?? []) }),
  );
  return { starts, contests };
}

function newJob(unit: string, type: Job['type']): Job {
  return { unit, type, from: [], to: [] };
}

function jobAt(jobs: Map<string, Job>, unit: string, type: Job['type']): Job {
  const job = jobs.get(unit) ?? newJob(unit, type);
  jobs.set(unit, job);
  return job;
}

function addLink(by: Job, job: Job, matters: boolean, isConflict = false): void {
  const link = { by, job, matters, isConflict };
  by.to.push(link);
  job.from.push(link);
}

const jobsOf = ({ stop, others }: Contest): readonly Job[] => [stop, ...others];

function reach(roots: readonly Job[], next: (job: Job) => readonly Job[]): Set<Job> {
  const reached = new Set(roots);
  for (const job of reached) for (const each of next(job)) reached.add(each);
  return reached;
}

/** What may be taken back with these jobs, themselves among it. */
function dependants(jobs: readonly Job[]): ReadonlySet<Job> {
  return reach(jobs, (job) => job.from.flatMap((link) => (link.matters ? [link.by] : [])));
}

/** Contests whose decisions touch each other. */
function groupsOf(contests: readonly Contest[]): readonly (readonly Contest[])[] {
  const groupOf = new Map<Job, Set<Job>>();
  for (const contest of contests) {
    const touched = dependants(jobsOf(contest));
    const stopped = [...touched].flatMap((job) =>
      job.to.flatMap((link) => (link.job.type === 'stop' ? [link.job] : [])),
    );
    const group = new Set<Job>();
    for (const job of [...touched, ...stopped]) for (const each of groupOf.get(job) ?? [job]) group.add(each);
    for (const job of group) groupOf.set(job, group);
  }
  return [...new Set(groupOf.values())].map((group) => contests.filter(({ stop }) => group.has(stop)));
}

/** The jobs taken back in the end, in each order; undefined if there are too many orders. */
function findEnds(group: readonly Contest[], needed: ReadonlySet<Job>): readonly Removed[] | undefined {
  const ids = new Map<Job, number>();
  const states = new Map<string, Removed>([['', new Set()]]);
  const ends: Removed[] = [];
  for (const removed of states.values()) {
    if (states.size > maxStates) return undefined;
    const pairs = group.flatMap(({ stop, others }) =>
      removed.has(stop) ? [] : others.flatMap((other) => (removed.has(other) ? [] : [{ stop, other }])),
    );
    if (pairs.length === 0) ends.push(removed);
    for (const { stop, other } of pairs) {
      const next = takeBack(removed, loserOf(stop, other, removed, needed));
      states.set(keyOf(next, ids), next);
    }
  }
  return ends;
}

/** The same for the same jobs. */
function keyOf(removed: Removed, ids: Map<Job, number>): string {
  for (const job of removed) if (!ids.has(job)) ids.set(job, ids.size);
  return [...removed]
    .map((job) => ids.get(job) ?? 0)
    .sort((a, b) => a - b)
    .join();
}

function loserOf(stop: Job, other: Job, removed: Removed, needed: ReadonlySet<Job>): Job {
  if (needed.has(stop) !== needed.has(other)) return needed.has(stop) ? other : stop;
  return stop.from.some((link) => link.isConflict && !removed.has(link.by)) ? other : stop;
}

function takeBack(removed: Removed, job: Job): Removed {
  const next = new Set(removed);
  const todo = [job];
  for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
    if (next.has(one)) continue;
    next.add(one);
    for (const link of one.from) if (link.matters) todo.push(link.by);
  }
  return next;
}
