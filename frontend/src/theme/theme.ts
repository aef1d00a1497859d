import {
  type ActionIconProps,
  type ButtonProps,
  type CheckboxProps,
  createTheme,
  type CSSVariablesResolver,
  type DrawerProps,
  type InputProps,
  type InputWrapperProps,
  type MantineColorsTuple,
  type MenuProps,
  type ModalProps,
  type PopoverProps,
  type SegmentedControlProps,
  type SelectProps,
  type SwitchProps,
  type TableProps,
  type TooltipProps,
} from '@mantine/core'

const ultramarine: MantineColorsTuple = [
  '#ECEEFB',
  '#D5D9F6',
  '#BFC5F2',
  '#A3ADFF',
  '#8189E2',
  '#5663E6',
  '#3A46C4',
  '#2F3AAB',
  '#272F8C',
  '#20243F',
]

// Mantine's own greys, as ours: what a part draws by itself then fits beside what we draw.
const gray: MantineColorsTuple = [
  '#F6F6F8',
  '#F2F3F6',
  '#EFF0F3',
  '#E2E4E9',
  '#C9CDD6',
  '#A9AFBB',
  '#868D9C',
  '#636A79',
  '#474D5B',
  '#15171C',
]
const dark: MantineColorsTuple = [
  '#E9EBEF',
  '#B5BBC7',
  '#9097A5',
  '#6F7786',
  '#3B424D',
  '#282D35',
  '#1E2228',
  '#171A1F',
  '#101216',
  '#0C0E11',
]

const popover = { shadow: 'var(--sh-2)', radius: 'sm', transitionProps: { duration: 90 } } as const

// Mantine's own `extend` would bring every part that is named here into the first load.
function given<Props>(defaultProps: Partial<Props>) {
  return { defaultProps }
}

export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '14px', xl: '16px' },
  lineHeights: { xs: '15px', sm: '16px', md: '18px', lg: '20px', xl: '22px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '6px', md: '10px' },
  defaultRadius: 'sm',
  primaryColor: 'ultramarine',
  primaryShade: { light: 6, dark: 5 },
  colors: { ultramarine, gray, dark },
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '640' },
  components: {
    Button: given<ButtonProps>({ variant: 'default', size: 'sm' }),
    ActionIcon: given<ActionIconProps>({ variant: 'subtle', color: 'gray', size: 30 }),
    Checkbox: given<CheckboxProps>({ size: 'xs', radius: 4 }),
    Input: given<InputProps>({ size: 'sm' }),
    InputWrapper: given<InputWrapperProps>({ size: 'sm' }),
    Select: given<SelectProps>({ size: 'sm', comboboxProps: popover }),
    Switch: given<SwitchProps>({ size: 'xs' }),
    SegmentedControl: given<SegmentedControlProps>({ size: 'xs', transitionDuration: 90 }),
    Table: given<TableProps>({ striped: false, highlightOnHover: false }),
    Tooltip: given<TooltipProps>({ openDelay: 400, withArrow: false, multiline: true, maw: 360 }),
    Menu: given<MenuProps>(popover),
    Popover: given<PopoverProps>(popover),
    Modal: given<ModalProps>({ radius: 'md', centered: true, size: 520, transitionProps: { duration: 180 } }),
    Drawer: given<DrawerProps>({ transitionProps: { duration: 180 } }),
  },
})

const mapped = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-3)',
  '--mantine-color-placeholder': 'var(--ink-3)',
  '--mantine-color-anchor': 'var(--accent-ink)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line-2)',
  '--mantine-color-disabled': 'var(--surface)',
  '--mantine-color-disabled-color': 'var(--ink-off)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent-hover)',
  '--mantine-primary-color-light': 'var(--accent-soft)',
  '--mantine-primary-color-light-color': 'var(--accent-ink)',
}

export const resolveVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: mapped,
  dark: mapped,
})
