import { count, plural } from '@/parts/format'
import { itemsText } from '@/parts/words'
import type { Report } from '@/uploads/report'

export interface Verdict {
  kind: 'good' | 'warn'
  /** How it is, in a few words. */
  strong: string
  /** What that means. */
  rest: string
}

/** The check in one line. */
export function verdictOf(report: Report): Verdict {
  const { items } = report.counts
  const { rejected } = report.bins
  const looks = report.finding_list.filter(({ severity }) => severity !== 'note').length
  const read = sampledText(report)
  if (rejected > 0) {
    const others = rejected === 1 ? 'the other one is' : `the other ${count(rejected)} are`
    return {
      kind: 'warn',
      strong: `${count(items)} of ${itemsText(items + rejected, report.modality)} are fine.`,
      rest: `You can go on now: ${others} listed below and in the log of the dataset.${read}`,
    }
  }
  const strong =
    items === 1
      ? `The ${itemsText(1, report.modality).slice(2)} is fine.`
      : `All ${itemsText(items, report.modality)} are fine.`
  if (looks > 0) {
    return {
      kind: 'warn',
      strong,
      rest: `${plural(looks, 'thing is', 'things are')} worth a look before you go on.${read}`,
    }
  }
  return { kind: 'good', strong, rest: `Nothing needs a look.${read}` }
}

function sampledText({ sampled }: Report): string {
  if (sampled === null) return ''
  return ` So far ${count(sampled.members)} of ${count(sampled.of)} headers are read; the rest follows with the import.`
}

/** "236 pictures and label.csv" in two parts: the number, and what it is of. */
export function importedText(report: Report): [number: string, of: string] {
  const { items } = report.counts
  const labels = report.bins.imported - items
  const word = itemsText(items, report.modality).replace(/^\S+ /, '')
  // A chip is as many files as it has data sources, and its mask is one more.
  if (report.modality === 'geospatial') {
    return [count(items), `${word} in ${plural(report.bins.imported, 'file')}`]
  }
  const [first] = labelFiles(report)
  if (labels === 0) return [count(items), word]
  if (labels === 1 && first !== undefined) return [count(items), `${word} and ${first}`]
  return [count(items), `${word} and ${plural(labels, 'other file', 'other files')}`]
}

function labelFiles(report: Report): string[] {
  return [...new Set(report.annotation_sets.map(({ source }) => source).filter(Boolean))]
}

const LABEL_WORDS: Record<string, string> = {
  detection: 'Boxes',
  single_label: 'Classes',
  multi_label: 'Classes',
  segmentation: 'Masks',
  regression: 'Values',
}

/** "Boxes": what the labels of a task are. */
export function labelsWord(task: string): string {
  return LABEL_WORDS[task] ?? 'Labels'
}

/** Shares of the bar of three bins, none that is there too thin to be seen. */
export function binShares({ imported, rejected, ignored }: Report['bins']): number[] {
  const total = imported + rejected + ignored
  const least = total * 0.02
  return [imported, rejected, ignored].map((each) => (each === 0 ? 0 : Math.max(each, least)))
}
