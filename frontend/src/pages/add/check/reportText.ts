import { describeFinding, groupFindings } from '@/parts/findings'
import { bytes, count, plural } from '@/parts/format'
import { itemsText, itemsTitle, taskWord } from '@/parts/words'
import type { Report } from '@/uploads/report'
import { verdictOf } from './verdict'

/** The report as plain text, to read, to send, to keep. */
export function reportText(report: Report, filename: string): string {
  const { strong, rest } = verdictOf(report)
  const { imported, rejected, ignored } = report.bins
  const lines = [
    `Check of ${filename}`,
    '',
    `${strong} ${rest}`,
    '',
    `Format    ${titleOf(report, report.format)}`,
    `${itemsTitle(report.modality).padEnd(9)} ${count(report.counts.items)} in ${plural(report.counts.studies, 'study', 'studies')}, ${bytes(report.counts.bytes)}`,
    `Files     ${count(imported)} imported, ${count(rejected)} rejected, ${count(ignored)} ignored`,
  ]
  for (const set of report.annotation_sets) {
    lines.push(`Labels    ${set.name}: ${taskWord(set.task)} on ${itemsText(set.items, report.modality)}`)
    for (const each of set.classes) lines.push(`            ${each.name}  ${count(each.count)}`)
  }
  for (const group of groupFindings(report.finding_list)) {
    lines.push('', `${group.title} (${group.aside})`)
    for (const finding of group.findings) {
      const { title, why, todo, amount, places } = describeFinding(finding)
      lines.push(`- ${title}${amount === '' ? '' : ` (${amount})`}`)
      if (why !== '') lines.push(`  ${why}`)
      if (todo !== '') lines.push(`  What to do: ${todo}`)
      for (const place of places) {
        lines.push(`    ${place.where}${place.why === '' || place.why === why ? '' : `: ${place.why}`}`)
      }
      if (finding.count > places.length && places.length > 0) {
        lines.push(`    and ${count(finding.count - places.length)} more`)
      }
    }
  }
  return `${lines.join('\n')}\n`
}

/** What people call a format of a report. */
export function titleOf(report: Report, format: string): string {
  const known = [...report.accepted, ...report.refused].find((each) => each.format === format)
  return known?.title ?? format
}
