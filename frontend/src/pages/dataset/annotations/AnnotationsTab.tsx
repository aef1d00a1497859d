import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { plural } from '@/parts/format'
import { useDataset } from '../useDataset'
import { useParameter } from '../useParameter'
import '../tabs.css'
import './annotations.css'
import { ImportDialog, ImportLine } from './ImportDialog'
import { NoAnnotations } from './NoAnnotations'
import { SetCard } from './SetCard'
import { useImport } from './useImport'

/** The annotation sets of a version: what each is of, what is in it, and new ones from label files. */
export default function AnnotationsTab() {
  const { show, may, isOld } = useDataset()
  const [asked, ask] = useParameter('import')
  const [opened, open] = useParameter('set')
  const adding = useImport()
  const mayAdd = may('edit') && !isOld
  const sets = show.annotation_sets
  return (
    <div className="scroll-y">
      <h2 className="visually-hidden">Annotations</h2>
      {mayAdd && asked === null && (
        <div className="import-alone">
          <ImportLine adding={adding} open={() => ask('1')} />
        </div>
      )}
      {sets.length === 0 ? (
        <NoAnnotations mayAdd={mayAdd} add={() => ask('1')} />
      ) : (
        <div className="annotations">
          <div className="row annotations-bar">
            <span className="m2">{plural(sets.length, 'annotation set')}</span>
            {mayAdd && (
              <Button
                className="right"
                leftSection={<IconPlus size={14} aria-hidden />}
                onClick={() => ask('1')}
              >
                Import annotations
              </Button>
            )}
          </div>
          {sets.map((set) => (
            <SetCard
              key={set.name}
              set={set}
              opened={opened === null ? sets.length === 1 : opened === set.name}
              setOpened={(now) => open(now ? set.name : sets.length === 1 ? '' : null)}
              renamed={open}
            />
          ))}
        </div>
      )}
      {mayAdd && (
        <ImportDialog
          opened={asked === '1'}
          close={() => ask(null)}
          adding={adding}
          look={(set) => {
            ask(null)
            open(set)
          }}
        />
      )}
    </div>
  )
}
