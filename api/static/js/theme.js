// Sets the theme before the first paint: the system's, unless the reader chose one. A classic script in <head>, so nothing flashes.
try {
  const chosen = localStorage.getItem('haiyu-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch { /* storage may be closed; the system's theme then holds */ }
