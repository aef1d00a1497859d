import { Button, Menu } from '@mantine/core'
import { IconChevronDown, IconPalette, IconPhoto } from '@tabler/icons-react'
import { useDataset } from '../../useDataset'
import { useMapLook } from './mapLook'

const ICON = { size: 14, stroke: 1.7, 'aria-hidden': true } as const
const COLORS = { part: 'split', class: 'class' } as const
const PICTURES = { on: 'in place', labels: 'labels', off: 'off' } as const

/** How the map is drawn: colours of frames, and what is in them. */
export function MapMenus() {
  const { show } = useDataset()
  const { by, setBy, pictures, setPictures } = useMapLook()
  const hasClasses = show.annotation_sets.some(({ classes }) => classes.length > 0)
  const hasLabels = show.annotation_sets.some(({ task }) => task === 'segmentation')
  return (
    <>
      <Choice
        icon={<IconPalette {...ICON} />}
        title="Colour by"
        value={by}
        choose={setBy}
        choices={hasClasses ? COLORS : { part: COLORS.part }}
      />
      <Choice
        icon={<IconPhoto {...ICON} />}
        title="Pictures"
        value={pictures}
        choose={setPictures}
        choices={hasLabels ? PICTURES : { on: PICTURES.on, off: PICTURES.off }}
      />
    </>
  )
}

interface ChoiceProps<Word extends string> {
  icon: React.ReactNode
  title: string
  value: Word
  choices: Partial<Record<Word, string>>
  choose: (word: Word) => void
}

function Choice<Word extends string>({ icon, title, value, choices, choose }: ChoiceProps<Word>) {
  return (
    <Menu position="bottom-end" width={180}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          className="quiet"
          leftSection={icon}
          rightSection={<IconChevronDown {...ICON} />}
        >
          {title}
          <span className="m3 overlays-state">{choices[value] ?? ''}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {(Object.entries(choices) as [Word, string][]).map(([word, text]) => (
          <Menu.Item
            key={word}
            onClick={() => choose(word)}
            aria-current={word === value ? 'true' : undefined}
          >
            {text.charAt(0).toUpperCase() + text.slice(1)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
