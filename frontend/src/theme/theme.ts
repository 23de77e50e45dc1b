import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

/** Mantine wants ten shades; what is on screen comes from tokens.css through the resolvers below. */
const accent: MantineColorsTuple = [
  '#eeeefc',
  '#dcdcf7',
  '#b9b9ee',
  '#9494e4',
  '#7d7df0',
  '#6363d6',
  '#5151cd',
  '#4545b8',
  '#3f3fae',
  '#32328c',
]

const resolveVariant: VariantColorsResolver = input => {
  const colors = defaultVariantColorsResolver(input)
  const color = input.color ?? input.theme.primaryColor
  if (color === 'bad') {
    if (input.variant === 'filled') {
      return { background: 'var(--bad)', hover: 'var(--bad)', color: 'var(--surface)', border: 'transparent' }
    }
    const border = input.variant === 'outline' ? '1px solid var(--bad)' : 'transparent'
    return { background: 'transparent', hover: 'var(--bad-soft)', color: 'var(--bad)', border }
  }
  if (color !== 'accent') return colors
  if (input.variant === 'filled') {
    return {
      background: 'var(--accent)',
      hover: 'var(--accent-hover)',
      color: 'var(--on-accent)',
      border: 'transparent',
    }
  }
  if (input.variant === 'light') {
    return {
      background: 'var(--accent-soft)',
      hover: 'var(--accent-soft)',
      color: 'var(--accent-text)',
      border: 'transparent',
    }
  }
  if (input.variant === 'subtle') {
    return { background: 'transparent', hover: 'var(--sunken)', color: 'var(--muted)', border: 'transparent' }
  }
  return colors
}

/** The same names in both themes: tokens.css itself changes with `data-theme`. */
const names = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--muted)',
  '--mantine-color-placeholder': 'var(--faint)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--sunken)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line-strong)',
  '--mantine-color-disabled': 'var(--sunken)',
  '--mantine-color-disabled-color': 'var(--faint)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-color-accent-filled': 'var(--accent)',
  '--mantine-color-accent-filled-hover': 'var(--accent-hover)',
  '--mantine-color-accent-light': 'var(--accent-soft)',
  '--mantine-color-accent-text': 'var(--accent-text)',
  '--mantine-color-accent-outline': 'var(--accent)',
}

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: names, dark: names })

/** A dialog's head is a <header>; it must not pass for the page's own banner. */
const DIALOG_HEAD = { header: { role: 'presentation' } }

export const theme = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--font)', fontWeight: '650' },
  fontSizes: { xs: '12px', sm: '13.5px', md: '14.5px', lg: '16px', xl: '18px' },
  defaultRadius: '7px',
  colors: { accent },
  primaryColor: 'accent',
  primaryShade: { light: 6, dark: 4 },
  variantColorResolver: resolveVariant,
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' }, styles: { root: { fontWeight: 600 } } },
    Modal: {
      defaultProps: {
        centered: true,
        radius: '12px',
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: DIALOG_HEAD,
      },
    },
    Drawer: {
      defaultProps: {
        overlayProps: { backgroundOpacity: 0.35 },
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: DIALOG_HEAD,
      },
    },
    ActionIcon: { styles: { root: { '--ai-radius': '7px' } } },
    SegmentedControl: {
      classNames: { root: 'segments', indicator: 'segments-indicator', label: 'segments-label' },
    },
    Tooltip: { defaultProps: { openDelay: 350, events: { hover: true, focus: true, touch: false } } },
    Menu: { defaultProps: { shadow: 'md', radius: '10px' } },
  },
})
