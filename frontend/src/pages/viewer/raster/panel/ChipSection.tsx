import { bytes, count } from '@/parts/format'
import { Name } from '@/parts/Name'
import { useViewer } from '../../hooks/useViewer'
import { Section } from '../../panel/Section'
import { resolutionText, systemName } from '../model/ground'
import { dayText, isoOf, momentsOf } from '../model/moments'

const PARTS: Record<string, string> = { train: 'Train', validation: 'Validation', test: 'Test' }

/** What the chip is; everything else that is known lies in the drawer. */
export function ChipSection({ showTags }: { showTags: () => void }) {
  const { item } = useViewer()
  const { image, place } = item
  const [first] = item.layers
  const facts: [string, React.ReactNode][] = [
    ['Name', <Name key="name" text={item.key} file />],
    ['Size', first === undefined ? '' : `${count(first.width)} × ${count(first.height)} px`],
    ['Values', first === undefined ? '' : `${first.dtype}${nodataText(first.nodata)}`],
    ['File', `${image.format}, ${bytes(item.bytes)}`],
    ['Split', item.part === null ? 'outside the split' : (PARTS[item.part] ?? item.part)],
  ]
  if (place !== null) {
    facts.push(['System', <bdi key="system">{systemName(place.crs)}</bdi>])
    if (place.resolution !== null) facts.push(['Resolution', resolutionText(place.resolution)])
    const moments = item.same_ground.length > 0 ? [] : momentsOf(item)
    const [start, end] = [moments[0], moments.at(-1)].map((each) => dayText(each?.time ?? null))
    if (moments.length > 1) facts.push(['Dates', `${count(moments.length)}, ${start ?? ''} to ${end ?? ''}`])
    else if (place.time !== null) facts.push(['Date', dayText(isoOf(place.time))])
    if (place.scene !== null && place.scene !== '')
      facts.push(['Scene', <bdi key="scene">{place.scene}</bdi>])
  }
  return (
    <Section title="Item">
      <dl className="kv">
        {facts.map(([name, value]) => (
          <Fact key={name} name={name} value={value} />
        ))}
      </dl>
      {place === null && <p className="s12 m2 finding">Nothing says where this chip lies on the ground.</p>}
      {item.findings.map(({ code, message, hint, severity }) => (
        <p key={code} className={`s12 finding ${severity === 'note' ? 'm2' : 'warn'}`} title={hint}>
          {message}
        </p>
      ))}
      <div className="row item-foot s12">
        <button type="button" className="plain acc row grow" onClick={showTags}>
          All {count(item.metadata.length)} entries of metadata <kbd className="right">T</kbd>
        </button>
      </div>
      {image.original !== null && (
        <a className="s12 item-original" href={image.original} download={item.key.split('/').at(-1)}>
          Download the original
        </a>
      )}
    </Section>
  )
}

function nodataText(nodata: readonly (number | string)[]): string {
  return nodata.length === 0 ? '' : `, no data is ${nodata.join(' and ')}`
}

function Fact({ name, value }: { name: string; value: React.ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd className="el">{value}</dd>
    </>
  )
}
