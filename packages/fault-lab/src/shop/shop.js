// The storefront's own script: plain JavaScript, served as it stands.
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('button.add') : null;
  if (!button) return;
  const basket = document.getElementById('basket');
  basket.textContent = String(Number(basket.textContent) + 1);
  button.textContent = button.dataset.added;
});
