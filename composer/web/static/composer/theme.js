// The theme chosen in the app holds on these pages too; without a choice they follow the system.
;(() => {
  try {
    const chosen = localStorage.getItem('composer-theme')
    if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
  } catch {
    // Storage is switched off: follow the system.
  }
})()
