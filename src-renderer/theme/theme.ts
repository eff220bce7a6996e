import {
  ActionIcon,
  Button,
  Checkbox,
  type CSSVariablesResolver,
  createTheme,
  Menu,
  Modal,
  NumberInput,
  PasswordInput,
  Popover,
  SegmentedControl,
  Select,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core'
import { DateInput } from '@mantine/dates'

/** Mantine dressed in the tokens of SCREENS.md §5. Its own greys are bluish: both scales are replaced (§12.4). */
export const theme = createTheme({
  primaryColor: 'petrolio',
  primaryShade: { light: 8, dark: 7 },
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  fontSizes: { xs: '12.5px', sm: '13px', md: '13px', lg: '15px', xl: '17px' },
  spacing: { xs: '6px', sm: '8px', md: '12px', lg: '16px', xl: '20px' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '12px' },
  defaultRadius: 'sm',
  headings: { fontWeight: '640' },
  colors: {
    petrolio: [
      '#e3f0f2',
      '#cfe5e8',
      '#b0d4d9',
      '#8fc8d0',
      '#6fbcc6',
      '#4a9eaa',
      '#368c99',
      '#287b87',
      '#17636e',
      '#0f5058',
    ],
    gray: [
      '#fafbfa',
      '#f3f5f4',
      '#ebeeed',
      '#dfe3e2',
      '#c3cac8',
      '#98a2a2',
      '#5c6665',
      '#4b5453',
      '#343b3b',
      '#1d2223',
    ],
    dark: [
      '#e4e8e8',
      '#aeb7b7',
      '#98a2a2',
      '#5c6665',
      '#46504f',
      '#31393b',
      '#21272a',
      '#1b2022',
      '#14181a',
      '#0e1112',
    ],
    red: ['#fbe9e8', '#f6d2d0', '#f0b2ae', '#f09a94', '#e0736c', '#cc4f49', '#bb3a36', '#a92a2a', '#a92a2a', '#7d1d1d'],
  },
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs', variant: 'default' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { size: 30, variant: 'default' } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'xs' } }),
    NumberInput: NumberInput.extend({
      defaultProps: { size: 'xs', hideControls: true, decimalSeparator: ',', thousandSeparator: '.' },
    }),
    PasswordInput: PasswordInput.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({
      defaultProps: { size: 'xs', allowDeselect: false, comboboxProps: { withinPortal: true, shadow: 'md' } },
    }),
    DateInput: DateInput.extend({ defaultProps: { size: 'xs', valueFormat: 'DD/MM/YYYY' } }),
    // Inside the page: what stands in a portal belongs to no landmark. The placeholder breaks `role="menu"` for axe-core.
    Menu: Menu.extend({ defaultProps: { withinPortal: false, withInitialFocusPlaceholder: false } }),
    Checkbox: Checkbox.extend({ defaultProps: { size: 'xs', radius: 'sm' } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
    Tooltip: Tooltip.extend({ defaultProps: { openDelay: 400, transitionProps: { duration: 0 } } }),
    Popover: Popover.extend({
      defaultProps: { withinPortal: false, shadow: 'md', transitionProps: { duration: 0 } },
    }),
    Modal: Modal.extend({
      defaultProps: {
        transitionProps: { duration: 80 },
        overlayProps: { backgroundOpacity: 0.35 },
        centered: true,
        // Mantine's head is a <header> outside <main>: read as a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    }),
  },
})

export const cssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--ink3)',
    '--mantine-color-placeholder': 'var(--ink3)',
    '--mantine-color-anchor': 'var(--acc)',
    '--mantine-color-error': 'var(--bad)',
    '--mantine-color-default': 'var(--paper)',
    '--mantine-color-default-hover': 'var(--raise)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--line3)',
    '--mantine-primary-color-filled': 'var(--accfill)',
    '--mantine-color-petrolio-filled': 'var(--accfill)',
    '--mantine-line-height': '1.4',
  }
  return { variables: {}, light: shared, dark: shared }
}
