import {
  ActionIcon,
  Badge,
  Button,
  type CSSVariablesResolver,
  createTheme,
  Drawer,
  Input,
  type MantineColorsTuple,
  Menu,
  Modal,
  Popover,
  rem,
  Tooltip,
} from "@mantine/core";

const accent: MantineColorsTuple = [
  "#eef3ff",
  "#dce6fe",
  "#b9ccfc",
  "#92aef8",
  "#7195f4",
  "#5580ef",
  "#3f6ce4",
  "#3159c8",
  "#2a4cab",
  "#213c87",
];

const gray: MantineColorsTuple = [
  "#f8f9fb",
  "#f1f3f6",
  "#e6e9ee",
  "#d9dde4",
  "#c1c8d2",
  "#99a3b0",
  "#6a7583",
  "#4d5763",
  "#353d47",
  "#1f252c",
];

const dark: MantineColorsTuple = [
  "#d6dae0",
  "#b6bcc6",
  "#9aa2ae",
  "#656d79",
  "#40464f",
  "#31363e",
  "#272b32",
  "#1b1e23",
  "#16181c",
  "#101214",
];

/** Names of the theme colors that can mark a source. */
export const SOURCE_COLORS = ["blue", "teal", "grape", "orange", "pink", "cyan", "lime", "red", "gray"] as const;

/**
 * How many characters a field takes that says nothing else: more than the backend allows of any, so that a text that is too long is refused
 * in words and not cut off without one, and few enough that a pasted megabyte stops nothing.
 */
export const LONGEST_INPUT = 5000;

// The head of a dialog is a <header>, which would be a second banner of the page.
const plainHeader = { header: { role: "none" } };

/** Calm, dense, exact: 13 px body, one accent, 4 px rhythm. Shade 8 gives text on filled controls enough contrast in both schemes. */
export const theme = createTheme({
  fontFamily: '"Inter Variable", Inter, system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", monospace',
  fontSizes: { xs: rem(12), sm: rem(13), md: rem(14), lg: rem(16), xl: rem(18) },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.45" },
  spacing: { xs: rem(8), sm: rem(12), md: rem(16), lg: rem(24), xl: rem(32) },
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: rem(18), lineHeight: "1.35" },
      h2: { fontSize: rem(15), lineHeight: "1.4" },
      h3: { fontSize: rem(13), lineHeight: "1.45" },
    },
  },
  colors: { accent, gray, dark },
  primaryColor: "accent",
  primaryShade: { light: 8, dark: 8 },
  defaultRadius: "sm",
  radius: { xs: "3px", sm: rem(5), md: rem(7), lg: rem(10), xl: rem(16) },
  cursorType: "pointer",
  respectReducedMotion: true,
  components: {
    Button: Button.extend({
      defaultProps: { size: "sm" },
      vars: (_theme, props) => ({
        root:
          props.size === "xs"
            ? { "--button-height": rem(28), "--button-padding-x": rem(10), "--button-fz": rem(13) }
            : { "--button-height": rem(32), "--button-padding-x": rem(14), "--button-fz": rem(13) },
      }),
    }),
    Input: Input.extend({
      // The type knows the frame of every input only, and not the element in it.
      defaultProps: { ...({ maxLength: LONGEST_INPUT } as Record<never, never>) },
      vars: () => ({ wrapper: { "--input-height": rem(32) } }),
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: "subtle", color: "gray", size: 28 } }),
    Badge: Badge.extend({
      defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 500 },
    }),
    Tooltip: Tooltip.extend({
      defaultProps: {
        openDelay: 400,
        transitionProps: { duration: 100 },
        events: { hover: true, focus: true, touch: false },
      },
    }),
    Modal: Modal.extend({
      defaultProps: {
        lockScroll: false,
        centered: true,
        transitionProps: { duration: 100 },
        overlayProps: { backgroundOpacity: 0.35 },
        attributes: plainHeader,
      },
    }),
    Drawer: Drawer.extend({
      defaultProps: {
        lockScroll: false,
        position: "right",
        transitionProps: { duration: 120 },
        overlayProps: { backgroundOpacity: 0.35 },
        attributes: plainHeader,
      },
    }),
    Menu: Menu.extend({
      defaultProps: {
        shadow: "md",
        transitionProps: { duration: 80 },
        // A menu belongs to the landmark in which its button stands, and holds nothing but its items.
        withinPortal: false,
        withInitialFocusPlaceholder: false,
      },
    }),
    Popover: Popover.extend({ defaultProps: { shadow: "md", transitionProps: { duration: 80 } } }),
  },
});

/** Quiet text must still be readable: 4.5 to 1 on every background that it stands on. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {
    "--sk-header": rem(48),
  },
  light: {
    "--mantine-color-dimmed": "#566170",
    "--mantine-color-placeholder": "#66717f",
    "--mantine-color-anchor": "var(--mantine-color-accent-8)",
    "--mantine-color-error": "#b3261e",
    "--sk-surface": "#ffffff",
    "--sk-raised": "#ffffff",
    "--sk-sunken": "var(--mantine-color-gray-0)",
    "--sk-line": "var(--mantine-color-gray-2)",
    "--sk-line-strong": "var(--mantine-color-gray-4)",
    "--sk-hover": "var(--mantine-color-gray-1)",
    "--sk-selected": "#e9effd",
    "--sk-good": "#1c6b3a",
    "--sk-warn": "#8a4b00",
    "--sk-bad": "#b3261e",
    "--sk-stripe": "#8a4b00",
    "--sk-stripe-gap": "#ffe3b8",
  },
  dark: {
    "--mantine-color-dimmed": "var(--mantine-color-dark-2)",
    "--mantine-color-placeholder": "#8b94a1",
    "--mantine-color-anchor": "var(--mantine-color-accent-3)",
    "--mantine-color-error": "#ff8f85",
    "--sk-surface": "var(--mantine-color-dark-7)",
    "--sk-raised": "var(--mantine-color-dark-6)",
    "--sk-sunken": "var(--mantine-color-dark-8)",
    "--sk-line": "var(--mantine-color-dark-5)",
    "--sk-line-strong": "var(--mantine-color-dark-4)",
    "--sk-hover": "var(--mantine-color-dark-6)",
    "--sk-selected": "#253050",
    "--sk-good": "#7fd69a",
    "--sk-warn": "#ffc078",
    "--sk-bad": "#ff8f85",
    "--sk-stripe": "#ffc078",
    "--sk-stripe-gap": "#3a2a12",
  },
});
