/** The stages of each kind of job in their order, and the words for them. */

const STAGES: Record<string, readonly string[]> = {
  onboarding: ['fetch', 'check', 'import', 'labels', 'publish', 'index'],
  keeping: ['publish', 'index'],
  annotate: ['fetch', 'check', 'labels', 'publish'],
  verifying: ['verify'],
}

const WORDS: Record<string, readonly [whileItRuns: string, asAStep: string]> = {
  fetch: ['Fetching', 'Fetch'],
  check: ['Checking', 'Check'],
  import: ['Reading pixels', 'Read pixels'],
  labels: ['Reading labels', 'Labels'],
  publish: ['Publishing', 'Publish'],
  index: ['Indexing names', 'Index'],
  verify: ['Reading every byte', 'Verify'],
}

const KINDS: Record<string, string> = {
  onboarding: 'Add dataset',
  keeping: 'Keep what succeeded',
  annotate: 'Add annotations',
  verifying: 'Verify the storage',
}

/** "Reading pixels": what a job does at this moment. */
export function stageNow(stage: string): string {
  return WORDS[stage]?.[0] ?? stage
}

/** "Read pixels": a step of a job. */
export function stageStep(stage: string): string {
  return WORDS[stage]?.[1] ?? stage
}

/** The steps of a job of a kind; an unknown kind has the one that it is at. */
export function stagesOf(kind: string, at: string): readonly string[] {
  return STAGES[kind] ?? (at === '' ? [] : [at])
}

/** "Add dataset": what a kind of job is called. */
export function kindWord(kind: string): string {
  return KINDS[kind] ?? kind
}
