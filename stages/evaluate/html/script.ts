/**
 * The page's only script: shows what the mark nearest to the pointer has to say. Everything it shows stands in the
 * tables too, so the page loses nothing without it.
 */
export const script = `
(() => {
  const tip = document.getElementById('tip');
  let marks = [], chart = null, shown = null;
  const hide = () => { tip.classList.remove('shown'); if (shown) shown.style.opacity = shown.dataset.opacity; shown = null; };
  const show = (event) => {
    const svg = event.target.closest('figure.chart svg');
    if (!svg) return hide();
    if (svg !== chart) { chart = svg; marks = [...svg.querySelectorAll('[data-tip]')]; }
    let nearest = null, least = 40;
    for (const mark of marks) {
      const box = mark.getBoundingClientRect();
      const x = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
      const y = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
      const distance = Math.hypot(x, y);
      if (distance < least) { least = distance; nearest = mark; }
    }
    if (nearest !== shown) {
      hide();
      if (!nearest) return;
      shown = nearest;
      shown.dataset.opacity = shown.style.opacity;
      if (shown.getAttribute('opacity') === '0') shown.style.opacity = 1;
      tip.textContent = nearest.dataset.tip;
    }
    if (!nearest) return;
    tip.classList.add('shown');
    const left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8);
    const above = event.clientY - tip.offsetHeight - 12;
    tip.style.left = Math.max(8, left) + 'px';
    tip.style.top = (above > 4 ? above : event.clientY + 18) + 'px';
  };
  document.addEventListener('pointermove', show, { passive: true });
  document.addEventListener('pointerdown', show, { passive: true });
  document.addEventListener('pointerleave', hide);
  document.addEventListener('scroll', hide, { passive: true });
})();
`.trim();
