// One place for the order of the style sheets: Mantine first, ours after it.
import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './global.css'
