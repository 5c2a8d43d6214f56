// The page's one form leads to another site: it is sent at once, so that nobody has to press its button.
document.querySelector('form[data-submit]')?.requestSubmit();
