// Loaded before anything is drawn, so that the page never flashes in the wrong colours.
;(() => {
  let chosen = null
  try {
    chosen = localStorage.getItem('composer-theme')
  } catch {
    // Storage is switched off: follow the system.
  }
  const dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  const theme = dark ? 'dark' : 'light'
  document.documentElement.dataset.theme = theme
  document.documentElement.dataset.mantineColorScheme = theme
})()
