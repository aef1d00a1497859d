import { bytes, count } from '@/parts/format'
import { Name } from '@/parts/Name'
import { useViewer } from '../hooks/useViewer'
import { isDicom } from '../types'
import { Section } from './Section'

const PARTS: Record<string, string> = { train: 'Train', validation: 'Validation', test: 'Test' }

/** What the item is; everything else that is known lies in the drawer. */
export function ItemSection({ showTags }: { showTags: () => void }) {
  const { item, spacing } = useViewer()
  const { image } = item
  const facts: [string, React.ReactNode][] = [
    ['Name', <Name key="name" text={item.key} file />],
    ['Size', `${count(image.width)} × ${count(image.height)} px`],
    ['Values', `${image.bands.join(', ')}; ${image.dtype}${image.unit === '' ? '' : `, in ${image.unit}`}`],
    ['File', `${image.format}, ${bytes(item.bytes)}`],
    ['Split', item.part === null ? 'outside the split' : (PARTS[item.part] ?? item.part)],
  ]
  if (spacing !== null)
    facts.push(['Spacing', `${spacing.map((each) => Number(each.toPrecision(4))).join(' × ')} mm`])
  if (image.frames > 1) facts.push(['Frames', count(image.frames)])
  if (item.series !== null) {
    facts.push(['Study', <Titled key="study" title={item.study_title} name={item.study} />])
    facts.push(['Series', <Titled key="series" title={item.series_title} name={item.series} />])
  }
  return (
    <Section title="Item">
      <dl className="kv">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {item.findings.map(({ code, message, hint, severity }) => (
        <p key={code} className={`s12 finding ${severity === 'note' ? 'm2' : 'warn'}`} title={hint}>
          {message}
        </p>
      ))}
      <div className="row item-foot s12">
        <button type="button" className="plain acc row grow" onClick={showTags}>
          {isDicom(item) ? 'All tags of the file' : `All ${count(item.metadata.length)} entries of metadata`}{' '}
          <kbd className="right">T</kbd>
        </button>
      </div>
      {image.original !== null && (
        <a className="s12 item-original" href={image.original} download={fileName(item.key)}>
          Download the original
        </a>
      )}
    </Section>
  )
}

function Fact({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="el">{value}</dd>
    </>
  )
}

/** What people call a study or a series; the name that it goes by lies behind it. */
function Titled({ title, name }: { title: string; name: string }) {
  return <bdi title={name}>{title || name}</bdi>
}

function fileName(key: string): string {
  return key.split('/').at(-1) ?? key
}
